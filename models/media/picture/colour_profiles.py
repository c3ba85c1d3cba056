"""What the numbers of a picture mean: an ICC profile, or one made from PNG chunks or code points (ITU-T H.273)."""

import struct
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, ImageCms

from models.media.picture.hdr import HLG, PQ, Light

Chromaticities = Sequence[tuple[float, float]]
Curve = Callable[[np.ndarray], np.ndarray]
Transform = ImageCms.ImageCmsTransform | Light

_D65 = (0.3127, 0.3290)
_C = (0.310, 0.316)
# Red, green, blue and white as x, y, by H.273's number.
_PRIMARIES: Final[dict[int, Chromaticities]] = {
    1: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060), _D65),
    4: ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), _C),
    5: ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), _D65),
    6: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    7: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    8: ((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), _C),
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65),
    10: ((1.0, 0.0), (0.0, 1.0), (0.0, 0.0), (1 / 3, 1 / 3)),
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65),
    22: ((0.630, 0.340), (0.295, 0.605), (0.155, 0.077), _D65),
}


def _power(gamma: float, scale: float = 1.0) -> Curve:
    return lambda values: np.minimum(values**gamma * scale, 1)


def _with_toe(gamma: float, offset: float, slope: float, edge: float) -> Curve:
    return lambda values: np.where(values <= edge, values / slope, ((values + offset) / (1 + offset)) ** gamma)


# Light of 0..1 by H.273's number; film is shown the way screens do it (BT.1886), not by its camera's curve.
_CURVES: Final[dict[int, Curve]] = {
    4: _power(2.2),
    5: _power(2.8),
    7: _with_toe(1 / 0.45, 0.1115, 4.0, 0.0913),
    8: _power(1.0),
    13: _with_toe(2.4, 0.055, 12.92, 0.04045),
    17: _power(2.6, 52.37 / 48),
} | dict.fromkeys((1, 6, 11, 14, 15), _power(2.4))
# A still picture in AVIF that names the film curve is shown as sRGB.
_FILM_AS_SRGB = frozenset([1, 6, 14, 15])

_CURVE_STEPS = 4096
_MAX_TAGS = 100
_FULL_AMOUNTS = {b"RGB Lab ": 65280, b"RGB XYZ ": 32768}
_USUAL, _FINE = ImageCms.Flags.NONE, ImageCms.Flags.HIGHRESPRECALC  # fine ones take 0.1 s more where they are tables
# Without chromaticities a gamma this close to 1 / 2.2 means sRGB.
_SRGB_GAMMA, _SRGB_GAMMA_WIDTH = 0.45455, 0.02
_D50 = (0.9642, 1.0, 0.8249)
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
# Profiles that move none of these colours by more than one level are sRGB, whatever they are called.
_PROBE = np.stack(np.meshgrid(*[np.linspace(0, 255, 8, dtype=np.uint8)] * 3, indexing="ij"), axis=-1).reshape(16, 32, 3)


def profile_of(image: Image.Image, data: bytes) -> bytes | Light | None:
    """ICC bytes, or the light of BT.2100, for the opened `image` of the file `data`, None where nothing usable is said.

    In PNG cICP goes before iCCP before sRGB before gAMA with cHRM (PNG specification, third edition, 4.3).
    """
    icc = image.info.get("icc_profile")
    if image.format == "PNG":
        return _cicp(data) or (icc if _parsed(icc) else None) or _gama(image.info)
    return icc or (_nclx(data) if image.format in ("AVIF", "HEIC") else None)


def to_srgb(icc: bytes | Light | None, grey: bool, mode: str) -> tuple[Transform | None, str]:
    """A transform of pictures into RGB and the mode it takes; (None, "RGB") where the numbers are sRGB already.

    `grey` says that only grey is in them, `mode` is CMYK, LAB or anything else. A profile for another kind of numbers
    than the picture's is no profile, except that grey may be described as RGB.
    """
    if isinstance(icc, Light):
        return icc, "RGB"
    profile = _parsed(icc)
    space = profile.profile.xcolor_space.strip() if profile else ""
    if mode == "LAB":
        profile = profile if space == "Lab" else ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    wanted = {"CMYK": ("CMYK",), "LAB": ("Lab", "")}.get(mode, ("RGB", "GRAY") if grey else ("RGB",))
    if profile is None or (space not in wanted and mode != "LAB"):
        return None, "RGB"
    takes = mode if mode in ("CMYK", "LAB") else {"GRAY": "L"}.get(space, "RGB")
    srgb = _srgb()
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        if takes in ("CMYK", "LAB") or not _is_srgb(profile, srgb, takes):
            flags = _FINE if takes == "RGB" else _USUAL
            return ImageCms.buildTransform(profile, srgb, takes, "RGB", flags=flags), takes
    return None, "RGB"


def _srgb() -> ImageCms.ImageCmsProfile:
    """LittleCMS's own, said to be of version 2: towards version 4 it moves the black point, which browsers do not."""
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return ImageCms.ImageCmsProfile(BytesIO(icc[:8] + b"\x02\x40" + icc[10:]))


def _parsed(icc: bytes | None) -> ImageCms.ImageCmsProfile | None:
    """None too for a profile that claims more bytes than there are."""
    if not icc or int.from_bytes(icc[:4], "big") > len(icc):
        return None
    with suppress(ImageCms.PyCMSError, OSError, ValueError, struct.error):
        return ImageCms.ImageCmsProfile(BytesIO(_with_plain_tables(icc)))
    return None


