"""Names of results: of every script, safe everywhere, never twice."""

import pytest

from ui.batch.filenames import Names, points_outside, safe


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


def test_only_names_that_leave_the_folder_point_outside() -> None:
    assert all(map(points_outside, ("../a", "/a", "\\a", "a/../../b", "c:a", "a\\..\\b")))
    assert not any(map(points_outside, ("a", "a/b", "a..b/c..", "…/a", "12:30.png")))
