"""Pictures as strangers send them, made in memory: four coloured quarters in every disguise, and what is no picture."""

import struct
import zlib
from io import BytesIO

import cv2
import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

from tests.odd_files import Odd, odd

WIDTH, HEIGHT = 96, 64
# Top left, top right, bottom left, bottom right.
COLOURS = ((200, 30, 40), (30, 160, 60), (40, 60, 190), (255, 255, 255))
_BACK = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
_TURNS = {orientation: Image.Transpose(number) for orientation, number in zip(range(2, 9), (0, 3, 1, 5, 4, 6, 2))}


def quarters(mode: str = "RGB", width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    rgb = np.array(COLOURS, np.uint8).reshape(2, 2, 3).repeat(height // 2, 0).repeat(width // 2, 1)
    return Image.fromarray(rgb).convert(mode)


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def turned(orientation: int, format: str = "JPEG") -> bytes:
    """A camera's file: stored turned, with the EXIF number that puts it upright."""
    image = quarters()
    if orientation > 1:
        image = image.transpose(_TURNS[_BACK[orientation]])
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(image, format, exif=exif.tobytes())


def with_alpha(hole: tuple[int, int, int] = (0, 0, 0)) -> Image.Image:
    """RGBA whose white quarter is a transparent hole over some other colour."""
    pixels = np.asarray(quarters("RGBA")).copy()
    pixels[HEIGHT // 2 :, WIDTH // 2 :] = (*hole, 0)
    return Image.fromarray(pixels)


def deep(channels: str) -> bytes:
    """PNG with 16 bits per channel: "grey", "rgb" or "rgba"."""
    image = {
        "grey": lambda: np.asarray(quarters("L")),
        "rgb": lambda: np.asarray(quarters())[..., ::-1],
        "rgba": lambda: cv2.cvtColor(np.asarray(with_alpha()), cv2.COLOR_RGBA2BGRA),
    }[channels]()
    return cv2.imencode(".png", image.astype(np.uint16) * 257)[1].tobytes()


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
        for tag, value in ((256, width), (257, height)):
            data = patched(data, data.index(struct.pack("<HHI", tag, 4, 1)) + 8, struct.pack("<I", value))
        return data
    at, layout = {"GIF": (6, "<HH"), "BMP": (18, "<ii")}[format]
    return patched(data, at, struct.pack(layout, width, height))


def icc(*colourants: tuple[float, float, float]) -> bytes:
    """A matrix profile with gamma 2.2 from three D50 colourants (ICC.1:2010, version 2)."""

    def numbers(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    text = b"odd\0"
    tags = [(b"desc", b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78))]
    tags += [(b"wtpt", b"XYZ " + bytes(4) + numbers(0.9642, 1, 0.8249))]
    tags += [(name, b"XYZ " + bytes(4) + numbers(*xyz)) for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), colourants)]
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


def text_info() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "someone", zip=True)
    return saved(quarters(), "PNG", pnginfo=info)


_GOOD = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "TIFF", "BMP")
_CONTAINER = struct.pack(">I", 24) + b"ftyp%s\0\0\0\0mif1heic" + bytes(200)

