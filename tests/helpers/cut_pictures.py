"""Pictures that lost their end."""

import struct
import zlib

import numpy as np
from PIL import Image

from tests.helpers.picture_makers import chunk, saved

_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def grainy(mode: str = "RGB") -> Image.Image:
    """240 × 160 pixels that no codec stores in a few bytes, so that a cut shows where it is made."""
    y, x = np.mgrid[0:160, 0:240]
    grain = np.random.default_rng(0).normal(0, 6, (160, 240, 3))
    rgb = np.stack([y * 1.6, y * 0.8 + x / 4, x], axis=-1) + grain
    return Image.fromarray(np.clip(rgb, 0, 250).astype(np.uint8)).convert(mode)


WHOLE = {
    "jpeg": lambda: saved(grainy(), "JPEG", quality=90),
    "jpeg_444": lambda: saved(grainy(), "JPEG", quality=90, subsampling=0),
    "jpeg_grey": lambda: saved(grainy("L"), "JPEG", quality=90),
    "jpeg_ink": lambda: saved(grainy("CMYK"), "JPEG", quality=90),
    "jpeg_restarts": lambda: saved(grainy(), "JPEG", quality=90, restart_marker_rows=1),
    "png": lambda: saved(grainy(), "PNG"),
    "png_alpha": lambda: saved(grainy("RGBA"), "PNG"),
    "png_grey": lambda: saved(grainy("L"), "PNG"),
    "png_palette": lambda: saved(grainy().quantize(256), "PNG"),
    "png_few_colours": lambda: saved(grainy("P"), "PNG"),
}


def interlaced(image: Image.Image) -> bytes:
    """PNG of RGB or grey in Adam7's seven passes (PNG specification, 8.1)."""
    pixels, rows = np.asarray(image), b""
    for left, top, right, down in _ADAM7:
        rows += b"".join(b"\0" + row.tobytes() for row in pixels[top::down, left::right])
    kind = 2 if image.mode == "RGB" else 0
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", *image.size, 8, kind, 0, 0, 1))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def cut(data: bytes, share: float) -> bytes:
    return data[: round(len(data) * share)]
