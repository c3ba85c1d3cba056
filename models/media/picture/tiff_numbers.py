"""The bytes of a TIFF's strips and tiles as numbers, and those as colours."""

import struct
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image

MOST_BITS: Final = 16
# White, and nothing.
PAPER: Final = {"CMYK": ((0,) * 4, (0,) * 4)} | dict.fromkeys(("LAB", "YCbCr"), ((255, 128, 128), (0, 128, 128)))
# Lab's colours count from 128 in here, and from zero in Pillow's bytes.
SIGNS: Final = np.array([0, 128, 128], np.uint8)


def numbers_of(packed: np.ndarray, bits: int, order: str) -> np.ndarray:
    """Each row's numbers of so many bits, uint8 or uint16."""
    if bits == 8:
        return packed
    if bits == MOST_BITS:
        return packed.view(order + "u2").astype(np.uint16)
    digits = np.unpackbits(packed, axis=1)
    digits = digits[:, : digits.shape[1] // bits * bits].reshape(len(packed), -1, bits).astype(np.uint16)
    return (digits << np.arange(bits - 1, -1, -1, dtype=np.uint16)).sum(axis=2, dtype=np.uint16)


def eight_bits(values: np.ndarray, bits: int) -> np.ndarray:
    if bits == 8:
        return values.astype(np.uint8)
    most = 2**bits - 1
    return ((values.astype(np.uint32) * 255 + most // 2) // most).astype(np.uint8)


def by_libtiff(data: bytes, packing: int, row: int, rows: int) -> np.ndarray:
    """The bytes of a part, as Pillow reads a grey picture of one strip."""
    values = {256: row, 257: rows, 258: 8, 259: packing, 262: 1, 273: 8, 277: 1, 278: rows, 279: len(data)}
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in values.items())
    head = struct.pack("<2sHI", b"II", 42, 8 + len(data))
    file = head + data + struct.pack("<H", len(values)) + directory + bytes(4)
    with Image.open(BytesIO(file), formats=["TIFF"]) as image:
        return np.asarray(image)


def on_paper(colours: np.ndarray, alpha: np.ndarray, mode: str, premultiplied: bool) -> np.ndarray:
    """Inks, or lightness with colour, over white."""
    white, nothing = np.array(PAPER[mode], np.float32)
    share = alpha.astype(np.float32) / 255
    own = (colours - nothing) * (1 if premultiplied else share)
    return np.clip(nothing + own + (white - nothing) * (1 - share) + 0.5, 0, 255).astype(np.uint8)


def image_of(pixels: np.ndarray, mode: str) -> Image.Image:
    height, width = pixels.shape[:2]
    pixels = pixels ^ SIGNS if mode == "LAB" else pixels
    return Image.frombytes(mode, (width, height), np.ascontiguousarray(pixels).tobytes())
