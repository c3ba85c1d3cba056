"""A part of a file reads like a file of its own."""

from io import SEEK_END, BytesIO

from models.media.sound.window import Window


def test_a_window_begins_and_ends_where_it_says() -> None:
    window = Window(BytesIO(b"0123456789"), 2, 6)
    assert (window.read(3), window.read(), window.read()) == (b"234", b"5", b"")
    assert window.seek(-1, SEEK_END) == window.tell() == 3
    assert window.seek(-9) == 3, "before its start it stays where it was"
