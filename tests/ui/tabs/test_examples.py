"""Recordings to try the emotion tab with."""

from pathlib import Path

import pytest

from models.media.audio import RATE, decode
from ui.tabs.examples import NAMES, VOICES, example


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_a_recording_where_uploads_lie(uploads: Path, name: str) -> None:
    path = Path(example(name))
    assert path.is_relative_to(uploads) and path.read_bytes() == (VOICES / f"{name}.mp3").read_bytes()
    assert len(decode(path)) > RATE
