"""What each tab takes and gives, and what makes a good photo or recording: folded, below everything else."""

from typing import Any

from markupsafe import Markup

from models.catalog import Family
from models.finish.id_photo import OWN_LIMITS, SIZES
from models.media import audio, images
from models.tasks.cartoon import LARGEST_SIDE
from ui.tabs.result_panel import both_languages

MEBIBYTE = 2**20
RECORDINGS = ("WAV", "MP3", "FLAC", "OGG", "M4A", "WebM")
_ABOUT = Markup('<details class="about"><summary>{}</summary><dl>{}</dl></details>')
_ENTRY = Markup("<dt>{}</dt><dd>{}</dd>")


def about_html(name: Family) -> Markup:
    """The text of a tab, its numbers from where they are enforced."""
    takes = ("about_takes_audio", _audio()) if name == "emotion" else ("about_takes_image", _image())
    gives = f"about_gives_{name}", _gives(name)
    entries = [("takes", *takes), ("gives", *gives), ("helps", f"about_helps_{name}", {})]
    told = (
        _ENTRY.format(both_languages(f"about_{part}"), both_languages(key).format(**values))
        for part, key, values in entries
    )
    return _ABOUT.format(both_languages("about"), Markup().join(told))


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
