"""Names of files that strangers gave, made safe to show and to save under, and the names of results after them."""

import re
import unicodedata

NAME_CHARACTERS = 80
NAME_BYTES = 180  # with what a result adds to it still below the 255 of common file systems

# Separators and what Windows forbids, control characters, and marks that turn the direction of writing around.
_FORBIDDEN = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]'
)


# Devices of Windows, whatever follows the first dot.
_DEVICE = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
_ENDING = re.compile(r"(.*)(\.[^\W_]{1,8})", re.DOTALL)


def safe(name: str) -> str:
    """The last part of `name`, as every system may store it; letters of all scripts stay."""
    return "".join(_parts(name))


def result_name(source: str | None, result: str) -> str:
    """What a result is saved as: `portrait.jpg` and `cartoon.png` make `portrait.cartoon.png`. A source without a name
    adds nothing."""
    return f"{stem_of(source)}.{result}" if source else result


def stem_of(source: str) -> str:
    """The safe name without its ending."""
    return _parts(source)[0]


def split(name: str) -> tuple[str, str]:
    """What is before the ending, and that with its dot: `Dr. Smith` has none."""
    found = _ENDING.fullmatch(name)
    return (found[1], found[2]) if found else (name, "")


def _parts(name: str) -> tuple[str, str]:
    """Stem, and ending with its dot."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name.rstrip("/\\"))[-1])
    stem, ending = split(_FORBIDDEN.sub("_", last))
    stem = stem.strip(" ._")[:NAME_CHARACTERS].encode()[:NAME_BYTES].decode(errors="ignore").strip(" ._")
    return _DEVICE.sub(r"\1_", stem) or "file", ending


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
