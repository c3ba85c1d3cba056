"""The page asks for no connection that lasts."""

import pytest

pytest.importorskip("gradio")


def test_no_heartbeat_is_asked_for_though_there_is_state() -> None:
    import gradio as gr

    from ui.gradio_patches.short_connections import Page

    def connects(blocks: gr.Blocks) -> bool:
        with blocks:
            gr.State()
        return blocks.get_config_file()["connect_heartbeat"]

    assert connects(gr.Blocks()) and not connects(Page())
