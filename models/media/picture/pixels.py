"""From decoded pixels to upright sRGB, in bands: each whole picture on the way would take 4 bytes a pixel."""

from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np
from PIL import ExifTags, Image

from models.media.picture.colour_profiles import Transform, to_srgb
from models.media.picture.hdr import Light

_MAX_EXIF_BYTES: Final = 2**20
# Small enough for the processor's cache: a tenth faster than bands of 256 rows.
_BAND_ROWS: Final = 64
# By EXIF's number (2.32, tag 274).
_UPRIGHT: Final[dict[int, Callable[[np.ndarray], np.ndarray]]] = {
    2: lambda rgb: cv2.flip(rgb, 1),
    3: lambda rgb: cv2.rotate(rgb, cv2.ROTATE_180),
    4: lambda rgb: cv2.flip(rgb, 0),
    5: cv2.transpose,
    6: lambda rgb: cv2.rotate(rgb, cv2.ROTATE_90_CLOCKWISE),
    7: lambda rgb: cv2.rotate(cv2.transpose(rgb), cv2.ROTATE_180),
    8: lambda rgb: cv2.rotate(rgb, cv2.ROTATE_90_COUNTERCLOCKWISE),
}
_GREY: Final = frozenset(["1", "L", "LA", "I;16", "I;16B", "I;16L", "I;16N"])


def upright_rgb(image: Image.Image, icc: bytes | Light | None, turn: int) -> np.ndarray:
    """uint8 sRGB [H,W,3] of loaded pixels described by `icc`, over white; `turn` is EXIF's orientation.

    The image is closed, so that its pixels are gone before they are turned.
    """
    transform, mode = to_srgb(icc, image.mode in _GREY, image.mode)
    rgb = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, _BAND_ROWS):
        bottom = min(top + _BAND_ROWS, image.height)
        rgb[top:bottom] = np.asarray(over_white(image.crop((0, top, image.width, bottom)), transform, mode))
    image.close()
    return _UPRIGHT[turn](rgb) if turn in _UPRIGHT else rgb


def over_white(band: Image.Image, transform: Transform | None = None, mode: str = "RGB") -> Image.Image:
    """RGB through a transform that takes `mode`; colours are converted before they meet white, as browsers do."""
    alpha = _alpha_of(band)
    band = _eight_bits(band)
    band = band if band.mode == mode else band.convert(mode)
    band = transform.apply(band) if transform else band
    if alpha is None:
        return band
    white = Image.new("RGB", band.size, "white")
    white.paste(band, mask=alpha)
    return white


def _alpha_of(band: Image.Image) -> Image.Image | None:
    if not band.has_transparency_data:
        return None
    if band.mode.startswith("I;16"):
        return Image.fromarray(np.where(np.asarray(band) == band.info["transparency"], 0, 255).astype(np.uint8))
    return band.convert("RGBA").getchannel("A")


def frame_alone(image: Image.Image, frame: tuple[int, int, int, int] | None) -> Image.Image:
    """A GIF whose first frame does not fill it, before nothing; Pillow puts some colour around it."""
    if frame is None or frame == (0, 0, *image.size):
        return image
    alone = Image.new("RGBA", image.size, (255, 255, 255, 0))
    alone.paste(image.crop(frame).convert("RGBA"), frame)
    return alone


def show_canvas(image: Any) -> None:
    """Of an opened WebP that moves, what the first frame leaves free is seen through; Pillow calls it black unless the
    file says that it has alpha."""
    if image.format == "WEBP" and image.is_animated:
        image._mode = image.rawmode = "RGBA"


def orientation(image: Image.Image) -> int:
    """EXIF orientation, 1..8; 1 when the block is broken or absurd, which costs nobody the picture.

    A PNG whose block comes behind its pixels is not turned: the header alone decides.
    """
    exif = image.info.get("exif", b"")
    if len(exif) > _MAX_EXIF_BYTES or image.format == "TIFF" or (image.format == "PNG" and not exif):
        return 1
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    # The EXIF and XMP parsers raise anything on hostile bytes.
    except Exception:
        return 1


def _eight_bits(image: Image.Image) -> Image.Image:
    """16-bit grey scaled to 8 bits; Pillow's own conversion clips everything above 255 to white."""
    if not image.mode.startswith("I;16"):
        return image
    return Image.fromarray((np.asarray(image).astype(np.float32) / 257 + 0.5).astype(np.uint8))
