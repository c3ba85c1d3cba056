"""What a file is, by its first bytes: names and extensions come from strangers and decide nothing."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from models.media.signatures import PICTURES, RECORDINGS, Signatures

Family = Literal["picture", "recording"]

HEAD_BYTES: Final = 1024

# What such files are usually called: for dialogues that choose files, and for files whose content tells nothing.
SUFFIXES: Final[dict[Family, frozenset[str]]] = {
    "picture": frozenset(
        (
            *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff"),
            *(".avif", ".heic", ".heif", ".hif", ".mpo"),
        )
    ),
    "recording": frozenset(
        (
            *(".wav", ".wave", ".mp3", ".mp2", ".mpga", ".flac", ".ogg", ".oga", ".ogv", ".opus", ".aif", ".aiff"),
            *(".aifc", ".au", ".snd", ".caf", ".m4a", ".m4b", ".m4r", ".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3gpp"),
            *(".3g2", ".aac", ".adts", ".amr", ".awb", ".webm", ".weba", ".mka", ".mkv", ".avi", ".ts", ".mts"),
            *(".m2ts", ".m2t", ".mpg", ".mpeg", ".vob", ".mxf", ".flv", ".f4v", ".f4a", ".wma", ".wmv", ".asf"),
            *(".w64", ".rf64", ".bwf", ".voc", ".sph", ".ac3", ".eac3", ".ec3", ".tta", ".wv", ".spx", ".ra"),
            *(".rm", ".wtv"),
        )
    ),
}
# The kinds that are read, as documents name them.
TOLD: Final[dict[Family, str]] = {
    "picture": "JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC",
    "recording": "WAV, MP3, FLAC, OGG, AIFF, AU, CAF, AMR, M4A, AAC, WMA, AC3, or a film with sound: MP4, MOV, WebM, "
    "MKV, AVI, FLV, WMV, MPEG, MPEG-TS",
}
# Few bytes tell these, and a text may begin with them: only those that are called so are taken for one. Nor is an icon
# or a score what is looked for in a folder.
_WEAK = ("BMP", "SVG", "ICO", "CUR", "PNM", "PCX", "TGA", "XPM", "EPS", "MP3", "AAC", "AC3", "E-AC3", "LATM", "MIDI")
# Programs in TypeScript are called so too.
_AMBIGUOUS = (".ts", ".mts")
_STILL = re.compile(rb"avi[fs]|hei|hev|mif[12]|miaf|msf1|1pic", re.DOTALL)
_NETPBM = re.compile(rb"P[1-7FfHh][ \t\r\n]+(?:#|-?\d|WIDTH|HEIGHT)")
_LOAS = 0x56E0
_PACKETS = 4
# What systems leave in folders and zips beside the files of people.
_CLUTTER_FOLDERS = ("__macosx", "@eadir")
_CLUTTER = ("thumbs.db", "ehthumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Kind:
    """A file format: `name` as people know it; recordings are sounds and films."""

    name: str
    family: Family


def kind_of(data: bytes) -> Kind | None:
    """The format of a file from its first HEAD_BYTES, or None when it is neither picture nor recording."""
    data = data[:HEAD_BYTES]
    name = _match(data, PICTURES) or _branded(data) or _netpbm(data)
    if name is None and b"<svg" in data:
        name = "SVG"
    if name:
        return Kind(name, "picture")
    name = _match(data, RECORDINGS) or _mpeg(data) or _dolby(data) or _movie(data) or _broadcast(data)
    return Kind(name, "recording") if name else None


def belongs(path: Path, family: Family) -> bool:
    """Whether a file in a folder is meant where a `family` is asked for: its content decides, and its name where that
    tells nothing or too little. A file that cannot be read goes by its name."""
    called = path.suffix.lower() in SUFFIXES[family]
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        return called
    kind = kind_of(head)
    if kind is None or kind.name in _WEAK:
        return called and not (kind is None and head and path.suffix.lower() in _AMBIGUOUS)
    return kind.family == family


def is_clutter(name: str) -> bool:
    """Whether a system or a program put the file there and no person: `name` is its path below what was given."""
    *folders, file = name.replace("\\", "/").casefold().split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in (*folders, file))
    return hidden or file in _CLUTTER or any(folder in _CLUTTER_FOLDERS for folder in folders)


def _match(data: bytes, table: Signatures) -> str | None:
    return next((name for offset, magic, name in table if data.startswith(magic, offset)), None)


def _branded(data: bytes) -> str | None:
    """Pictures in ISO's container, by their brands (ISO/IEC 14496-12, 23008-12)."""
    if data[4:8] != b"ftyp":
        return None
    major, end = data[8:12], min(int.from_bytes(data[:4], "big"), HEAD_BYTES)
    if _STILL.match(major):
        brands = {major, *(data[at : at + 4] for at in range(16, end, 4))}
        return "AVIF" if brands & {b"avif", b"avis"} else "HEIC"
    return {b"jxl ": "JPEG XL", b"crx ": "camera RAW"}.get(major)


def _netpbm(data: bytes) -> str | None:
    return "PNM" if _NETPBM.match(data) else None


def _mpeg(data: bytes) -> str | None:
    """MP3 or AAC without a container: eleven or twelve bits of sync, then the layer (00 in AAC)."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return None
    if data[1] & 0xF6 == 0xF0:
        return "AAC"
    return "MP3" if data[1] & 0x06 else None


def _dolby(data: bytes) -> str | None:
    """AC-3 and E-AC-3 by sync and version (ETSI TS 102 366), AAC in LOAS by two syncs (ISO/IEC 14496-3)."""
    if data[:2] == b"\x0bw" and len(data) > 5 and data[5] >> 3 <= 16:
        return "AC3" if data[5] >> 3 <= 10 else "E-AC3"
    behind = 3 + (int.from_bytes(data[1:3], "big") & 0x1FFF)
    first, next_one = (int.from_bytes(data[at : at + 2], "big") & 0xFFE0 for at in (0, behind))
    return "LATM" if first == next_one == _LOAS else None


def _movie(data: bytes) -> str | None:
    """ISO's container, or QuickTime from before brands: a box of a plausible size, by its name."""
    named = data[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
    return "MP4" if data[4:8] == b"ftyp" or (named and data[0] < 0x10) else None


def _broadcast(data: bytes) -> str | None:
    """MPEG-TS, from anywhere in it: a sync byte in every packet (ISO/IEC 13818-1; with time codes, of discs; with
    Reed-Solomon)."""
    for length in (188, 192, 204):
        if any(data[at::length][:_PACKETS] == b"G" * _PACKETS for at in range(min(length, len(data)))):
            return "MPEG-TS"
    return None
