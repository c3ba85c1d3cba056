"""The history's HTML: what a visitor or a model said stays text."""

import gradio as gr

from ui.history.html import history_html
from ui.history.registry import Entry


def test_markup_in_remarks_and_file_names_stays_text() -> None:

    hostile = '"><img src=x onerror="a()">'
    style = gr.Radio([(hostile, "anime")], value="anime")
    entry = Entry("", {style: "anime"}, None, remark=hostile)
    shown = history_html([(entry, None), (entry, f"/published/{hostile}")], {"style": style}, "en")
    assert "<img src=x" not in shown and shown.count("&lt;img src=x") == 5
    assert shown.count("<img ") == 1
