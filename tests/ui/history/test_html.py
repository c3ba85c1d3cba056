"""The history as the page shows it."""

import gradio as gr

from ui.history.html import history_html, told_settings
from ui.history.registry import Entry
from ui.i18n.language import label


def test_an_entry_tells_its_main_setting_and_what_is_unusual() -> None:
    settings = {
        "style": gr.Radio([(label("style_anime"), "anime"), (label("style_3d"), "3d")], value="anime"),
        "strength": gr.Slider(0, 1, value=0.7, label=label("strength")),
        "feather": gr.Checkbox(True, label=label("feather")),
        "format": gr.Radio(["png", "jpg"], value="png"),
    }
    usual = {
        settings["style"]: "anime",
        settings["strength"]: 0.7,
        settings["feather"]: True,
        settings["format"]: "png",
    }
    told = told_settings(Entry("", usual, None), settings, "en")
    assert told == ["Anime"]
    other = usual | {settings["strength"]: 0.5, settings["feather"]: False, settings["format"]: "jpg"}
    assert told_settings(Entry("", other, None), settings, "zh-CN") == ["日漫", "强度 0.5", "− 边缘羽化", "jpg"]


def test_markup_in_remarks_and_file_names_stays_text() -> None:

    hostile = '"><img src=x onerror="a()">'
    style = gr.Radio([(hostile, "anime")], value="anime")
    entry = Entry("", {style: "anime"}, None, remark=hostile)
    shown = history_html([(entry, None), (entry, f"/published/{hostile}")], {"style": style}, "en", name="cartoon")
    assert "<img src=x" not in shown and shown.count("&lt;img src=x") == 5
    assert shown.count("<img ") == 1
