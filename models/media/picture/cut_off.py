"""Pictures that lost their end: what is there, the rest as browsers show it, which is nothing over white."""

import time
from contextlib import suppress
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, ImageFile

# Browsers show no part of the others, GIF apart.
READABLE: Final = frozenset(["JPEG", "PNG", "BMP"])
# A pass over 50 megapixels costs 50 ms and fits in 75 bytes: small bites keep the clock of Patient exact.
_PROGRESSIVE_BITE: Final = 1024
_END_OF_JPEG: Final = b"\xff\xd9"
# The largest block of libjpeg is 16 wide; smoothing between passes spreads it over two more on each side.
_BLOCK: Final = 49
_BAND_ROWS: Final = 64
# What one pixel of a pass stands for, from the last pass but one to the first (PNG specification, 8.1).
_ADAM7: Final = ((2, 1), (2, 2), (4, 2), (4, 4), (8, 4), (8, 8))


class Patient(BytesIO):
    """A file that seems to end once its reader has used up its CPU time.

    Some hundred bytes of JPEG passes, or megabytes of empty GIF comments, keep a decoder busy for minutes otherwise.
    """

    late = False
    _deadline = 0.0
    _ending = b""

    def allow(self, seconds: float) -> None:
        self._deadline = time.thread_time() + seconds

    def restart(self, ending: bytes = b"") -> None:
        """Back to the first byte; `ending` is read once behind the last one."""
        self.seek(0)
        self._ending = ending

    def read(self, size: int | None = -1) -> bytes:
        if time.thread_time() >= self._deadline:
            self.late = True
            return b""
        data = super().read(size)
        if not data:
            data, self._ending = self._ending, b""
        return data


def load(image: ImageFile.ImageFile, file: Patient) -> Image.Image:
    """The picture with its pixels, as far as they go; raises what its decoder did where there are none, or too late."""
    kind = str(image.format)
    if image.info.get("progressive"):
        image.decodermaxblock = _PROGRESSIVE_BITE
    try:
        image.load()
        return image
    # Decoders fed hostile bytes raise nearly anything; what is not rescued goes on to images.decode().
    except Exception:
        if file.late or kind not in READABLE:
            raise
        rescued = _jpeg(file) if kind == "JPEG" else _rows(file, kind)
        if rescued is None or file.late:
            raise
        return rescued


def _rows(file: Patient, kind: str) -> Image.Image | None:
    """What came of rows or of Adam7's ever finer grids, the rest white or transparent; None where nothing came."""
    image = _filled(file, kind, 255)
    if image.mode != "P" and not image.info.get("interlace"):
        return image if _unlike(image, _fill(image.mode, 255)) else None
    # No index need mean white, no grid says how far it came: what differs between two fillings never came.
    image, other = (each.convert("L") if each.mode == "1" else each for each in (image, _filled(file, kind, 0)))
    missing = Image.new("L", image.size)
    for top in range(0, image.height, _BAND_ROWS):
        box = (0, top, image.width, min(top + _BAND_ROWS, image.height))
        pixels = np.array(image.crop(box))
        gone = (pixels != np.asarray(other.crop(box))).reshape(*pixels.shape[:2], -1).any(axis=2)
        if image.info.get("interlace"):
            _spread(pixels, gone)
            image.paste(Image.fromarray(pixels, image.mode), box)
        missing.paste(Image.fromarray(gone), box)
    # Pillow gives 16-bit grey no alpha.
    if missing.getextrema() == (255, 255) or image.mode == "I;16":
        return None
    grey = image.mode in ("L", "LA")
    shown = image.convert("LA" if grey else "RGBA")
    shown.info = {key: value for key, value in image.info.items() if key != "transparency"}
    shown.paste((255, 0) if grey else (255, 255, 255, 0), mask=missing)
    return shown


def _spread(pixels: np.ndarray, gone: np.ndarray) -> None:
    """Each pixel of a coarser grid stands for those to its right and below until they come, as in a browser."""
    rows, columns = np.ogrid[: gone.shape[0], : gone.shape[1]]
    for height, width in _ADAM7:
        source = rows - rows % height, columns - columns % width
        filled = gone & ~gone[source]
        pixels[filled] = pixels[source][filled]
        gone &= ~filled


def _jpeg(file: Patient) -> Image.Image | None:
    """All blocks before the end; libjpeg holds back the last row of blocks until it sees an end."""
    before = _filled(file, "JPEG", 255)
    box = _unlike(before, _fill(before.mode, 255))
    whole, one_pass = (box[3] if box else 0), not before.info.get("progressive")
    del before
    image = _filled(file, "JPEG", 255, _END_OF_JPEG)
    box = _unlike(image, _never_came(image))
    # A file without any pixels still gives one block, made of zeros.
    if not whole and (box is None or max(box[2:]) <= _BLOCK < max(image.size)):
        return None
    bottom = max(box[3] if box else 0, whole)
    image.paste(_fill(image.mode, 255), (0, bottom, image.width, image.height))
    if one_pass:
        _whiten_right(image, whole, bottom)
    return image


def _whiten_right(image: Image.Image, top: int, bottom: int) -> None:
    """The last rows of blocks end somewhere in their middle."""
    for row in range(top, bottom):
        box = _unlike(image.crop((0, row, image.width, row + 1)), _never_came(image))
        image.paste(_fill(image.mode, 255), (box[2] if box else 0, row, image.width, row + 1))


def _filled(file: Patient, kind: str, level: int, ending: bytes = b"") -> Image.Image:
    """The picture decoded onto `level`, as far as it goes."""
    file.restart(ending)
    image = Image.open(file, formats=[kind])
    image.im = Image.new(image.mode, image.size, _fill(image.mode, level)).im
    if image.info.get("progressive"):
        image.decodermaxblock = _PROGRESSIVE_BITE
    # The file failed to decode once already: it does so again, with anything, after the pixels that are wanted.
    with suppress(Exception):
        image.load()
    image.tile = []
    return image


def _never_came(image: Image.Image) -> int | tuple[int, ...]:
    """The middle grey that libjpeg makes of missing blocks; Adobe's inks are stored inverted."""
    if image.mode == "CMYK":
        return (127 if "adobe" in image.info else 128,) * 4
    return _fill(image.mode, 128)


def _fill(mode: str, level: int) -> int | tuple[int, ...]:
    if mode in ("RGBA", "LA"):
        return (level,) * (len(mode) - 1) + (0,)
    if mode in ("RGB", "CMYK"):
        return (level,) * 3 if mode == "RGB" else (0,) * 4
    return {"I;16": level * 257, "1": level // 255}.get(mode, level)


def _unlike(image: Image.Image, fill: int | tuple[int, ...]) -> tuple[int, int, int, int] | None:
    """The box of all pixels that are not `fill`, looked for in bands."""
    boxes = []
    for top in range(0, image.height, _BAND_ROWS):
        band = np.asarray(image.crop((0, top, image.width, min(top + _BAND_ROWS, image.height))))
        level = np.array(fill, band.dtype)
        other = (band.reshape(*band.shape[:2], -1) != level.reshape(-1)).any(axis=2)
        if other.any():
            rows, columns = np.flatnonzero(other.any(axis=1)), np.flatnonzero(other.any(axis=0))
            boxes.append((columns[0], top + rows[0], columns[-1] + 1, top + rows[-1] + 1))
    if not boxes:
        return None
    left, upper, right, lower = zip(*boxes, strict=True)
    return int(min(left)), int(min(upper)), int(max(right)), int(max(lower))
