"""Makes TIFFs of any samples: colours, alpha, depth, planes, tiles, orders and packings (TIFF 6.0; BigTIFF)."""

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image

from tests.helpers.picture_makers import HEIGHT, WIDTH, quarters, tiff_file

PLAIN, LZW, DEFLATE, OLD_DEFLATE, PACKBITS, ZSTD = 1, 5, 8, 32946, 32773, 50000
_REVERSED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
Tags = dict[int, list[int]]


def samples(
    pixels: np.ndarray,
    photometric: int,
    bits: int = 8,
    *,
    extra: tuple[int, ...] = (),
    packing: int = PLAIN,
    planes: bool = False,
    predictor: bool = False,
    tile: tuple[int, int] | None = None,
    rows: int = HEIGHT,
    order: str = "<",
    big: bool = False,
    reverse: bool = False,
    tags: Tags | None = None,
) -> bytes:
    """Whole numbers [H,W,S] of so many bits, in tiles of (width, height) or strips of so many rows."""
    height, width, count = pixels.shape
    each = np.split(pixels, count, axis=2) if planes else [pixels]
    parts = [part for plane in each for part in _parts(plane, tile, rows)]
    packed = [_packed(_stored(part, bits, order, predictor), packing) for part in parts]
    packed = [part.translate(_REVERSED) if reverse else part for part in packed]
    first = 16 if big else 8
    offsets = [first + sum(map(len, packed[:before])) for before in range(len(packed))]
    shape = {256: [width], 257: [height], 258: [bits] * count, 259: [packing], 262: [photometric], 277: [count]}
    shape |= {284: [2]} if planes else {}
    shape |= {317: [2]} if predictor else {}
    shape |= {266: [2]} if reverse else {}
    shape |= {338: list(extra)} if extra else {}
    shape |= {322: [tile[0]], 323: [tile[1]]} if tile else {278: [rows]}
    places = {324: offsets, 325: [*map(len, packed)]} if tile else {273: offsets, 279: [*map(len, packed)]}
    return tiff_file(shape | places | (tags or {}), b"".join(packed), order, big)


def deep(pixels: np.ndarray, bits: int) -> np.ndarray:
    """uint8 pixels as numbers of so many bits."""
    return (pixels.astype(float) * (2**bits - 1) / 255 + 0.5).astype(np.uint32)


def with_hole(pixels: np.ndarray, most: int = 255, *, multiplied: bool = False) -> np.ndarray:
    """The pixels and their alpha: nothing of the lower right quarter is seen."""
    alpha = np.full((HEIGHT, WIDTH, 1), most, np.uint32)
    alpha[HEIGHT // 2 :, WIDTH // 2 :] = 0
    hidden = 0 if multiplied else most // 36
    return np.concatenate([np.where(alpha, pixels, hidden).astype(np.uint32), alpha], axis=2)


def ink() -> np.ndarray:
    return np.asarray(quarters("CMYK"))


def _parts(plane: np.ndarray, tile: tuple[int, int] | None, rows: int) -> list[np.ndarray]:
    height, width = plane.shape[:2]
    if not tile:
        return [plane[top : top + rows] for top in range(0, height, rows)]
    wide, high = tile
    whole = np.pad(plane, ((0, -height % high), (0, -width % wide), (0, 0)))
    return [
        whole[y : y + high, x : x + wide]
        for y in range(0, whole.shape[0], high)
        for x in range(0, whole.shape[1], wide)
    ]


def _stored(part: np.ndarray, bits: int, order: str, predictor: bool) -> np.ndarray:
    """uint8 [rows, bytes of a row]."""
    if predictor:
        part = np.diff(part.astype(np.int64), axis=1, prepend=0) % 2**bits
    numbers = part.reshape(len(part), -1)
    if bits in (8, 16):
        return numbers.astype(f"{order}u{bits // 8}").view(np.uint8)
    digits = numbers[..., None].astype(np.int64) >> np.arange(bits - 1, -1, -1) & 1
    return np.packbits(digits.reshape(len(part), -1).astype(np.uint8), axis=1)


def _packed(stored: np.ndarray, packing: int) -> bytes:
    pack: Callable[[np.ndarray], bytes] = {
        PLAIN: np.ndarray.tobytes,
        DEFLATE: zlib.compress,
        OLD_DEFLATE: zlib.compress,
        PACKBITS: lambda rows: b"".join(bytes([len(row) - 1]) + row.tobytes() for row in rows.reshape(-1, 16)),
        LZW: lambda rows: _by_pillow(rows, "tiff_lzw"),
        ZSTD: lambda rows: _by_pillow(rows, "zstd"),
    }[packing]
    return bytes(pack(np.ascontiguousarray(stored)))


def _by_pillow(rows: np.ndarray, name: str) -> bytes:
    file = BytesIO()
    Image.fromarray(rows).save(file, "TIFF", compression=name, strip_size=2**30)
    with Image.open(file) as image:
        (at,), (length,) = image.tag_v2[273], image.tag_v2[279]  # type: ignore[attr-defined]
    return file.getvalue()[at : at + length]
