"""TIFFs whose samples lie in ways that Pillow does not know: inks with alpha, odd depths, planes, unusual orders."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from models.media.picture import tiff_rewrites
from models.media.picture.cut_off import Patient
from models.media.picture.own_file import OwnFile
from models.media.picture.refusals import save_as_jpeg
from models.media.picture.tiff_numbers import (
    MOST_BITS,
    PAPER,
    SIGNS,
    by_libtiff,
    eight_bits,
    image_of,
    numbers_of,
    on_paper,
)

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _INKS, _YCBCR, _LAB, _ICC_LAB = 0, 1, 2, 3, 5, 6, 8, 9
_COLOURS: Final = {0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3, 9: 3}
_MODES: Final = {0: "L", 1: "L", 2: "RGB", 3: "RGB", 5: "CMYK", 6: "YCbCr", 8: "LAB", 9: "LAB"}
_PREMULTIPLIED, _STRAIGHT = 1, 2
# Unpacked by zlib, all others as grey bytes by Pillow's libtiff.
_PLAIN, _DEFLATED = 1, (8, 32946)
PACKINGS: Final = frozenset([_PLAIN, 5, *_DEFLATED, 32773, 50000])
_MOST_SAMPLES: Final = 10
_BAND_ROWS: Final = 64
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_REVERSED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class _Part(NamedTuple):
    """A strip or tile of one plane: where its bytes lie, and the pixels it covers."""

    at: int
    length: int
    plane: int
    x: int
    y: int
    rows: int


def opened(file: Patient) -> ImageFile.ImageFile:
    """With its header read; raises WrongKind where neither this nor Pillow knows how its samples lie."""
    try:
        return Samples(file)
    except SyntaxError:
        file.restart()
    try:
        return Image.open(file, formats=["TIFF"])
    except UnidentifiedImageError:
        save_as_jpeg("TIFF (unusual samples)")


class Samples(OwnFile):
    """A TIFF's first page, read sample by sample."""

    format = "TIFF"

    def _open(self) -> None:
        """Raises SyntaxError for what is not read here."""
        data = self._file.read()
        self._order, self._tags = tiff_rewrites.tags_of(data)
        self._width, self._height = self._number(256), self._number(257)
        self._photo, self._packing = self._number(262, 0), self._number(259, 1)
        self._count, self._planar = self._number(277, 1), self._number(284, 1) == 2
        self._bits, self._turn = self._number(258, 1), self._number(274, 1)
        if not self._is_known():
            raise SyntaxError("samples")
        self._size = (self._width, self._height) if self._turn < 5 else (self._height, self._width)
        self._alpha, self._premultiplied = self._transparency()
        blended = self._alpha and _MODES[self._photo] in ("L", "RGB")
        self._mode = _MODES[self._photo] + ("A" if blended else "")
        if 34675 in self._tags:
            self.info["icc_profile"] = self._tags[34675][1]

    def _number(self, tag: int, default: int | None = None) -> int:
        found = self._numbers(tag)
        if not found and default is None:
            raise SyntaxError(f"tag {tag}")
        return found[0] if found else int(default or 0)

    def _numbers(self, tag: int) -> list[int]:
        return tiff_rewrites.numbers(self._order, self._tags, tag)

    def _is_known(self) -> bool:
        alike = len({*self._numbers(258)}) <= 1
        if self._photo == _YCBCR and self._packing in PACKINGS and self._numbers(530) != [1, 1]:
            save_as_jpeg("TIFF (YCbCr of lower resolution)")
        known = self._photo in _COLOURS and self._packing in PACKINGS and self._number(317, 1) in (1, 2)
        return known and alike and 0 < self._bits <= MOST_BITS and self._count in self._counts()

    def _counts(self) -> range:
        return range(_COLOURS[self._photo], _MOST_SAMPLES + 1)

    def _transparency(self) -> tuple[int, bool]:
        """The sample that is alpha, 0 for none, and whether colours are multiplied by it."""
        first, extra = _COLOURS[self._photo], self._numbers(338)
        if not extra and self._count == first + 1 and self._photo in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB):
            return first, False
        found = (place for place, kind in enumerate(extra, first) if kind in (_PREMULTIPLIED, _STRAIGHT))
        alpha = next(found, 0)
        alpha = alpha if alpha < self._count else 0
        return alpha, bool(alpha) and extra[alpha - first] == _PREMULTIPLIED

    def _parts(self) -> Iterator[_Part]:
        tiled = 322 in self._tags
        wide = self._part_width()
        high = self._number(323) if tiled else min(self._number(278, self._height), self._height)
        places, lengths = (self._numbers(tag) for tag in ((324, 325) if tiled else (273, 279)))
        columns, lines = -(-self._width // wide), -(-self._height // high)
        for number, (at, length) in enumerate(zip(places, lengths, strict=True)):
            plane, box = divmod(number, columns * lines)
            y, x = (box // columns) * high, (box % columns) * wide
            if plane < (self._count if self._planar else 1):
                yield _Part(at, length, plane, x, y, high if tiled else min(high, self._height - y))

    def _pixels(self) -> np.ndarray:
        """uint8 [H,W,C]: the colours, and alpha behind them where there is one; of palettes the numbers as they are."""
        wanted = [*range(_COLOURS[self._photo]), *([self._alpha] if self._alpha else [])]
        depth = np.uint16 if self._photo == _PALETTE else np.uint8
        pixels = np.zeros((self._height, self._width, len(wanted)), depth)
        row = -(-self._part_width() * self._together * self._bits // 8)
        for part in self._parts():
            packed = self._unpacked(part, row)
            for top in range(0, part.rows, _BAND_ROWS):
                values = self._values(packed[top : top + _BAND_ROWS])
                target = pixels[part.y + top : part.y + top + len(values), part.x : part.x + values.shape[1]]
                values = values[: target.shape[0], : target.shape[1]]
                if not self._planar:
                    target[:] = values[..., wanted]
                elif part.plane in wanted:
                    target[..., wanted.index(part.plane)] = values[..., 0]
        return pixels

    def _part_width(self) -> int:
        return self._number(322, self._width)

    @property
    def _together(self) -> int:
        """Samples that lie one behind the other."""
        return 1 if self._planar else self._count

    def _values(self, packed: np.ndarray) -> np.ndarray:
        """[rows, width of the part, samples], in 8 bits unless they are numbers of colours."""
        width = self._part_width()
        values = numbers_of(packed, self._bits, self._order)[:, : width * self._together]
        values = values.reshape(-1, width, self._together)
        if self._number(317, 1) == 2:
            values = np.cumsum(values, axis=1, dtype=values.dtype)
        return values if self._photo == _PALETTE else eight_bits(values, self._bits)

    def _unpacked(self, part: _Part, row: int) -> np.ndarray:
        """uint8 [rows, bytes of a row]."""
        self._file.seek(part.at)
        data = self._file.read(part.length)
        data = data.translate(_REVERSED) if self._number(266, 1) == 2 else data
        if self._packing in _DEFLATED:
            data = zlib.decompressobj().decompress(data, row * part.rows)
        elif self._packing != _PLAIN:
            return by_libtiff(data, self._packing, row, part.rows)
        return np.frombuffer(data, np.uint8, row * part.rows).reshape(part.rows, row)

    def _image(self) -> Image.Image:
        """Finished in bands, upright."""
        pixels, image = self._pixels(), Image.new(self.mode, (self._width, self._height))
        for top in range(0, self._height, _BAND_ROWS):
            image.paste(self._band(pixels[top : top + _BAND_ROWS]), (0, top))
        return image.transpose(_UPRIGHT[self._turn]) if self._turn in _UPRIGHT else image

    def _band(self, pixels: np.ndarray) -> Image.Image:
        colours, alpha = pixels[..., : _COLOURS[self._photo]], pixels[..., -1:] if self._alpha else None
        if self._photo == _PALETTE:
            colours, alpha = self._looked_up(colours), None if alpha is None else eight_bits(alpha, self._bits)
        if self._photo == _WHITE_IS_ZERO:
            colours = 255 - colours
        if self._photo == _LAB:
            colours = colours ^ SIGNS
        if alpha is None:
            return image_of(colours, self.mode)
        if self.mode in PAPER:
            return image_of(on_paper(colours, alpha, self.mode, self._premultiplied), self.mode)
        mode = self.mode[:-1] + "a" if self._premultiplied else self.mode
        return image_of(np.concatenate([colours, alpha], axis=2), mode).convert(self.mode)

    def _looked_up(self, numbers: np.ndarray) -> np.ndarray:
        palette = np.array(self._numbers(320)).reshape(3, -1).T
        # Some writers put 8 bits where 16 belong.
        palette = palette // 256 if palette.max() > 255 else palette
        return palette.astype(np.uint8)[np.minimum(numbers[..., 0], len(palette) - 1)]
