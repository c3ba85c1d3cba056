"""Pictures as strangers send them: four coloured quarters in every disguise, and everything that is no picture."""

import struct
import zlib

import numpy as np
from PIL import Image

from tests.helpers.bmp_makers import masked
from tests.helpers.heif_makers import heic
from tests.helpers.odd_files import Odd, odd
from tests.helpers.picture_makers import (
    SRGB,
    animated,
    chunk,
    claiming,
    comment_bomb,
    counted,
    deep,
    from_white,
    gps,
    lab,
    nibbles,
    patched,
    planes,
    png,
    quarters,
    saved,
    shared_strips,
    text_info,
    tiled,
    transparent_palette,
    turned,
    with_alpha,
    with_damaged_chunk,
)
from tests.helpers.tiff_makers import ink, samples, with_hole

_GOOD = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP", "TIFF")
_TIFF_PACKED = ("tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "jpeg")
_CONTAINER = struct.pack(">I", 24) + b"ftyp%s\0\0\0\0mif1heic" + bytes(200)

PICTURES: list[Odd] = [
    *[Odd(f"plain_{format}", lambda format=format: saved(quarters(), format), "colour") for format in _GOOD],
    *[Odd(f"jpeg_exif_{number}", lambda number=number: turned(number), "colour") for number in range(1, 9)],
    *[
        Odd(f"{format}_exif_6", lambda format=format: turned(6, format), "colour")
        for format in ("PNG", "WEBP", "AVIF", "TIFF")
    ],
    *[Odd(name, lambda name=name: saved(quarters(), "TIFF", compression=name), "colour") for name in _TIFF_PACKED],
    *[
        Odd(f"tiff_{mode}", lambda mode=mode: saved(quarters(mode), "TIFF", compression="tiff_lzw"), "colour")
        for mode in ("P", "CMYK", "YCbCr")
    ],
    *odd(
        "colour",
        progressive=lambda: saved(quarters(), "JPEG", progressive=True),
        jpeg_444=lambda: saved(quarters(), "JPEG", subsampling=0),
        jpeg_cmyk=lambda: saved(quarters("CMYK"), "JPEG"),
        jpeg_mpo=lambda: saved(quarters(), "MPO", save_all=True, append_images=[quarters()]),
        jpeg_gps=gps,
        jpeg_broken_exif=lambda: saved(quarters(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"),
        png_exif_bomb=lambda: saved(quarters(), "PNG", exif=b"II*\0\x08\0\0\0\1\0\x12\1\3\0" + b"\0\1\0\0" * 10**6),
        jpeg_broken_profile=lambda: saved(quarters(), "JPEG", icc_profile=b"no profile" * 20),
        jpeg_srgb_profile=lambda: saved(quarters(), "JPEG", icc_profile=SRGB),
        jpeg_junk_behind=lambda: saved(quarters(), "JPEG") + b"junk" * 500,
        webp_lossless=lambda: saved(quarters(), "WEBP", lossless=True),
        webp_alpha=lambda: saved(with_alpha(), "WEBP", lossless=True),
        webp_animated=lambda: animated("WEBP", lossless=True),
        avif_alpha=lambda: saved(with_alpha(), "AVIF", quality=95),
        apng=lambda: animated("PNG"),
        png_damaged_note=lambda: with_damaged_chunk(saved(quarters(), "PNG")),
        gif_animated=lambda: animated("GIF"),
        png_palette=lambda: saved(quarters("P"), "PNG"),
        png_palette_hole=transparent_palette,
        png_key_colour=lambda: saved(quarters(), "PNG", transparency=(40, 60, 191)),
        png_alpha=lambda: saved(with_alpha(), "PNG"),
        png_text=text_info,
        png_16_bit=lambda: deep("rgb"),
        png_16_bit_alpha=lambda: deep("rgba"),
        bmp_palette=lambda: saved(quarters("P"), "BMP"),
        bmp_masks=lambda: masked(32, (0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
        heic=lambda: heic(np.asarray(quarters())),
        heic_in_tiles=lambda: heic(np.asarray(quarters()), tile=(64, 32)),
        tiff_alpha=lambda: saved(with_alpha(), "TIFF"),
        tiff_ink_alpha=lambda: samples(with_hole(ink()), 5, extra=(2,)),
        tiff_zstd=lambda: saved(quarters(), "TIFF", compression="zstd"),
        tiff_lab=lambda: saved(lab(), "TIFF"),
        tiff_16_bit=lambda: deep("rgb", ".tif"),
        tiff_pages=lambda: animated("TIFF"),
        tiff_tiles=lambda: tiled(32),
        tiff_strips=lambda: saved(quarters(), "TIFF", compression="tiff_lzw", strip_size=96 * 3 * 4),
        tiff_planes=planes,
        tiff_planes_big_endian=lambda: planes(">"),
        big_tiff_big_endian=lambda: planes(">", big=True),
        big_tiff=lambda: saved(quarters(), "TIFF", big_tiff=True, compression="tiff_lzw"),
    ),
    *odd(
        "grey",
        png_grey=lambda: saved(quarters("L"), "PNG"),
        png_grey_alpha=lambda: saved(quarters("LA"), "PNG"),
        png_grey_16_bit=lambda: deep("grey"),
        jpeg_grey=lambda: saved(quarters("L"), "JPEG"),
        tiff_grey_from_white=from_white,
        tiff_grey=lambda: saved(quarters("L"), "TIFF"),
        tiff_grey_alpha=lambda: saved(quarters("LA"), "TIFF"),
        tiff_grey_16_bit=lambda: deep("grey", ".tif"),
    ),
]

REFUSED: list[Odd] = [
    *[
        Odd(
            f"half_{format}",
            lambda format=format: (data := saved(quarters(), format))[: len(data) // 2],
            "image_damaged",
        )
        for format in ("JPEG", "WEBP", "GIF", "AVIF", "TIFF")
    ],
    *[
        Odd(f"bomb_{format}", lambda format=format: claiming(format, 13_000, 13_000), "image_pixels")
        for format in ("JPEG", "GIF", "BMP", "AVIF", "TIFF")
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
        png_nibbles=lambda: nibbles("PNG"),
        jpeg_nibbles=lambda: nibbles("JPEG"),
        gif_nibbles=lambda: nibbles("GIF"),
        jpeg_start=lambda: b"\xff\xd8\xff\xe0",
        jpeg_garbage=lambda: b"\xff\xd8\xff" + np.random.default_rng(8).bytes(3000),
        webp_garbage=lambda: b"RIFF\xff\xff\0\0WEBPVP8X" + bytes(300),
        heic_garbage=lambda: _CONTAINER % b"heic",
        heif_garbage=lambda: _CONTAINER % b"mif1",
        avif_garbage=lambda: struct.pack(">I", 24) + b"ftypavif" + bytes(300),
        gif_start=lambda: b"GIF89a\x40\0\x40\0\0\0\0",
        bmp_start=lambda: b"BM" + bytes(20),
        tiff_start=lambda: b"II*\0\x08\0\0\0",
        tiff_huge_tiles=lambda: tiled(40_000),
        tiff_shared_strips=shared_strips,
        tiff_many_strips=lambda: counted(saved(quarters(), "TIFF"), 273, 10**7),
        jpeg_no_pixels=lambda: (data := saved(quarters(), "JPEG"))[: data.index(b"\xff\xda") + 14],
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
        "save_as_jpeg",
        tiff_rare=lambda: saved(quarters(), "TIFF", compression="lzma"),
        raw=lambda: b"FUJIFILMCCD-RAW 0201" + bytes(100),
        netpbm=lambda: saved(quarters(), "PPM"),
        jpeg_12_bit=lambda: (data := saved(quarters(), "JPEG")) and patched(data, data.index(b"\xff\xc0") + 4, b"\x0c"),
        jpeg_lossless=lambda: saved(quarters(), "JPEG").replace(b"\xff\xc0", b"\xff\xc3"),
        bmp_in_jpeg=lambda: patched(saved(quarters(), "BMP"), 30, b"\4"),
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
    *odd("image_depth", tiff_floats=lambda: saved(quarters("F"), "TIFF")),
    *odd("image_bytes", too_many_bytes=lambda: saved(quarters(), "JPEG") + bytes(50 * 2**20)),
]
