"""Names inside zips."""

from ui.batch.filenames import points_outside


def test_only_names_that_leave_the_folder_point_outside() -> None:
    assert all(map(points_outside, ("../a", "/a", "\\a", "a/../../b", "c:a", "a\\..\\b")))
    assert not any(map(points_outside, ("a", "a/b", "a..b/c..", "…/a", "12:30.png")))
