"""A page that holds no connection while nothing runs: a browser opens six to one host, for all its tabs together."""

from typing import Any

import gradio as gr


class Page(gr.Blocks):
    """Without Gradio's heartbeat, one connection for the life of every tab, so that the seventh tab never loads. Gradio
    forgets a closed tab's state an hour later by it; `state_session_capacity` bounds that too, and a job whose tab is
    closed ends with its own stream."""

    def get_config_file(self) -> Any:
        return {**super().get_config_file(), "connect_heartbeat": False}
