"""Makes HEIC files in memory: stills by an HEVC encoder, in boxes written by hand (ISO/IEC 23008-12)."""

import struct
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import av
import numpy as np

Box = bytes


def box(name: bytes, *bodies: bytes) -> Box:
    body = b"".join(bodies)
    return struct.pack(">I4s", 8 + len(body), name) + body


def full(name: bytes, *bodies: bytes, version: int = 0, flags: int = 0) -> Box:
    return box(name, struct.pack(">I", version << 24 | flags), *bodies)


def heic(
    pixels: np.ndarray,
    *turns: Box,
    alpha: np.ndarray | None = None,
    tile: tuple[int, int] | None = None,
    bits: int = 8,
    colour: Box | None = None,
    brand: bytes = b"heic",
) -> bytes:
    """RGB uint8 [H,W,3], whole or in tiles of (width, height); `turns` follow its other properties."""
    height, width = pixels.shape[:2]
    stills = [_still(part.tobytes(), part.shape, bits) for part in _tiles(pixels, tile)]
    kinds, properties, contents, references = [], [], [], []
    side = tile or (width, height)
    for settings, content in stills:
        kinds.append(b"hvc1")
        properties.append([box(b"hvcC", settings), full(b"ispe", struct.pack(">II", *side)), *([] if tile else turns)])
        contents.append(content)
    main = 1
    if tile:
        columns, rows = -(-width // tile[0]), -(-height // tile[1])
        kinds.append(b"grid")
        properties.append([full(b"ispe", struct.pack(">II", width, height)), *turns])
        contents.append(struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width, height))
        main = len(kinds)
        numbers = struct.pack(f">HH{main - 1}H", main, main - 1, *range(1, main))
        references.append(box(b"dimg", numbers))
    if alpha is not None:
        settings, content = _still(alpha.repeat(3, axis=2).tobytes(), (*alpha.shape[:2], 3), 8)
        kinds.append(b"hvc1")
        named = full(b"auxC", b"urn:mpeg:hevc:2015:auxid:1\0")
        properties.append([box(b"hvcC", settings), full(b"ispe", struct.pack(">II", width, height)), named])
        contents.append(content)
        references.append(box(b"auxl", struct.pack(">HHH", len(kinds), 1, main)))
    if colour:
        properties[main - 1].insert(0, colour)
    return _file(brand, main, kinds, properties, contents, references)


def _tiles(pixels: np.ndarray, tile: tuple[int, int] | None) -> list[np.ndarray]:
    if not tile:
        return [pixels]
    width, height = tile
    padded = np.pad(pixels, ((0, -pixels.shape[0] % height), (0, -pixels.shape[1] % width), (0, 0)), mode="edge")
    return [
        padded[y : y + height, x : x + width]
        for y in range(0, padded.shape[0], height)
        for x in range(0, padded.shape[1], width)
    ]


@cache
def _still(pixels: bytes, shape: tuple[int, ...], bits: int) -> tuple[bytes, bytes]:
    """An HEVC picture's configuration record (ISO/IEC 14496-15) and its slices, each behind its length."""
    coder = av.CodecContext.create("libx265", "w")
    coder.width, coder.height, coder.pix_fmt = shape[1], shape[0], "yuv420p" if bits == 8 else "yuv420p10le"
    coder.time_base = Fraction(1, 25)
    parameters = "log-level=none:pools=none:frame-threads=1:range=full:colormatrix=smpte170m:crf=4"
    coder.options = {"preset": "ultrafast", "x265-params": parameters}
    rgb = av.VideoFrame.from_ndarray(np.frombuffer(pixels, np.uint8).reshape(shape), "rgb24")
    frame = rgb.reformat(format=coder.pix_fmt, dst_colorspace="ITU601", dst_color_range="JPEG")
    stream = b"".join(bytes(packet) for packet in [*coder.encode(frame), *coder.encode(None)])
    units = [unit.rstrip(b"\0") for unit in stream.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")[1:]]
    kinds = [unit[0] >> 1 & 63 for unit in units]
    sets = [(kind, unit) for kind, unit in zip(kinds, units, strict=True) if 32 <= kind <= 34]
    slices = [unit for kind, unit in zip(kinds, units, strict=True) if kind < 32]
    arrays = b"".join(struct.pack(">BHH", 128 | kind, 1, len(unit)) + unit for kind, unit in sets)
    profile = sets[0][1][6:18]
    head = b"\1" + profile + b"\xf0\0\xfc\xfd" + bytes([0xF8 | bits - 8] * 2) + b"\0\0\x0f" + bytes([len(sets)])
    return head + arrays, b"".join(struct.pack(">I", len(unit)) + unit for unit in slices)


def _file(
    brand: bytes,
    main: int,
    kinds: Sequence[bytes],
    properties: Sequence[Sequence[Box]],
    contents: Sequence[bytes],
    references: Sequence[Box],
) -> bytes:
    head = box(b"ftyp", brand, bytes(4), b"mif1heic")
    known = [one for own in properties for one in own]
    entries, place = b"", 1
    for number, own in enumerate(properties, 1):
        entries += struct.pack(">HB", number, len(own)) + bytes(range(place, place + len(own)))
        place += len(own)
    named = [
        full(b"infe", struct.pack(">HH4s", number, 0, kind), b"\0", version=2) for number, kind in enumerate(kinds, 1)
    ]
    start = 0
    for _ in range(2):  # places count from the start of the file, behind the boxes that name them
        offsets = [start + sum(map(len, contents[:before])) for before in range(len(contents))]
        places = b"".join(
            struct.pack(">HHHII", number, 0, 1, at, len(content))
            for number, (at, content) in enumerate(zip(offsets, contents, strict=True), 1)
        )
        meta = full(
            b"meta",
            full(b"hdlr", bytes(4) + b"pict" + bytes(13)),
            full(b"pitm", struct.pack(">H", main)),
            full(b"iinf", struct.pack(">H", len(named)), *named),
            full(b"iref", *references) if references else b"",
            box(b"iprp", box(b"ipco", *known), full(b"ipma", struct.pack(">I", len(properties)), entries)),
            full(b"iloc", b"\x44\0" + struct.pack(">H", len(contents)), places),
        )
        start = len(head) + len(meta) + 8
    return head + meta + box(b"mdat", *contents)
