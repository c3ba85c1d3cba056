"""The module that changes the language is found in the installed Gradio."""

from pathlib import Path

import pytest

pytest.importorskip("gradio")


def test_it_is_there_and_another_gradio_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from ui.gradio_patches import locale_module as patch

    assert (patch._ASSETS.parent / patch.locale_module()).is_file()
    monkeypatch.setattr(patch, "_ASSETS", tmp_path)
    with pytest.raises(LookupError, match="changeLocale"):
        patch.locale_module()
