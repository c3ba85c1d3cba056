"""Pixels are made once, when they are first wanted."""

from io import BytesIO

from PIL import Image

from models.media.picture.own_file import OwnFile


class Grey(OwnFile):
    format = "GREY"
    made = 0

    def _open(self) -> None:
        self._size, self._mode = (4, 2), "L"
        self._level = self._file.read(1)[0]

    def _image(self) -> Image.Image:
        self.made += 1
        return Image.new("L", self.size, self._level)


def test_pixels_are_made_once_when_they_are_wanted() -> None:
    picture = Grey(BytesIO(b"\x07"))
    assert (picture.size, picture.made) == ((4, 2), 0)
    assert [picture.load()[3, 1], picture.load()[0, 0], picture.made] == [7, 7, 1]
