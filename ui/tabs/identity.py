"""A kept cut-out → an ID photo or a sheet of them. No components, no model."""

from dataclasses import dataclass, replace

import numpy as np

from models.errors import BadImage
from models.finish.head_position import Head
from models.finish.id_photo import (
    LIMIT_RANGE,
    SHIFT_RANGE,
    SIZES,
    SOFT,
    ZOOM_RANGE,
    File,
    Frame,
    IdFormat,
    Size,
    encode,
    ends_early,
    enlargement,
    frame,
    make,
)
from models.finish.print_sheet import PAPERS, layout, sheet
from ui.i18n.language import say
from ui.state.validation import choice, number, whole
from ui.tabs.cutting import Finish, Kept, alpha_of, matte_of

WHITE = (255, 255, 255)


@dataclass(frozen=True)
class Identity:
    """What kind of ID photo is wanted, checked. No `limit_kb` is no limit."""

    size: Size
    zoom: float
    shift: float
    limit_kb: int | None
    paper: str

    @classmethod
    def checked(cls, size: object, zoom: object, shift: object, limit_kb: object, paper: object) -> "Identity":
        return cls(
            SIZES[choice("id_size", size, tuple(SIZES))],
            number("id_zoom", zoom, ZOOM_RANGE),
            number("id_shift", shift, SHIFT_RANGE),
            whole("id_limit", limit_kb, LIMIT_RANGE) if limit_kb else None,
            choice("paper", paper, tuple(PAPERS)),
        )


def id_photo(kept: Kept, finish: Finish, identity: Identity) -> np.ndarray:
    """RGB uint8 of the exact size; RGBA before a transparent background. BadImage when nobody is there."""
    matte, alpha = matte_of(kept), alpha_of(kept, finish)
    options = {"background": finish.background, "clean_edge": finish.clean_edge}
    return make(kept.photo, matte, alpha, _part(kept, identity), identity.size, **options)  # type: ignore[arg-type]


def id_file(photo: np.ndarray, finish: Finish, identity: Identity) -> File:
    return encode(photo, format_of(finish), dpi=identity.size.dpi, limit_kb=identity.limit_kb)


def id_sheet(kept: Kept, finish: Finish, identity: Identity) -> np.ndarray:
    """RGB uint8; a transparent background is white."""
    solid = finish if finish.background is not None else replace(finish, background=WHITE)
    return sheet(id_photo(kept, solid, identity), identity.size, identity.paper)


def sheet_file(page: np.ndarray, finish: Finish, identity: Identity) -> File:
    """At its best quality: the limit is for the photo that is sent, not for the one that is printed."""
    return encode(page, format_of(finish), dpi=identity.size.dpi)


def format_of(finish: Finish) -> IdFormat:
    """webp cannot carry DPI, and no office takes it."""
    return "png" if finish.format == "png" else "jpg"


def remarks(kept: Kept, finish: Finish, identity: Identity, language: str) -> list[str]:
    """What the visitor should know of the ID photo, in sentences."""
    part = _part(kept, identity)
    said = {
        "note_id_unsure": not _head(kept).sure,
        "note_id_short": ends_early(part, matte_of(kept)),
        "note_id_soft": enlargement(part, identity.size) > SOFT,
        "note_id_webp": finish.format == "webp",
    }
    return [say(language, key, times=f"{enlargement(part, identity.size):.1f}") for key, there in said.items() if there]


def limit_remark(file: File, identity: Identity, language: str) -> list[str]:
    """The sentence for a limit that was not met."""
    if file.fits:
        return []
    key = "note_id_limit_png" if file.quality is None else "note_id_limit"
    return [say(language, key, limit=identity.limit_kb, size=kilobytes(file))]


def id_facts(file: File, identity: Identity, language: str) -> list[str]:
    size = identity.size
    width, height = size.pixels
    parts = [
        say(language, "info_size", width=width, height=height),
        f"{size.width_mm:g} × {size.height_mm:g} mm",
        f"{size.dpi} dpi",
        f"{kilobytes(file)} KB",
    ]
    return parts + ([say(language, "info_quality", quality=file.quality)] if file.quality else [])


def sheet_facts(page: np.ndarray, identity: Identity, language: str) -> list[str]:
    width, height = PAPERS[identity.paper]
    return [
        say(language, "info_copies", count=len(layout(identity.size, identity.paper).corners)),
        say(language, "info_size", width=page.shape[1], height=page.shape[0]),
        f"{width:g} × {height:g} mm",
        f"{identity.size.dpi} dpi",
    ]


def kilobytes(file: File) -> str:
    return f"{len(file.data) / 1000:.1f}"


def _part(kept: Kept, identity: Identity) -> Frame:
    return frame(_head(kept), identity.size, zoom=identity.zoom, shift=identity.shift)


def _head(kept: Kept) -> Head:
    if kept.head is None:
        raise BadImage("Nobody was found in this picture: choose another for an ID photo.", reason="nobody")
    return kept.head
