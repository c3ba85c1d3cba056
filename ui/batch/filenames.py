"""Names of files that strangers gave: read right, made safe, told apart."""

import re
import unicodedata
import zipfile

NAME_CHARACTERS = 80
NAME_BYTES = 180  # with what a result adds to it still below the 255 of common file systems

_UTF8_FLAG = 0x800
# Separators and what Windows forbids, control characters, and marks that turn the direction of writing around.
_FORBIDDEN = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]'
)


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The name of a zip's entry. Chinese Windows writes GBK and says nothing of it; Python then reads code page 437."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def points_outside(name: str) -> bool:
    """Whether a zip's entry would be written somewhere else than below the folder it is unpacked in."""
    parts = re.split(r"[/\\]", name)
    return ".." in parts or parts[0] == "" or bool(re.match(r"[A-Za-z]:", name))


def safe(name: str) -> str:
    """The last part of `name`, as every system may store it; letters of all scripts stay."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name.rstrip("/\\"))[-1])
    stem, dot, ending = _FORBIDDEN.sub("_", last).rpartition(".")
    if not (dot and ending) or len(ending) > 8:
        stem, dot, ending = stem + dot + ending, "", ""
    stem = stem.strip(" ._")[:NAME_CHARACTERS].encode()[:NAME_BYTES].decode(errors="ignore").strip(" ._")
    return f"{stem or 'file'}{dot}{ending}"


class Names:
    """Hands out every name once; case alone tells no two files apart on Windows and macOS."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def unique(self, stem: str, ending: str) -> str:
        """`stem` + `ending`, with a number between them where that is taken."""
        name, number = stem + ending, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{stem}-{number}{ending}"
        self._taken.add(name.casefold())
        return name
