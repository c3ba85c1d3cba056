"""The page as Gradio serves it, but for connections that are held while nothing runs (a browser opens six to one host,
for all its tabs together), and for calls that lack values."""

from typing import Any

import gradio as gr
from gradio.components.api_component import Api


class Page(gr.Blocks):
    """Without Gradio's heartbeat, one connection for the life of every tab, so that the seventh tab never loads. Gradio
    forgets a closed tab's state an hour later by it; `state_session_capacity` bounds that too, and a job whose tab is
    closed ends with its own stream."""

    def get_config_file(self) -> Any:
        return {**super().get_config_file(), "connect_heartbeat": False}

    def validate_inputs(self, block_fn: Any, inputs: list[Any]) -> None:
        """Whoever asks an endpoint as before it had its last options gets their defaults. Other events that lack values
        are refused without Gradio's sentence, which repeats the values, names of files among them."""
        missing = block_fn.inputs[len(inputs) :]
        if not all(isinstance(block, Api) for block in missing):
            raise ValueError(f"{len(missing)} values are missing")
        inputs += [block.value for block in missing]
