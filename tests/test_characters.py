"""Every character of the page is one that fonts have anywhere: emoji and signs are squares where no font has them."""

import html
import re
from pathlib import Path

import pytest

from ui.i18n.error_texts_zh import ERRORS
from ui.i18n.texts import EMOTIONS, TEXTS

UI = Path(__file__).parent.parent / "ui"
RANGES = {
    "ASCII": (0x09, 0x7E),
    "Latin": (0xA0, 0x24F),
    "punctuation": (0x2010, 0x2027),
    "arrows": (0x2190, 0x2193),
    "minus": (0x2212, 0x2212),
    "CJK punctuation": (0x3000, 0x303F),
    "CJK": (0x4E00, 0x9FFF),
    "full width": (0xFF00, 0xFFEF),
}
SOURCES = sorted(path for kind in ("py", "js", "css") for path in UI.rglob(f"*.{kind}"))
ESCAPES = {
    ".css": re.compile(r"\\([0-9a-fA-F]{2,6})"),
    ".js": re.compile(r"\\u\{?([0-9a-fA-F]{4,6})"),
}


def odd(text: str) -> set[str]:
    return {sign for sign in text if not any(low <= ord(sign) <= high for low, high in RANGES.values())}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(UI).as_posix())
def test_sources_show_common_characters_only(path: Path) -> None:
    written = path.read_text("utf-8")
    codes = ESCAPES[path.suffix].findall(written) if path.suffix in ESCAPES else []
    assert odd(html.unescape(written) + "".join(chr(int(code, 16)) for code in codes)) == set()


def test_so_do_the_texts() -> None:
    shown = [*ERRORS.values(), *(text for pair in [*TEXTS.values(), *EMOTIONS.values()] for text in pair)]
    assert odd("".join(shown)) == set()
