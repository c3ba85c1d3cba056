"""The only way in for pictures from outside: any bytes in, upright RGB out, or one plain sentence."""

import ctypes
import logging
import struct
import warnings
from collections.abc import Callable
from contextlib import suppress
from ctypes.util import find_library
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final, Literal, NoReturn

import cv2
import numpy as np
from PIL import AvifImagePlugin, Image, ImageFile, TiffImagePlugin, WebPImagePlugin

from models.errors import BadImage, PrewarmError, TooLarge, WrongKind
from models.media.file_types import kind_of
from models.media.picture import bmp, heif, jpeg, png, tiff, tiff_rewrites, tiff_samples
from models.media.picture.colour_profiles import profile_of
from models.media.picture.cut_off import Patient, load
from models.media.picture.pixels import frame_alone, orientation, over_white, show_canvas, upright_rgb
from models.media.picture.refusals import save_as_jpeg
from models.media.sources import Source, read

Format = Literal["png", "jpg", "webp"]
QUALITY_RANGE, QUALITY_DEFAULT = (50, 100), 90  # of jpg and webp

PREVIEW_SIDE = 1600  # of pictures on the page; downloads have full size
DECODING_BYTES_PER_PIXEL = 10  # Pillow's image, one turned or converted, and the array

MIN_SIDE: Final = 16
MAX_SIDE: Final = 16_000
MAX_PIXELS: Final = 50_000_000
MAX_RATIO: Final = 20
MAX_BYTES: Final = 50 * 2**20

# Imported, and one format named per file, so that Pillow never tries its forty other decoders.
_PLUGINS = (AvifImagePlugin, TiffImagePlugin, WebPImagePlugin)

READABLE = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF", "TIFF", "HEIC")
_OPENERS: Final[dict[str, Callable[[Patient], ImageFile.ImageFile]]] = {
    "TIFF": tiff_samples.opened,
    "HEIC": heif.HeifFile,
}
_MENDERS: Final = {"TIFF": tiff_rewrites.readable, "PNG": png.sound, "BMP": bmp.readable}

# CPU time for a header (a sound one takes 1 ms, a refusal must not take 100) and for the pixels (50 megapixels of any
# format take 2 s).
_HEADER_SECONDS = 0.08
_PIXEL_SECONDS = 1.0
_SECONDS_PER_PIXEL = 0.15e-6
# Run-length matching at level 1 is both the fastest and the smallest of cv2's cheap settings on photos, cartoons and
# cut-outs. One filter for all rows saves trying five on each: a cartoon of 1024×1024 in RGB takes 27 ms instead of 38,
# a photo's cut-out in RGBA 40 instead of 69, with these two at the same size.
_PNG = (cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE, cv2.IMWRITE_PNG_FILTER)
_PNG_FILTER, _PNG_FILTER_RGBA = cv2.IMWRITE_PNG_FILTER_PAETH, cv2.IMWRITE_PNG_FILTER_AVG
# Twice as fast as the default effort of 4, files 5 % larger.
_WEBP_EFFORT = 2

log = logging.getLogger(__name__)


def decode(data: bytes) -> np.ndarray:
    """Upright sRGB uint8 [H,W,3] of the first frame, transparency laid over white; a picture cut off ends in white.

    Raises BadImage, TooLarge or WrongKind; sizes are judged from the header, before any pixel is decoded.
    """
    image, file = _opened(data)
    file.allow(_PIXEL_SECONDS + _SECONDS_PER_PIXEL * image.width * image.height)
    kind, turn, icc = image.format, orientation(image), profile_of(image, data)
    try:
        frame = image.tile[0][1] if kind == "GIF" and image.tile else None
        if kind == "PNG" and (key := png.transparent_grey(data)) is not None:
            image.info["transparency"] = key
        show_canvas(image)
        loaded = frame_alone(load(image, file), frame)
        _check_size(*loaded.size)
        return upright_rgb(loaded, icc, turn)
    except Image.DecompressionBombError:
        _too_many_pixels()
    except PrewarmError:
        raise
    # Decoders fed hostile bytes raise nearly anything (struct, zlib, index, type errors): one answer for all.
    except Exception as error:
        _damaged(kind, error)


def measure(data: bytes) -> tuple[int, int]:
    """Upright width and height from the header alone; raises what decode() raises for a header."""
    image, _ = _opened(data)
    return image.size if orientation(image) < 5 else image.size[::-1]


def decoding_bytes(source: Source) -> int:
    """Memory that decoding a picture takes at most, from its header; raises what decode() raises for a header."""
    data = read(source, MAX_BYTES)
    width, height = measure(data)
    return len(data) + DECODING_BYTES_PER_PIXEL * width * height


def encode(image: np.ndarray, format: Format, quality: int = QUALITY_DEFAULT) -> bytes:
    """File bytes, without metadata, of uint8 RGB [H,W,3], RGBA [H,W,4] or grey [H,W]; jpg lays RGBA over white."""
    if format == "webp":
        file = BytesIO()
        Image.fromarray(image).save(file, "WEBP", quality=quality, method=_WEBP_EFFORT)
        return file.getvalue()
    if format == "jpg":
        if image.ndim == 3 and image.shape[2] == 4:
            image = np.asarray(over_white(Image.fromarray(image)))
        return _cv2_encode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, quality))
    rgba = image.ndim == 3 and image.shape[2] == 4
    return _cv2_encode(".png", image, (*_PNG, _PNG_FILTER_RGBA if rgba else _PNG_FILTER))


