"""Recordings one behind the other in one file, which players end at the first of, or play at its rate."""

import re
from typing import Final

from models.media.sound.window import Readable

# Each costs an opening of a millisecond.
MAX_PARTS: Final = 1_000
_SEARCHED_BYTES = 2**20
# WavPack's first block of those of all channels, with the samples from the first one on.
_INITIAL: Final = b"[" + b"".join(re.escape(bytes([flags])) for flags in range(256) if flags & 8) + b"]"
_HEADS: Final = {
    "FLAC": rb"fLaC[\0\x80]\0\0\x22",
    "WAV": rb"(?:RIFF|RIFX|RF64).{4}WAVE",
    "AIFF": rb"FORM.{4}AIF[FC]",
    "W64": rb"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0",
    "AU": rb"\.snd\0\0.{6}\0\0\0|dns\...\0\0.{5}\0\0\0",
    "8SVX": rb"FORM.{4}(?:8SVX|16SV)",
    "TTA": rb"TTA1\x01\0",
    "WavPack": rb"wvpk.{4}[\x02-\x10]\x04.{6}\0{4}.{5}" + _INITIAL,
    "WMA": rb"0&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa\0b\xcel",
    "RealMedia": rb"\.RMF\0\0\0\x12",
    "NUT": rb"nut/multimedia container\0",
    "WTV": rb"\xb7\xd8\0\x20\x37\x49\xda\x11\xa6\x4e\0\x07\xe9\x5e\xad\x8d",
    "FLV": rb"FLV\x01[\x01\x04\x05]\0\0\0\x09",
    "AVI": rb"RIFF.{4}AVI LIST",
    "WEBM": rb"\x1aE\xdf\xa3.{1,8}B\x86\x81\x01",
    "CAF": rb"caff\0\x01\0\0desc",
    "MP4": rb"\0\0\0.ftyp",
    "AMR": rb"#!AMR(?:-WB)?\n",
    "OGG": rb"OggS\0\x02",
}
HEADS: Final = {kind: re.compile(pattern, re.DOTALL) for kind, pattern in _HEADS.items()}
_LONGEST = 32


def parts(file: Readable, start: int, end: int, kind: str) -> list[tuple[int, int]]:
    """(first byte, byte behind the last) of each; the chains of Ogg are its reader's business. ValueError for more than
    MAX_PARTS."""
    heads: list[int] = []
    if kind in HEADS and kind != "OGG":
        for at in range(start, end, _SEARCHED_BYTES):
            file.seek(at)
            found = (at + match.start() for match in HEADS[kind].finditer(file.read(_SEARCHED_BYTES + _LONGEST)))
            heads += [place for place in found if place > max(heads, default=-1)]
            if len(heads) > MAX_PARTS:
                raise ValueError("too many recordings")
    # What stands before the first head belongs to its recording.
    starts = [start, *heads[1:]]
    return list(zip(starts, [*starts[1:], end], strict=True))
