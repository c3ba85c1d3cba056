"""Files between the browser and the models."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from models.errors import BadField
from ui.state.files import discard, files_of, name_of, publish, uploaded


@dataclass
class Pass:
    before: str


def test_the_files_of_a_pass_and_of_updates_are_found(uploads: Path) -> None:
    path = publish(b"picture", "a")
    updates = [{"value": (path, f"{path}2"), "visible": True}, "text", None]
    assert files_of(Pass(path)) == {path}
    assert files_of(updates) == {path, f"{path}2"}


def test_a_result_is_an_upload_until_it_is_removed(uploads: Path) -> None:
    path = Path(publish(b"picture", "cartoon.png"))
    assert uploaded({"path": str(path)}).read_bytes() == b"picture"
    discard(path)
    assert list(uploads.iterdir()) == []
    named = Path(publish(b"picture", "cartoon.png", source=name_of({"path": "x", "orig_name": "../../张三.jpg"})))
    assert named.name == "张三.cartoon.png" and named.is_relative_to(uploads)
    discard(named)
    with pytest.raises(BadField, match="not uploaded on this page"):
        uploaded({"path": str(path)})


def test_files_outside_are_neither_read_nor_removed(uploads: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    foreign = tmp_path_factory.mktemp("elsewhere") / "secret"
    foreign.write_bytes(b"secret")
    (uploads / "link").symlink_to(foreign)
    for path in (foreign, uploads / "link", uploads):
        with pytest.raises(BadField):
            uploaded({"path": str(path)})
    discard(foreign)
    assert foreign.exists()