def _with_plain_tables(icc: bytes) -> bytes:
    """Tables of 16 bits from RGB have their full amount at 65280 of Lab and 32768 of XYZ by the book (ICC.1:2010,
    10.8); browsers look for it at 65535, so LittleCMS is given tables that come to the same."""
    full = _FULL_AMOUNTS.get(icc[16:24])
    if not full:
        return icc
    for at in range(132, 132 + 12 * min(int.from_bytes(icc[128:132], "big"), _MAX_TAGS), 12):
        tag, first, _ = struct.unpack_from(">4sII", icc, at)
        if tag == b"A2B0" and icc[first : first + 4] == b"mft2":
            inputs, outputs, grid, entries, steps = struct.unpack_from(">3B37x2H", icc, first + 8)
            first += 52 + 2 * inputs * entries + 2 * outputs * grid**inputs
            table = np.frombuffer(icc, ">u2", outputs * steps, first) * (full / 65535) + 0.5
            return icc[:first] + table.astype(">u2").tobytes() + icc[first + 2 * len(table) :]
    return icc


def _is_srgb(profile: ImageCms.ImageCmsProfile, srgb: ImageCms.ImageCmsProfile, mode: str) -> bool:
    """Whether it leaves the probe as it is; worked out pixel by pixel, three times as fast as tables for so few."""
    probe = Image.fromarray(_PROBE).convert(mode)
    transform = ImageCms.buildTransform(profile, srgb, mode, "RGB", flags=ImageCms.Flags.NOOPTIMIZE)
    before, after = (np.asarray(image.convert("RGB"), np.int16) for image in (probe, transform.apply(probe)))
    return bool(np.abs(after - before).max() <= 1)


def _cicp(data: bytes) -> bytes | Light | None:
    """From a sound cICP chunk before the pixels, of RGB in full range."""
    at = data.find(b"\0\0\0\x04cICP", 0, data.find(b"IDAT")) + 4
    body = data[at : at + 8]
    if at < 8 or len(body) < 8 or data[at + 8 : at + 12] != struct.pack(">I", zlib.crc32(body)):
        return None
    primaries, transfer, matrix, full = body[4:]
    return _coded(primaries, transfer) if (matrix, full) == (0, 1) else None


def _nclx(data: bytes) -> bytes | Light | None:
    """From AVIF's colr box; its matrix and range were the decoder's business."""
    at = data.find(b"colrnclx")
    if at < 0 or len(data) < at + 12:
        return None
    primaries, transfer = struct.unpack_from(">HH", data, at + 8)
    return _coded(primaries, 13 if transfer in _FILM_AS_SRGB else transfer)


def _coded(primaries: int, transfer: int) -> bytes | Light | None:
    if primaries in _PRIMARIES and transfer in (PQ, HLG):
        own, wide, screen = (_colourants(_PRIMARIES[number]) for number in (primaries, 9, 1))
        return Light(np.linalg.solve(wide, own), np.linalg.solve(screen, wide), transfer)
    if primaries in _PRIMARIES and transfer in _CURVES:
        return _matrix_profile(_PRIMARIES[primaries], _CURVES[transfer])
    return None


def _gama(info: dict[str | tuple[int, int], object]) -> bytes | None:
    """From gAMA, with cHRM where both are there; cHRM alone says nothing."""
    gamma, xy = info.get("gamma"), info.get("chromaticity")
    if "srgb" in info or not isinstance(gamma, float) or not gamma:
        return None
    if not isinstance(xy, tuple) or len(xy) != 8:
        near = abs(gamma - _SRGB_GAMMA) < _SRGB_GAMMA_WIDTH
        return None if near else _matrix_profile(_PRIMARIES[1], _power(1 / gamma))
    white, *primaries = zip(xy[::2], xy[1::2], strict=True)
    # Nonsense gives singular matrices, infinities or numbers that no profile holds.
    with suppress(ArithmeticError, ValueError, struct.error):
        return _matrix_profile((*primaries, white), _power(1 / gamma))
    return None


def _matrix_profile(xy: Chromaticities, curve: Curve) -> bytes:
    """An ICC profile (version 2) of three primaries, a white and one curve for all three channels."""
    steps = (curve(np.linspace(0, 1, _CURVE_STEPS)) * 65535 + 0.5).astype(">u2")
    table = b"curv" + struct.pack(">II", 0, _CURVE_STEPS) + steps.tobytes()
    columns = zip((b"rXYZ", b"gXYZ", b"bXYZ"), _colourants(xy).T, strict=True)
    tags = [(b"wtpt", _xyz(_D50)), *((name, _xyz(column)) for name, column in columns)]
    body = b"".join(tag for _, tag in tags)
    first = 128 + 4 + 12 * (len(tags) + 3)
    entries = [(name, first + 20 * place, 20) for place, (name, _) in enumerate(tags)]
    entries += [(name, first + len(body), len(table)) for name in (b"rTRC", b"gTRC", b"bTRC")]
    head = struct.pack(
        ">I4xI4s4s4s12x4s28x", first + len(body) + len(table), 0x02400000, b"mntr", b"RGB ", b"XYZ ", b"acsp"
    )
    head += _xyz(_D50)[8:] + bytes(48)
    index = b"".join(struct.pack(">4sII", *entry) for entry in entries)
    return head + struct.pack(">I", len(entries)) + index + body + table


def _colourants(xy: Chromaticities) -> np.ndarray:
    """float [3,3], a column of XYZ for each primary, adapted to D50 by Bradford's method."""
    *columns, white = (np.array([x, y, 1 - x - y]) for x, y in xy)
    white = white / float(white[1] or np.nan)
    primaries = np.stack(columns, axis=1)
    primaries = primaries * np.linalg.solve(primaries, white)
    adapted = np.diag((_BRADFORD @ _D50) / (_BRADFORD @ white))
    return np.linalg.solve(_BRADFORD, adapted @ _BRADFORD) @ primaries


def _xyz(values: Sequence[float]) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *(round(float(value) * 65536) for value in values))
