"""Which files are meant, and where their results go."""

from pathlib import Path

from cli.files import Input, Targets, expand


def test_results_of_any_task_are_no_inputs(tmp_path: Path) -> None:
    for name in ("me.jpg", "me.cartoon.png", "me.alpha.png", "me.cutout.webp", "me.id-photo.jpg", "me.print-sheet.png"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "voice.wav").write_bytes(b"")
    assert [source.path for source in expand([str(tmp_path)], "image")] == [tmp_path / "me.jpg"]
    assert [source.path for source in expand([str(tmp_path)], "audio")] == [tmp_path / "voice.wav"]


def test_a_picture_lies_beside_its_source_and_a_text_nowhere() -> None:
    source = Input(Path("photos/me.jpg"))
    assert Targets(None, "id-photo.jpg", many=False).of(source) == Path("photos/me.id-photo.jpg")
    assert Targets(None, "emotion.json", many=False).of(source) is None
    assert Targets("out/", "emotion.json", many=False).of(source) == Path("out/me.emotion.json")
