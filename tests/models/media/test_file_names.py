"""Names of results: of every script, safe everywhere, never twice, after their source."""

import pytest

from models.media.file_names import Names, result_name, safe


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("照片 1.jpg", "照片 1.jpg"),
        ("Ünïcødé 😀.png", "Ünïcødé 😀.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a.png", "a.png"),
        ("a\x00b<c>d.png", "a_b_c_d.png"),
        ("photo\u202egnp.exe", "photo_gnp.exe"),
        (".hidden", "file.hidden"),
        ("", "file"),
        ("...", "file"),
        ("Ünï", "Ünï"),
        ("v1.2 final version", "v1.2 final version"),
    ],
)
def test_what_is_kept_of_a_name(given: str, kept: str) -> None:
    assert safe(given) == kept


def test_long_names_fit_every_disk() -> None:
    assert len(safe("长" * 400 + ".jpg").encode()) < 200
    assert safe("x" * 400 + ".jpg").endswith("x.jpg")


def test_no_name_is_given_twice() -> None:
    names = Names()
    given = [names.unique(stem, ".png") for stem in ("a", "A", "a", "a-2")]
    assert given == ["a.png", "A-2.png", "a-3.png", "a-2-2.png"]


@pytest.mark.parametrize(
    ("source", "result", "name"),
    [
        ("portrait.jpg", "cartoon.png", "portrait.cartoon.png"),
        ("张三.HEIC", "id-photo.jpg", "张三.id-photo.jpg"),
        ("v1.2 final", "cutout.png", "v1.2 final.cutout.png"),
        ("con.png", "cutout.png", "con_.cutout.png"),
        ("../../etc/passwd", "emotion.json", "passwd.emotion.json"),
        ("C:\\x\\..\\me.png", "alpha.png", "me.alpha.png"),
        ('a"\r\nb.wav', "emotion.json", "a___b.emotion.json"),
        ("..", "cartoon.png", "file.cartoon.png"),
        ("", "cartoon.png", "cartoon.png"),
        (None, "cartoon.png", "cartoon.png"),
    ],
)
def test_a_result_is_named_after_its_source(source: str | None, result: str, name: str) -> None:
    assert result_name(source, result) == name
