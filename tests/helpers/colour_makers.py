"""Makes pictures whose colours are described in every way files know: ICC profiles, PNG chunks, AVIF's code points."""

import struct
import zlib
from collections.abc import Sequence

import numpy as np
from PIL import Image

from tests.helpers.picture_makers import chunk, saved

D50 = (0.9642, 1.0, 0.8249)
# Red, green, blue and white as x, y.
SRGB_XY = (0.64, 0.33), (0.30, 0.60), (0.15, 0.06), (0.3127, 0.3290)
P3_XY = (0.68, 0.32), (0.265, 0.69), (0.15, 0.06), (0.3127, 0.3290)
ADOBE_XY = (0.64, 0.33), (0.21, 0.71), (0.15, 0.06), (0.3127, 0.3290)
BT2020_XY = (0.708, 0.292), (0.170, 0.797), (0.131, 0.046), (0.3127, 0.3290)
PROPHOTO_XY = (0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001), (0.3457, 0.3585)
SRGB_CURVE = struct.pack(
    ">4sIHH5i", b"para", 0, 3, 0, *(round(v * 65536) for v in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
)
# Levels whose differences show: dark, skin, saturated, grey.
SWATCHES = np.array(
    [
        (200, 60, 60),
        (60, 200, 60),
        (60, 60, 200),
        (224, 172, 140),
        (20, 10, 8),
        (250, 240, 230),
        (90, 90, 90),
        (128, 64, 250),
    ],
    np.uint8,
)


def swatches() -> Image.Image:
    """RGB, eight flat squares of 16 pixels in two rows."""
    return Image.fromarray(SWATCHES.reshape(2, 4, 3).repeat(16, 0).repeat(16, 1))


def gamma_curve(gamma: float) -> bytes:
    return struct.pack(">4sIIH", b"curv", 0, 1, round(gamma * 256)) + bytes(2)


def table_curve(values: Sequence[float]) -> bytes:
    """Values in 0..1 at equal steps."""
    return struct.pack(f">4sII{len(values)}H", b"curv", 0, len(values), *(round(v * 65535) for v in values))


def colourants(xy: Sequence[tuple[float, float]]) -> np.ndarray:
    """[3,3], a column XYZ for red, green and blue each, adapted to D50 by Bradford's method."""
    *primaries, white = [np.array([x / y, 1, (1 - x - y) / y]) for x, y in xy]
    columns = np.stack(primaries, axis=1)
    columns = columns * np.linalg.solve(columns, white)
    cone = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    return np.linalg.solve(cone, np.diag((cone @ D50) / (cone @ white)) @ cone) @ columns


def _tag_xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(v * 65536) for v in values))


def _profile(
    space: bytes, tags: Sequence[tuple[bytes, bytes]], name: str, connection: bytes = b"XYZ ", kind: bytes = b"mntr"
) -> bytes:
    text = name.encode() + b"\0"
    tags = [
        (b"desc", b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78)),
        (b"wtpt", _tag_xyz(D50)),
        *tags,
    ]
    table, body = struct.pack(">I", len(tags)), b""
    for tag, data in tags:
        table += tag + struct.pack(">II", 132 + 12 * len(tags) + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = bytes(8) + b"\x02\x40\0\0" + kind + space + connection + bytes(12) + b"acsp" + bytes(28)
    head += _tag_xyz(D50)[8:] + bytes(48)
    return struct.pack(">I", 132 + len(table) - 4 + len(body)) + head[4:] + table + body


def rgb_profile(xy: Sequence[tuple[float, float]], curve: bytes = SRGB_CURVE, name: str = "odd") -> bytes:
    matrix = zip((b"rXYZ", b"gXYZ", b"bXYZ"), colourants(xy).T, strict=True)
    tags = [(tag, _tag_xyz(xyz)) for tag, xyz in matrix] + [(tag, curve) for tag in (b"rTRC", b"gTRC", b"bTRC")]
    return _profile(b"RGB ", tags, name)


def grey_profile(curve: bytes) -> bytes:
    return _profile(b"GRAY", [(b"kTRC", curve)], "odd grey")


def cmyk_profile() -> bytes:
    """A press: a grid of 9 ink amounts each, where ink darkens more than the plain product says."""
    steps = np.stack(np.meshgrid(*[np.linspace(0, 1, 9)] * 4, indexing="ij"), axis=-1).reshape(-1, 4)
    rgb = ((1 - steps[:, :3]) * (1 - steps[:, 3:])) ** 1.3 * [0.95, 0.9, 0.8] + 0.03
    return _profile(b"CMYK", [(b"A2B0", _table(4, 9, rgb))], "odd press", b"Lab ", b"prtr")


def table_profile() -> bytes:
    """A scanner: a grid of 17 levels each, warmer than sRGB."""
    steps = np.stack(np.meshgrid(*[np.linspace(0, 1, 17)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    return _profile(b"RGB ", [(b"A2B0", _table(3, 17, steps**2.2 * [1.1, 1, 0.7]))], "odd scanner", b"Lab ", b"scnr")


def _table(inputs: int, grid: int, rgb: np.ndarray) -> bytes:
    """From light in sRGB's primaries, [grid ** inputs, 3], to Lab."""
    xyz = np.clip(rgb, 0, 1) @ colourants(SRGB_XY).T / D50
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    lab = np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=-1)
    codes = np.clip(np.round(lab * [652.8, 256, 256] + [0, 32768, 32768]), 0, 65535).astype(">u2")
    ramp = np.array([0, 65535], ">u2").tobytes()
    matrix = struct.pack(">9i", *(65536 * value for value in (1, 0, 0, 0, 1, 0, 0, 0, 1)))
    head = b"mft2" + bytes(4) + bytes([inputs, 3, grid, 0]) + matrix + struct.pack(">HH", 2, 2)
    return head + ramp * inputs + codes.tobytes() + ramp * 3


def with_chunks(image: Image.Image, *chunks: bytes) -> bytes:
    """PNG with `chunks` right behind the header."""
    data = saved(image, "PNG")
    return data[:33] + b"".join(chunks) + data[33:]


def cicp(primaries: int, transfer: int, matrix: int = 0, full: int = 1) -> bytes:
    return chunk(b"cICP", bytes([primaries, transfer, matrix, full]))


def gama(value: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(value * 100_000)))


def chrm(xy: Sequence[tuple[float, float]]) -> bytes:
    red, green, blue, white = xy
    return chunk(b"cHRM", struct.pack(">8I", *(round(v * 100_000) for pair in (white, red, green, blue) for v in pair)))


def iccp(profile: bytes) -> bytes:
    return chunk(b"iCCP", b"x\0\0" + zlib.compress(profile))


def srgb() -> bytes:
    return chunk(b"sRGB", b"\0")


def avif(primaries: int, transfer: int, **options: object) -> bytes:
    """AVIF whose colr box names those code points."""
    data = saved(swatches(), "AVIF", quality=100, subsampling="4:4:4", **options)
    at = data.index(b"colrnclx") + 8
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]
