"""Which files are meant, and where their results go."""

from pathlib import Path

from cli.files import Input, Targets, expand
from models.media.file_types import SUFFIXES
from tests.helpers.picture_makers import PNG


def test_results_of_any_task_are_no_inputs(tmp_path: Path) -> None:
    for name in ("me.jpg", "me.cartoon.png", "me.alpha.png", "me.cutout.webp", "me.id-photo.jpg", "me.print-sheet.png"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "voice.wav").write_bytes(b"")
    pictures, recordings = (expand([str(tmp_path)], family) for family in ("picture", "recording"))
    assert [source.path for source in pictures.inputs] == [tmp_path / "me.jpg"]
    assert [source.path for source in recordings.inputs] == [tmp_path / "voice.wav"]
    assert pictures.left == {"earlier results": 5, "of other kinds": 1}


def test_systems_files_are_no_inputs_and_are_counted(tmp_path: Path) -> None:
    for name in ("IMG_1.jpg", "._IMG_1.jpg", ".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/a.jpg", "@eaDir/b.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = expand([str(tmp_path)], "picture")
    assert [source.name for source in found.inputs] == [str(tmp_path / "IMG_1.jpg")]
    assert found.left == {"hidden or of the system": 6}
    assert [source.name for source in expand([f"{tmp_path}/*"], "picture").inputs] == [str(tmp_path / "IMG_1.jpg")]
    several = expand([str(tmp_path / name) for name in ("IMG_1.jpg", "._IMG_1.jpg", "Thumbs.db")], "picture")
    assert (len(several.inputs), several.left) == (1, {"hidden or of the system": 2})
    assert len(expand([str(tmp_path / "._IMG_1.jpg")], "picture").inputs) == 1


def test_content_decides_what_belongs_and_the_one_list_where_it_tells_nothing(tmp_path: Path) -> None:
    for suffix in SUFFIXES["recording"]:
        (tmp_path / f"call{suffix}").write_bytes(b"")
    (tmp_path / "no-suffix").write_bytes(PNG)
    (tmp_path / "clip.jpg").write_bytes(b"....ftypisom")
    (tmp_path / "letter.txt").write_bytes("UTF-16".encode("utf-16"))
    assert {source.path.suffix for source in expand([str(tmp_path)], "recording").inputs if source.path} == {
        *SUFFIXES["recording"],
        ".jpg",
    }
    assert [source.name for source in expand([str(tmp_path)], "picture").inputs] == [str(tmp_path / "no-suffix")]


def test_a_picture_lies_beside_its_source_and_a_text_nowhere() -> None:
    source = Input(Path("photos/me.jpg"))
    assert Targets(None, "id-photo.jpg", many=False).of(source) == Path("photos/me.id-photo.jpg")
    assert Targets(None, "emotion.json", many=False).of(source) is None
    assert Targets("out/", "emotion.json", many=False).of(source) == Path("out/me.emotion.json")
