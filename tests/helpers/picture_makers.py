"""Makes picture files in memory: four coloured quarters in many formats, and headers written by hand."""

import struct
import zlib
from io import BytesIO

import cv2
import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

WIDTH, HEIGHT = 96, 64
# Top left, top right, bottom left, bottom right.
COLOURS = ((200, 30, 40), (30, 160, 60), (40, 60, 190), (255, 255, 255))
# How a camera held that way stores an upright picture (EXIF 2.32, tag 274).
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def quarters(mode: str = "RGB", width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    rgb = np.array(COLOURS, np.uint8).reshape(2, 2, 3).repeat(height // 2, 0).repeat(width // 2, 1)
    return Image.fromarray(rgb).convert(mode)


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


PNG = saved(quarters(), "PNG")


def turned(orientation: int, format: str = "JPEG") -> bytes:
    """A camera's file: stored turned, with the EXIF number that puts it upright."""
    image = quarters()
    if orientation > 1:
        image = image.transpose(_STORED[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(image, format, exif=exif.tobytes())


def with_alpha(hole: tuple[int, int, int] = (0, 0, 0)) -> Image.Image:
    """RGBA whose white quarter is a transparent hole over some other colour."""
    pixels = np.asarray(quarters("RGBA")).copy()
    pixels[HEIGHT // 2 :, WIDTH // 2 :] = (*hole, 0)
    return Image.fromarray(pixels)


def deep(channels: str, extension: str = ".png") -> bytes:
    """PNG or TIFF with 16 bits per channel: "grey", "rgb" or "rgba"."""
    image = {
        "grey": lambda: np.asarray(quarters("L")),
        "rgb": lambda: np.asarray(quarters())[..., ::-1],
        "rgba": lambda: cv2.cvtColor(np.asarray(with_alpha()), cv2.COLOR_RGBA2BGRA),
    }[channels]()
    return cv2.imencode(extension, image.astype(np.uint16) * 257)[1].tobytes()


def gps() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 1.0)})
    return saved(quarters(), "JPEG", exif=exif.tobytes())


def transparent_palette() -> bytes:
    image = quarters("P")
    return saved(image, "PNG", transparency=image.getpixel((WIDTH - 1, HEIGHT - 1)))


def animated(format: str, **options: object) -> bytes:
    rest = [Image.new("RGB", (WIDTH, HEIGHT), "black")] * 2
    return saved(quarters(), format, save_all=True, append_images=rest, duration=100, **options)


def small_frame() -> bytes:
    """A GIF whose lowest rows lie outside of its only frame (GIF89a, 20)."""
    image = quarters().crop((0, 0, WIDTH, HEIGHT // 2 + 8)).quantize(4)
    data = bytearray(saved(image, "GIF"))
    struct.pack_into("<HH", data, 6, WIDTH, HEIGHT)
    return bytes(data)


def with_damaged_chunk(data: bytes) -> bytes:
    """A PNG with a profile behind its header whose checksum is wrong."""
    return data[:33] + chunk(b"iCCP", b"x\0\0" + zlib.compress(DISPLAY_P3))[:-4] + bytes(4) + data[33:]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *extra: bytes, data: bytes = b"\0" * 1000) -> bytes:
    """A PNG by hand, whose header may claim any size."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(data))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + pixels + chunk(b"IEND", b"")


def patched(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def claiming(format: str, width: int, height: int) -> bytes:
    """A small file of a format, whose header claims another size."""
    data = saved(quarters(), format)
    if format == "JPEG":
        return patched(data, data.index(b"\xff\xc0") + 5, struct.pack(">HH", height, width))
    if format == "AVIF":
        return patched(data, data.index(b"ispe") + 8, struct.pack(">II", width, height))
    if format == "TIFF":
        return valued(valued(data, 256, width), 257, height)
    at, layout = {"GIF": (6, "<HH"), "BMP": (18, "<ii")}[format]
    return patched(data, at, struct.pack(layout, width, height))


def icc(*colourants: tuple[float, float, float]) -> bytes:
    """A matrix profile with gamma 2.2 from three D50 colourants (ICC.1:2010, version 2)."""

    def numbers(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    text = b"odd\0"
    tags = [(b"desc", b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78))]
    tags += [(b"wtpt", b"XYZ " + bytes(4) + numbers(0.9642, 1, 0.8249))]
    tags += [
        (name, b"XYZ " + bytes(4) + numbers(*xyz))
        for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), colourants, strict=True)
    ]
    tags += [(name, b"curv" + bytes(4) + struct.pack(">IHH", 1, 563, 0)) for name in (b"rTRC", b"gTRC", b"bTRC")]
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        table += name + struct.pack(">II", 132 + 12 * len(tags) + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = bytes(4) + bytes(4) + b"\x02\x40\0\0" + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28)
    head += numbers(0.9642, 1, 0.8249) + bytes(48)
    whole = head + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


DISPLAY_P3 = icc((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def comment_bomb() -> bytes:
    return png(64, 64, *[chunk(b"zTXt", b"k\0\0" + zlib.compress(b"a" * 1_000_000, 9))] * 100)


def nibbles(format: str, megabytes: int = 8) -> bytes:
    """Millions of empty parts before the pixels."""
    data = saved(quarters(), format)
    at, part = {
        "PNG": (33, chunk(b"prIv", b"")),
        "JPEG": (2, b"\xff\xfe\0\2"),
        "GIF": (13 + 3 * (2 << (data[10] & 7)), b"!\xfe\0"),
    }[format]
    return data[:at] + part * (megabytes * 2**20 // len(part)) + data[at:]


def endless_passes() -> bytes:
    """A progressive JPEG of some 100 KB that asks for thousands of passes over a megapixel."""
    data = saved(Image.new("RGB", (1000, 1000), "red"), "JPEG", progressive=True)
    return data[:-2] + data[data.rindex(b"\xff\xda") : -2] * 4000 + data[-2:]


def text_info() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "someone", zip=True)
    return saved(quarters(), "PNG", pnginfo=info)


def lab() -> Image.Image:
    spaces = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    return ImageCms.buildTransform(*spaces, "RGB", "LAB").apply(quarters())


def tiled(side: int) -> bytes:
    """TIFF of deflated tiles; WIDTH and HEIGHT are multiples of 32."""
    rgb, parts = np.asarray(quarters()), []
    for top in range(0, HEIGHT, side):
        parts += [zlib.compress(rgb[top : top + side, left : left + side].tobytes()) for left in range(0, WIDTH, side)]
    offsets = [8 + sum(len(part) for part in parts[:place]) for place in range(len(parts))]
    sizes = [len(part) for part in parts]
    tags = {256: [WIDTH], 257: [HEIGHT], 258: [8, 8, 8], 259: [8], 262: [2], 277: [3], 322: [side], 323: [side]}
    return tiff_file(tags | {324: offsets, 325: sizes}, b"".join(parts))


def shared_strips() -> bytes:
    """Every row of a TIFF is unpacked from the same bytes: megabytes of empty blocks before a row's worth."""
    part = zlib.compress(bytes(3 * 16))[:2] + b"\0\0\0\xff\xff" * 200_000 + zlib.compress(bytes(3 * 16))[2:]
    tags = {256: [16], 257: [320], 258: [8, 8, 8], 259: [8], 262: [2], 277: [3], 278: [1]}
    return tiff_file(tags | {273: [8] * 320, 279: [len(part)] * 320}, part)


def planes(order: str = "<", *, big: bool = False) -> bytes:
    """TIFF of 16 bits, each channel for itself."""
    body = np.asarray(quarters()).transpose(2, 0, 1).astype(order + "u2") * 257
    size, first = body[0].nbytes, 16 if big else 8
    shape = {256: [WIDTH], 257: [HEIGHT], 258: [16] * 3, 259: [1], 262: [2], 277: [3], 278: [HEIGHT], 284: [2]}
    offsets = [first + size * place for place in range(3)]
    return tiff_file(shape | {273: offsets, 279: [size] * 3}, body.astype(order + "u2").tobytes(), order, big)


def from_white() -> bytes:
    """TIFF of 16-bit grey that counts from white."""
    body = (65535 - np.asarray(quarters("L")).astype("<u2") * 257).astype("<u2").tobytes()
    shape = {256: [WIDTH], 257: [HEIGHT], 258: [16], 259: [1], 262: [0], 277: [1], 278: [HEIGHT]}
    return tiff_file(shape | {273: [8], 279: [len(body)]}, body)


def tiff_file(tags: dict[int, list[int]], body: bytes, order: str = "<", big: bool = False) -> bytes:
    kind, letter, head = (16, "Q", 8) if big else (4, "I", 2)
    first, inline = 2 * struct.calcsize(letter) + len(body), struct.calcsize(letter)
    entries, rest = b"", b""
    for tag, values in sorted(tags.items()):
        packed = struct.pack(f"{order}{len(values)}{letter}", *values)
        at = first + head + (4 + 2 * inline) * len(tags) + inline + len(rest)
        entries += struct.pack(f"{order}HH{letter}", tag, kind, len(values))
        entries += packed if len(values) == 1 else struct.pack(order + letter, at)
        rest += packed if len(values) > 1 else b""
    start = struct.pack(f"{order}2sH", b"II" if order == "<" else b"MM", 43 if big else 42)
    start += struct.pack(order + ("HHQ" if big else "I"), *((8, 0) if big else ()), first)
    return start + body + struct.pack(order + ("Q" if big else "H"), len(tags)) + entries + bytes(inline) + rest


def counted(data: bytes, tag: int, count: int) -> bytes:
    """A little-endian TIFF whose entry for `tag` claims so many values."""
    return patched(data, _entry(data, tag) + 4, struct.pack("<I", count))


def valued(data: bytes, tag: int, value: int) -> bytes:
    """A little-endian TIFF whose entry for `tag` is one LONG."""
    return patched(data, _entry(data, tag) + 2, struct.pack("<HII", 4, 1, value))


def _entry(data: bytes, tag: int) -> int:
    first = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, first)[0]
    return next(
        at for at in range(first + 2, first + 2 + 12 * count, 12) if data[at : at + 2] == struct.pack("<H", tag)
    )
