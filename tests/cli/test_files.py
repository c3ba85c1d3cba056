"""Which files are meant, and where their results go."""

import os
from pathlib import Path

import pytest

from cli.files import Input, Targets, expand
from models.media.file_names import result_name
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


def test_whatever_else_lies_in_a_folder_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("in/deep", "in/locked", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.png").write_bytes(PNG)
    (tmp_path / "in/to-photo.png").symlink_to("deep/a.png")
    (tmp_path / "in/nowhere.png").symlink_to("gone.png")
    (tmp_path / "in/deep/circle").symlink_to("..")
    (tmp_path / "in/linked").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "in/pipe.png")
    entries = os.scandir

    def scandir(path: str) -> object:
        if os.path.basename(path) == "locked":
            raise PermissionError(13, "Permission denied", path)
        return entries(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = expand([str(tmp_path / "in")], "picture")
    assert [str(source.path)[len(str(tmp_path)) :] for source in found.inputs] == ["/in/deep/a.png", "/in/to-photo.png"]
    assert found.left == {
        "folder(s) that cannot be read": 1,
        "link(s) to folders": 2,
        "link(s) to nowhere": 1,
        "pipe(s) or device(s)": 1,
    }


def test_a_file_that_is_named_more_than_once_is_worked_on_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.png").write_bytes(PNG)
    monkeypatch.chdir(tmp_path)
    found = expand(["in/a.png", "in", "./in/*.png", str(tmp_path / "in/a.png")], "picture")
    assert [source.name for source in found.inputs] == ["in/a.png"]
    assert found.left == {"named twice": 3}


@pytest.mark.parametrize("letter", ["n", "é", "照", "🙂", "\udce9"])
@pytest.mark.parametrize("ending", [".png", ".JPEG", ""])
def test_a_result_has_a_name_that_file_systems_take(tmp_path: Path, letter: str, ending: str) -> None:
    room = 255 - len(ending)
    name = letter * (room // len(os.fsencode(letter))) + ending
    targets = Targets(None, "print-sheet.png", many=True)
    first, second = (targets.of(Input(tmp_path / name, Path(part))) for part in ("", "other"))
    assert first and second and first != second
    for target in (first, second):
        target.write_bytes(b"")
        assert target.name.startswith(letter * 50) and target.name.endswith(".print-sheet.png")


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("Dr. Smith", "Dr. Smith.cartoon.png"),
        ("a.v2-final", "a.v2-final.cartoon.png"),
        ("IMG_1.JPG", "IMG_1.cartoon.png"),
        ("me.tar.gz", "me.tar.cartoon.png"),
        ("no-ending", "no-ending.cartoon.png"),
    ],
)
def test_a_result_is_named_as_at_every_other_door(source: str, result: str) -> None:
    assert Targets(None, "cartoon.png", many=False).of(Input(Path(source))) == Path(result)
    assert result_name(source, "cartoon.png") == result


def test_no_result_takes_the_place_of_an_input() -> None:
    inputs = [Input(Path("me.jpg")), Input(Path("me.cartoon.png"))]
    targets = Targets(None, "cartoon.png", many=True, inputs=inputs)
    assert [targets.of(one) for one in inputs] == [Path("me-2.cartoon.png"), Path("me.cartoon.cartoon.png")]


def test_of_a_file_that_is_too_large_no_more_is_read_than_tells_so(tmp_path: Path) -> None:
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(2**40)
    assert len(Input(tmp_path / "film.mp4").read(1000)) == 1001
