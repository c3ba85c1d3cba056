"""Gradio's folder of uploads, empty; and models that are ready and easy."""

from pathlib import Path

import pytest

import preload
from tests.helpers.standin import residents


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def easy(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cartoon is the negative, a matte the left half, every voice is happy."""
    for family, resident in residents().items():
        monkeypatch.setattr(preload, family, resident)
        monkeypatch.setitem(preload.RESIDENTS, family, resident)
