"""The only door for pictures from outside: any bytes in, upright RGB out, or one plain sentence."""

import logging
import time
from collections.abc import Callable
from io import BytesIO
from typing import Final, Literal, NoReturn

import cv2
import numpy as np
from PIL import AvifImagePlugin, ExifTags, Image, ImageCms, ImageFile, WebPImagePlugin

from models.errors import BadImage, PrewarmError, TooLarge, WrongKind
from models.media.colour_profiles import profile_of, to_srgb
from models.media.file_types import kind_of

Format = Literal["png", "jpg", "webp"]

MIN_SIDE: Final = 16
MAX_SIDE: Final = 16_000
MAX_PIXELS: Final = 50_000_000
MAX_RATIO: Final = 20
MAX_BYTES: Final = 50 * 2**20

# Imported, and one format named per file, so that Pillow never tries its forty other decoders.
_PLUGINS = (AvifImagePlugin, WebPImagePlugin)

_READABLE = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF")

# CPU time for a header (a sound one takes 1 ms, a refusal must not take 100) and for the pixels (50 megapixels of any
# format take 2 s).
_HEADER_SECONDS = 0.08
_PIXEL_SECONDS = 1.0
_SECONDS_PER_PIXEL = 0.15e-6
# A pass over 50 megapixels costs 50 ms and fits in 75 bytes: small bites keep the clock of _Patient exact.
_PROGRESSIVE_BITE = 1024
_MAX_EXIF_BYTES = 2**20
# Small enough for the processor's cache: a tenth faster than bands of 256 rows.
_BAND_ROWS = 64

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
_GREY = frozenset(["1", "L", "LA", "I;16", "I;16B", "I;16L", "I;16N"])
# Run-length matching at level 1 is both the fastest and the smallest of cv2's cheap settings on photos, cartoons and
# cut-outs. One filter for all rows saves trying five on each: a cartoon of 1024×1024 in RGB takes 27 ms instead of 38,
# a photo's cut-out in RGBA 40 instead of 69, with these two at the same size.
_PNG = (cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE, cv2.IMWRITE_PNG_FILTER)
_PNG_FILTER, _PNG_FILTER_RGBA = cv2.IMWRITE_PNG_FILTER_PAETH, cv2.IMWRITE_PNG_FILTER_AVG
# Twice as fast as the default effort of 4, files 5 % larger.
_WEBP_EFFORT = 2

log = logging.getLogger(__name__)


class _Patient(BytesIO):
    """A file that seems to end once its reader has used up its CPU time.

    Some hundred bytes of JPEG passes, or megabytes of empty GIF comments, keep a decoder busy for minutes otherwise.
    """

    _deadline = 0.0

    def allow(self, seconds: float) -> None:
        self._deadline = time.thread_time() + seconds

    def read(self, size: int | None = -1) -> bytes:
        return super().read(size) if time.thread_time() < self._deadline else b""


def decode(data: bytes) -> np.ndarray:
    """Upright sRGB uint8 [H,W,3] of the first frame, transparency laid over white.

    Raises BadImage, TooLarge or WrongKind; sizes are judged from the header, before any pixel is decoded.
    """
    if len(data) > MAX_BYTES:
        _too_many_bytes(len(data))
    file = _Patient(data)
    image = _open(file, _readable(data))
    _check_size(*image.size)
    file.allow(_PIXEL_SECONDS + _SECONDS_PER_PIXEL * image.width * image.height)
    try:
        return _pixels(image, data)
    except Image.DecompressionBombError:
        _too_many_pixels()
    except PrewarmError:
        raise
    # Decoders fed hostile bytes raise nearly anything (struct, zlib, index, type errors): one answer for all.
    except Exception as error:
        _damaged(image.format, error)


def encode(image: np.ndarray, format: Format, quality: int = 90) -> bytes:
    """File bytes, without metadata, of uint8 RGB [H,W,3], RGBA [H,W,4] or grey [H,W]; jpg lays RGBA over white."""
    if format == "webp":
        file = BytesIO()
        Image.fromarray(image).save(file, "WEBP", quality=quality, method=_WEBP_EFFORT)
        return file.getvalue()
    if format == "jpg":
        if image.ndim == 3 and image.shape[2] == 4:
            image = np.asarray(_srgb(Image.fromarray(image), None, "RGB"))
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


def _cv2_encode(extension: str, image: np.ndarray, options: tuple[int, ...]) -> bytes:
    if image.ndim == 3:
        image = cv2.cvtColor(image, cv2.COLOR_RGBA2BGRA if image.shape[2] == 4 else cv2.COLOR_RGB2BGR)
    return cv2.imencode(extension, image, options)[1].tobytes()


def _readable(data: bytes) -> str:
    """Pillow's name of the format, from the content alone."""
    kind = kind_of(data)
    if kind and kind.name in _READABLE:
        return kind.name
    if kind and kind.family == "picture":
        text = f"{kind.name} pictures are not read here: save it as JPEG and try again."
        raise WrongKind(text, reason="save_as_jpeg", kind=kind.name)
    if kind:
        text = f"This is a {kind.name} recording, not a picture: choose a JPEG, PNG or WebP."
        raise WrongKind(text, reason="not_a_picture", kind=kind.name)
    if not data:
        raise BadImage("The image file is empty: choose it again, or save it anew.", reason="image_empty")
    raise BadImage("This file is not an image: choose a JPEG, PNG or WebP.", reason="not_an_image")


def _open(file: _Patient, kind: str) -> ImageFile.ImageFile:
    """The image with its header read and no pixel decoded."""
    file.allow(_HEADER_SECONDS)
    try:
        return Image.open(file, formats=[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _too_many_pixels()
    # As in decode(): the header parsers raise anything too.
    except Exception as error:
        _damaged(kind, error)


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


def _pixels(image: ImageFile.ImageFile, data: bytes) -> np.ndarray:
    if image.info.get("progressive"):
        image.decodermaxblock = _PROGRESSIVE_BITE
    image.load()
    _check_size(*image.size)
    return _upright_rgb(image, profile_of(image, data))


def _upright_rgb(image: Image.Image, icc: bytes | None) -> np.ndarray:
    """uint8 [H,W,3], worked out in bands: whole pictures on the way would each take three or four bytes a pixel.

    The image is closed, so that its pixels are gone before they are turned.
    """
    transform, mode = to_srgb(icc, image.mode in _GREY, image.mode)
    rgb = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, _BAND_ROWS):
        bottom = min(top + _BAND_ROWS, image.height)
        rgb[top:bottom] = np.asarray(_srgb(image.crop((0, top, image.width, bottom)), transform, mode))
    turn = _UPRIGHT.get(_orientation(image))
    image.close()
    return turn(rgb) if turn else rgb


def _srgb(band: Image.Image, transform: ImageCms.ImageCmsTransform | None, mode: str) -> Image.Image:
    """RGB over white."""
    alpha = band.convert("RGBA").getchannel("A") if band.has_transparency_data else None
    band = _eight_bits(band)
    band = band if band.mode == mode else band.convert(mode)
    band = transform.apply(band) if transform else band
    if alpha is None:
        return band
    white = Image.new("RGB", band.size, "white")
    white.paste(band, mask=alpha)
    return white


def _orientation(image: Image.Image) -> int:
    """EXIF orientation, 1..8; 1 when the block is broken or absurd, which costs nobody the picture."""
    if len(image.info.get("exif", b"")) > _MAX_EXIF_BYTES:
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