PICTURES: list[Odd] = [
    *[Odd(f"plain_{format}", lambda format=format: saved(quarters(), format), "colour") for format in _GOOD],
    *[Odd(f"jpeg_exif_{number}", lambda number=number: turned(number), "colour") for number in range(1, 9)],
    *[
        Odd(f"{format}_exif_6", lambda format=format: turned(6, format), "colour")
        for format in ("PNG", "WEBP", "AVIF", "TIFF")
    ],
    *odd(
        "colour",
        progressive=lambda: saved(quarters(), "JPEG", progressive=True),
        jpeg_444=lambda: saved(quarters(), "JPEG", subsampling=0),
        jpeg_cmyk=lambda: saved(quarters("CMYK"), "JPEG"),
        jpeg_mpo=lambda: saved(quarters(), "MPO", save_all=True, append_images=[quarters()]),
        jpeg_gps=gps,
        jpeg_broken_exif=lambda: saved(quarters(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"),
        jpeg_broken_profile=lambda: saved(quarters(), "JPEG", icc_profile=b"no profile" * 20),
        jpeg_srgb_profile=lambda: saved(quarters(), "JPEG", icc_profile=SRGB),
        jpeg_junk_behind=lambda: saved(quarters(), "JPEG") + b"junk" * 500,
        webp_lossless=lambda: saved(quarters(), "WEBP", lossless=True),
        webp_alpha=lambda: saved(with_alpha(), "WEBP", lossless=True),
        webp_animated=lambda: animated("WEBP", lossless=True),
        avif_alpha=lambda: saved(with_alpha(), "AVIF", quality=95),
        apng=lambda: animated("PNG"),
        gif_animated=lambda: animated("GIF"),
        png_palette=lambda: saved(quarters("P"), "PNG"),
        png_palette_hole=transparent_palette,
        png_key_colour=lambda: saved(quarters(), "PNG", transparency=(40, 60, 191)),
        png_alpha=lambda: saved(with_alpha(), "PNG"),
        png_text=text_info,
        png_16_bit=lambda: deep("rgb"),
        png_16_bit_alpha=lambda: deep("rgba"),
        tiff_cmyk=lambda: saved(quarters("CMYK"), "TIFF"),
        tiff_lzw=lambda: saved(quarters(), "TIFF", compression="tiff_lzw"),
        tiff_palette=lambda: saved(quarters("P"), "TIFF"),
        tiff_ycbcr=lambda: saved(quarters("YCbCr"), "TIFF", compression="jpeg", quality=95),
        bmp_palette=lambda: saved(quarters("P"), "BMP"),
    ),
    *odd(
        "grey",
        png_grey=lambda: saved(quarters("L"), "PNG"),
        png_grey_alpha=lambda: saved(quarters("LA"), "PNG"),
        png_grey_16_bit=lambda: deep("grey"),
        jpeg_grey=lambda: saved(quarters("L"), "JPEG"),
        tiff_grey_16_bit=lambda: saved(Image.open(BytesIO(deep("grey"))), "TIFF"),
        tiff_grey_profile=lambda: saved(quarters("L"), "TIFF", icc_profile=DISPLAY_P3),
    ),
]

REFUSED: list[Odd] = [
    *[
        Odd(
            f"half_{format}",
            lambda format=format: (data := saved(quarters(), format))[: len(data) // 2],
            "image_damaged",
        )
        for format in ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "TIFF", "BMP")
    ],
    *[
        Odd(f"bomb_{format}", lambda format=format: claiming(format, 13_000, 13_000), "image_pixels")
        for format in ("JPEG", "GIF", "BMP", "TIFF", "AVIF")
    ],
    *odd("image_empty", empty=bytes),
    *odd(
        "not_an_image",
        one_byte=lambda: b"\x89",
        text=lambda: "你好, this is a letter".encode(),
        html=lambda: b"<!doctype html><html><body>404</body></html>",
        json=lambda: b'{"image": "data:image/png;base64,AAAA"}',
        pdf=lambda: b"%PDF-1.7\n1 0 obj\n<< >>\nendobj",
        zip=lambda: b"PK\x03\x04" + bytes(100),
        zeros=lambda: bytes(5000),
        noise=lambda: np.random.default_rng(7).bytes(5000),
        almost_png=lambda: b"\x89PNX" + saved(quarters(), "PNG")[4:],
    ),
    *odd(
        "image_damaged",
        png_signature=lambda: b"\x89PNG\r\n\x1a\n",
        png_wrong_crc=lambda: patched(saved(quarters(), "PNG"), 29, b"\0\0\0\0"),
        png_no_pixels=lambda: b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)),
        png_profile_bomb=lambda: png(64, 64, chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(50_000_000), 9))),
        png_comment_bomb=comment_bomb,
        jpeg_start=lambda: b"\xff\xd8\xff\xe0",
        jpeg_garbage=lambda: b"\xff\xd8\xff" + np.random.default_rng(8).bytes(3000),
        webp_garbage=lambda: b"RIFF\xff\xff\0\0WEBPVP8X" + bytes(300),
        avif_garbage=lambda: struct.pack(">I", 24) + b"ftypavif" + bytes(300),
        gif_start=lambda: b"GIF89a\x40\0\x40\0\0\0\0",
        tiff_endless=lambda: b"II*\0\x08\0\0\0\x01\0" + b"\0\x01\x04\0\xff\xff\xff\xff\x08\0\0\0" + b"\x08\0\0\0",
        bmp_start=lambda: b"BM" + bytes(20),
    ),
    *odd(
        "image_too_small",
        one_pixel=lambda: saved(quarters(width=2, height=2).crop((0, 0, 1, 1)), "PNG"),
        fifteen=lambda: saved(Image.new("RGB", (15, 200)), "PNG"),
        hair_strip=lambda: saved(Image.new("RGB", (1, 4000)), "PNG"),
    ),
    *odd(
        "image_too_narrow",
        strip=lambda: saved(Image.new("RGB", (16, 400)), "PNG"),
        lying_strip=lambda: png(16, 16_000),
    ),
    *odd(
        "image_too_long",
        ribbon=lambda: png(16_001, 1000),
        tall=lambda: png(1000, 40_000),
        jpeg=lambda: claiming("JPEG", 17_000, 900),
    ),
    *odd(
        "image_pixels",
        bomb_png=lambda: png(13_000, 13_000),
        huge_png=lambda: png(2**31 - 1, 2**31 - 1),
        long_strip=lambda: png(720, 72_000),
        just_over=lambda: png(7072, 7072),
    ),
    *odd(
        "image_depth", tiff_float=lambda: saved(quarters("F"), "TIFF"), tiff_32_bit=lambda: saved(quarters("I"), "TIFF")
    ),
    *odd(
        "save_as_jpeg",
        heic=lambda: _CONTAINER % b"heic",
        heif=lambda: _CONTAINER % b"mif1",
        svg=lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>',
        svg_prolog=lambda: b'<?xml version="1.0"?>\n<!DOCTYPE svg [<!ENTITY x "y">]>\n<svg width="64"/>',
        photoshop=lambda: b"8BPS\0\x01" + bytes(100),
        icon=lambda: b"\0\0\x01\0\x01\0" + bytes(100),
        jpeg_xl=lambda: b"\xff\x0a" + bytes(100),
        jpeg_2000=lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100),
    ),
    *odd(
        "not_a_picture",
        wav=lambda: b"RIFF\0\0\0\0WAVEfmt " + bytes(100),
        flac=lambda: b"fLaC" + bytes(100),
        mp3=lambda: b"ID3\x03" + bytes(100),
        film=lambda: struct.pack(">I", 24) + b"ftypisom" + bytes(100),
        webm=lambda: b"\x1aE\xdf\xa3" + bytes(100),
    ),
    *odd("image_bytes", too_many_bytes=lambda: saved(quarters(), "JPEG") + bytes(50 * 2**20)),
]
