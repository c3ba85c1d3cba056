"""What a file is, by its first bytes: names and extensions come from strangers and decide nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

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
            *(".3g2", ".aac", ".adts", ".amr", ".awb", ".webm", ".weba", ".mka", ".mkv", ".avi"),
        )
    ),
}
# The kinds that are read, as documents name them.
TOLD: Final[dict[Family, str]] = {
    "picture": "JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF",
    "recording": "WAV, MP3, FLAC, OGG, AIFF, AU, CAF, AMR, M4A, AAC, or a film with sound: MP4, MOV, WebM, MKV, AVI",
}
# Few bytes tell these, and a text may begin with them: only those that are called so are taken for one. Nor is an icon
# or a score what is looked for in a folder.
_WEAK = ("BMP", "SVG", "ICO", "MP3", "AAC", "MIDI")
# What systems leave in folders and zips beside the files of people.
_CLUTTER_FOLDERS = ("__macosx", "@eadir")
_CLUTTER = ("thumbs.db", "ehthumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Kind:
    """A file format: `name` as people know it; recordings are sounds and films."""

    name: str
    family: Family


# The first match wins: an ISO container is looked at brand by brand before it counts as MP4.
_PICTURES = (
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (8, b"WEBP", "WEBP"),
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"II+\0", "TIFF"),
    (0, b"MM\0+", "TIFF"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftypavis", "AVIF"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftypmsf1", "HEIC"),
    (0, b"8BPS", "PSD"),
    (0, b"\0\0\x01\0", "ICO"),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL ", "JPEG XL"),
    (4, b"jP  ", "JPEG 2000"),
)
_RECORDINGS = (
    (8, b"WAVE", "WAV"),
    (8, b"AVI ", "AVI"),
    (0, b"fLaC", "FLAC"),
    (0, b"OggS", "OGG"),
    (0, b"ID3", "MP3"),
    (8, b"AIFF", "AIFF"),
    (8, b"AIFC", "AIFF"),
    (0, b".snd", "AU"),
    (0, b"caff", "CAF"),
    (4, b"ftyp", "MP4"),
    (0, b"\x1aE\xdf\xa3", "WEBM"),
    (0, b"#!AMR", "AMR"),
    (0, b"#!SILK", "SILK"),
    (1, b"#!SILK", "SILK"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "WMA"),
    (0, b"MThd", "MIDI"),
)


def kind_of(data: bytes) -> Kind | None:
    """The format of a file from its first HEAD_BYTES, or None when it is neither picture nor recording."""
    name = _match(data, _PICTURES)
    if name == "HEIC" and b"avif" in data[8:64]:
        name = "AVIF"
    if name is None and b"<svg" in data[:HEAD_BYTES]:
        name = "SVG"
    if name:
        return Kind(name, "picture")
    name = _match(data, _RECORDINGS) or _mpeg(data) or _old_movie(data)
    return Kind(name, "recording") if name else None


def belongs(path: Path, family: Family) -> bool:
    """Whether a file in a folder is meant where a `family` is asked for: its content decides, and its name where that
    tells nothing or too little. A file that cannot be read goes by its name."""
    called = path.suffix.lower() in SUFFIXES[family]
    try:
        with path.open("rb") as file:
            kind = kind_of(file.read(HEAD_BYTES))
    except OSError:
        return called
    if kind is None or kind.name in _WEAK:
        return called
    return kind.family == family


def is_clutter(name: str) -> bool:
    """Whether a system or a program put the file there and no person: `name` is its path below what was given."""
    *folders, file = name.replace("\\", "/").casefold().split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in (*folders, file))
    return hidden or file in _CLUTTER or any(folder in _CLUTTER_FOLDERS for folder in folders)


def _match(data: bytes, table: tuple[tuple[int, bytes, str], ...]) -> str | None:
    return next((name for offset, magic, name in table if data.startswith(magic, offset)), None)


def _mpeg(data: bytes) -> str | None:
    """MP3 or AAC without a container: eleven or twelve bits of sync, then the layer (00 in AAC)."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return None
    if data[1] & 0xF6 == 0xF0:
        return "AAC"
    return "MP3" if data[1] & 0x06 else None


def _old_movie(data: bytes) -> str | None:
    """QuickTime from before brands: a box of a plausible size, by its name."""
    named = data[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
    return "MP4" if named and data[0] < 0x10 else None