def shrink(image: np.ndarray, longest: int) -> np.ndarray:
    """`image` with its longest side at most `longest` pixels, averaged over areas; never enlarged."""
    height, width = image.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def enlarge(image: np.ndarray, longest: int) -> np.ndarray:
    """`image` with its longest side at least `longest` pixels, by Lanczos; never made smaller."""
    height, width = image.shape[:2]
    scale = longest / max(height, width)
    if scale <= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_LANCZOS4)


def _cv2_encode(extension: str, image: np.ndarray, options: tuple[int, ...]) -> bytes:
    if image.ndim == 3:
        image = cv2.cvtColor(image, cv2.COLOR_RGBA2BGRA if image.shape[2] == 4 else cv2.COLOR_RGB2BGR)
    return cv2.imencode(extension, image, options)[1].tobytes()


def _readable(data: bytes) -> str:
    """Pillow's name of the format, from the content alone."""
    kind = kind_of(data)
    if kind and kind.name in READABLE:
        return kind.name
    if kind and kind.family == "picture":
        save_as_jpeg(kind.name)
    if kind:
        text = f"This is a {kind.name} recording, not a picture: choose a JPEG, PNG or WebP."
        raise WrongKind(text, reason="not_a_picture", kind=kind.name)
    if not data:
        raise BadImage("The image file is empty: choose it again, or save it anew.", reason="image_empty")
    raise BadImage("This file is not an image: choose a JPEG, PNG or WebP.", reason="not_an_image")


def _opened(data: bytes) -> tuple[ImageFile.ImageFile, Patient]:
    """The image with its header read and its size allowed, no pixel decoded."""
    if len(data) > MAX_BYTES:
        _too_many_bytes(len(data))
    kind = _readable(data)
    data = _mended(data, kind)
    _silence_pillow()
    file = Patient(data)
    file.allow(_HEADER_SECONDS)
    try:
        image = _OPENERS[kind](file) if kind in _OPENERS else Image.open(file, formats=[kind])
    except PrewarmError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _too_many_pixels()
    # As in decode(): the header parsers raise anything too.
    except Exception as error:
        _damaged(kind, error)
    _check_size(*image.size)
    return image, file


def _mended(data: bytes, kind: str) -> bytes:
    """In a form that is read; raises for kinds that are not, and for sizes of TIFF, of which Pillow knows less."""
    try:
        if kind == "TIFF":
            _check_size(*tiff.size_of(data))
        if kind == "JPEG" and (name := jpeg.unread(data)):
            save_as_jpeg(name)
        return _MENDERS[kind](data) if kind in _MENDERS else data
    except (ValueError, OverflowError, struct.error) as error:
        _damaged(kind, error)


@cache
def _silence_pillow() -> None:
    """What Pillow and its libtiff think of broken files goes to nobody: the answer is a picture or a sentence."""
    warnings.filterwarnings("ignore", module=r"PIL\.")
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    # libtiff writes to stderr from C, and Pillow offers no switch; in Pillow's wheels it lies beside the package.
    wheel = next(Path(Image.__file__).parents[1].glob("pillow.libs/libtiff*"), None)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(str(wheel or find_library("tiff"))).TIFFSetErrorHandler(None)


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        _too_many_pixels()
    short, long = sorted((width, height))
    size = f"The image is {width} × {height} pixels; "
    values = {"width": width, "height": height}
    if short < MIN_SIDE:
        text = f"each side needs at least {MIN_SIDE}: choose a larger picture."
        raise BadImage(size + text, reason="image_too_small", limit=MIN_SIDE, **values)
    if long > MAX_SIDE:
        text = f"each side may have at most {MAX_SIDE}: make it smaller."
        raise TooLarge(size + text, reason="image_too_long", limit=MAX_SIDE, **values)
    if long > MAX_RATIO * short:
        text = f"the long side may be at most {MAX_RATIO} times the short one: crop it."
        raise BadImage(size + text, reason="image_too_narrow", limit=MAX_RATIO, **values)


def _too_many_bytes(size: int) -> NoReturn:
    mebibytes, limit = round(size / 2**20, 1), MAX_BYTES // 2**20
    raise TooLarge(
        f"The image file has {mebibytes} MiB; at most {limit} are read: save it smaller.",
        reason="image_bytes",
        size=mebibytes,
        limit=limit,
    )


def _too_many_pixels() -> NoReturn:
    limit = MAX_PIXELS // 1_000_000
    text = f"The image has more than {limit} megapixels, the most that is read: make it smaller and try again."
    raise TooLarge(text, reason="image_pixels", limit=limit)


def _damaged(kind: str | None, error: Exception) -> NoReturn:
    log.debug("unreadable %s: %s", kind, type(error).__name__)
    text = f"The {kind} picture is damaged or cut off: save it anew, or choose another."
    raise BadImage(text, reason="image_damaged", kind=str(kind)) from error
