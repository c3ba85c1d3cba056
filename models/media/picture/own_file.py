"""What formats that are read here, and not by Pillow, share: their pixels are made when they are first wanted."""

from abc import abstractmethod
from typing import IO, Any

from PIL import Image, ImageFile


class OwnFile(ImageFile.ImageFile):
    """`_open` reads the header, `_image` makes the picture, upright."""

    @property
    def _file(self) -> IO[bytes]:
        assert self.fp is not None
        return self.fp

    def load(self) -> Any:
        if self._im is None:
            self.im = self._image().im
        return Image.Image.load(self)

    @abstractmethod
    def _image(self) -> Image.Image: ...
