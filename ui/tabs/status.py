"""The Status tab: every model's state, figures and queue, drawn by the page's script from `/readyz`."""

import gradio as gr

from ui.tabs.result_panel import both_languages


class StatusTab:
    """No event and no queue: looking at it costs the server one small answer every few seconds."""

    def __init__(self) -> None:
        gr.HTML(f'<p class="status-hint">{both_languages("status_hint")}</p><div id="status-board"></div>')
