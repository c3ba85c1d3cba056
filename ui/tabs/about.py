"""What each tab takes and gives, and what makes a good photo or recording: folded, below everything else."""

from typing import Any

from markupsafe import Markup

from models.catalog import Family
from models.finish.id_photo import OWN_LIMITS, SIZES
from models.media import audio, images
from models.tasks.cartoon import LARGEST_SIDE
from ui.i18n.texts import TEXTS

MEBIBYTE = 2**20
RECORDINGS = ("WAV", "MP3", "FLAC", "OGG", "M4A", "WebM")
_ABOUT = Markup('<details class="about"><summary>{}</summary><dl>{}</dl></details>')
_ENTRY = Markup("<dt>{}</dt><dd>{}</dd>")
_BOTH = Markup('<span lang="en">{}</span><span lang="zh">{}</span>')


def about_html(name: Family) -> Markup:
    """The text of a tab, its numbers from where they are enforced."""
    takes = ("about_takes_audio", _audio()) if name == "emotion" else ("about_takes_image", _image())
    gives = f"about_gives_{name}", _gives(name)
    entries = [("takes", *takes), ("gives", *gives), ("helps", f"about_helps_{name}", {})]
    told = (_ENTRY.format(_both(f"about_{part}", {}), _both(key, values)) for part, key, values in entries)
    return _ABOUT.format(_both("about", {}), Markup().join(told))


def _both(key: str, values: dict[str, Any]) -> Markup:
    return _BOTH.format(*(text.format(**values) for text in TEXTS[key]))


def _image() -> dict[str, Any]:
    return {
        "formats": ", ".join(images.READABLE),
        "megabytes": images.MAX_BYTES // MEBIBYTE,
        "megapixels": images.MAX_PIXELS // 10**6,
        "low": images.MIN_SIDE,
        "high": images.MAX_SIDE,
    }


def _audio() -> dict[str, Any]:
    return {
        "formats": ", ".join(RECORDINGS),
        "megabytes": audio.MAX_BYTES // MEBIBYTE,
        "low": audio.MIN_SECONDS,
        "minutes": audio.MAX_SECONDS // 60,
    }


def _gives(name: Family) -> dict[str, Any]:
    low, high = OWN_LIMITS["mm"]
    return {"side": LARGEST_SIDE, "count": len(SIZES), "low": low, "high": high}
