"""The page asks for no connection that lasts, and knows what values a call lacks."""

import pytest

pytest.importorskip("gradio")


def test_no_heartbeat_is_asked_for_though_there_is_state() -> None:
    import gradio as gr

    from ui.gradio_patches.blocks import Page

    def connects(blocks: gr.Blocks) -> bool:
        with blocks:
            gr.State()
        return blocks.get_config_file()["connect_heartbeat"]

    assert connects(gr.Blocks()) and not connects(Page())


def test_an_endpoint_asked_without_its_last_options_has_their_defaults() -> None:
    from ui.page import build

    page = build([])
    call = next(fn for fn in page.fns.values() if fn.api_name == "cartoon")
    values = ["a file", "sketch", 0.5]
    page.validate_inputs(call, values)
    assert len(values) == len(call.inputs) and values[:4] == ["a file", "sketch", 0.5, 1024]


def test_another_event_without_values_is_refused_and_none_is_repeated() -> None:
    from ui.page import build

    page = build([])
    event = next(fn for fn in page.fns.values() if fn.api_name != "cartoon" and len(fn.inputs) > 2)
    with pytest.raises(ValueError, match="missing") as refused:
        page.validate_inputs(event, ["granny.png"])
    assert "granny" not in str(refused.value)
