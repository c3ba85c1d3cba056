"""Recordings to try the emotion tab with: synthetic voices, stored with the page."""

from pathlib import Path

from ui.state.files import publish

VOICES = Path(__file__).parents[1] / "assets" / "voices"
NAMES = ("lively", "low", "long")


def example(name: str) -> str:
    """A copy of the recording where uploads lie: from there on it is a file like any other."""
    file = VOICES / f"{name}.mp3"
    return publish(file.read_bytes(), file.name)
