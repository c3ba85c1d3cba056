"""An upload that two use."""

from pathlib import Path

from ui.state.files import publish
from ui.state.uploads import Uploads


def test_a_file_goes_when_the_last_one_lets_it_go(uploads: Path) -> None:
    held, path = Uploads(), publish(b"picture", "a.png")
    held.hold(path)
    held.hold(path)
    held.release(path)
    assert Path(path).exists()
    held.release(path)
    assert list(uploads.iterdir()) == []
