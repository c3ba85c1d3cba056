"""Gradio is imported without writing type stubs, as tests/conftest.py has it for every test, and works all the same."""

from pathlib import Path

import gradio
import pytest
from gradio import component_meta

from ui.gradio_patches import no_stubs


def test_gradio_writes_no_stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(Path, "write_text", lambda self, *_, **more: written.append(self.name))

    class Box(gradio.Textbox):
        """Making a class of components is what stubs are written at."""

    with gradio.Blocks() as blocks:
        box = Box()
        box.change(lambda text: text, box, box)
    assert component_meta.create_or_modify_pyi.__module__ == no_stubs.__name__
    assert (written, len(blocks.fns)) == ([], 1)
