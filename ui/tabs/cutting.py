"""Photo file → cut-out: the model pass, and the finish that needs no model. No components."""

from dataclasses import dataclass, replace

import numpy as np

import preload
from models.catalog import MATTING_KINDS
from models.finish.background import DIRECTIONS, Background, Gradient
from models.finish.cutout import (
    ALPHA_THRESHOLD_DEFAULT,
    ALPHA_THRESHOLD_RANGE,
    ERODE_DEFAULT,
    ERODE_RANGE,
    composite,
    refine,
)
from models.finish.foreground import foreground
from models.finish.head_position import Head, find_head
from models.finish.matte_quality import Finding, judge
from models.media import images
from models.runtime.resident import Answer
from ui.state.files import PREVIEW_SIDE, Payload, publish_preview, uploaded_image
from ui.state.validation import choice, colour, whole

FORMATS = ("png", "jpg", "webp")
OUTPUTS = ("cutout", "id", "sheet")
BACKGROUNDS = ("none", "colour", "gradient", "image")


@dataclass(frozen=True)
class Kept:
    """A model pass: photo RGB uint8 [H,W,3]; small as on the page, and so with clean edges; matte uint8 [H,W]; the
    matte's faults; the head, None where nobody is; the photo's preview file; what the run took."""

    photo: np.ndarray
    small: np.ndarray
    small_clean: np.ndarray
    matte: np.ndarray
    findings: tuple[Finding, ...]
    head: Head | None
    kind: str
    before: str
    run: Answer[None]


@dataclass(frozen=True)
class Finish:
    """How a cut-out is finished, checked."""

    background: Background | None = None
    alpha_threshold: int = ALPHA_THRESHOLD_DEFAULT
    erode: int = ERODE_DEFAULT
    feather: bool = True
    clean_edge: bool = True
    format: images.Format = "png"

    @classmethod
    def checked(
        cls,
        background: Background | None,
        alpha_threshold: object,
        erode: object,
        feather: object,
        clean_edge: object,
        format: object,
    ) -> "Finish":
        return cls(
            background,
            whole("alpha_threshold", alpha_threshold, ALPHA_THRESHOLD_RANGE),
            whole("erode", erode, ERODE_RANGE),
            bool(feather),
            bool(clean_edge),
            choice("format", format, FORMATS),  # type: ignore[arg-type]
        )


def background_of(
    kind: object, shade: object, second: object, direction: object, picture: Payload | None
) -> Background | None:
    """The background that the controls describe; None is transparent, also while the picture is missing."""
    kind = choice("background", kind, BACKGROUNDS)
    if kind == "image":
        return images.decode(uploaded_image(picture)) if picture else None
    if kind == "gradient":
        towards = choice("gradient", direction, DIRECTIONS)
        return Gradient(colour(shade), colour(second), towards)  # type: ignore[arg-type]
    return colour(shade) if kind == "colour" else None


def background_from(text: str, direction: object, picture: Payload | None) -> Background | None:
    """The background that a program describes: `transparent`, `#rrggbb` or `#rrggbb,#rrggbb`; a picture goes before."""
    first, _, second = text.partition(",")
    kind = "image" if picture else "none" if text == "transparent" else "gradient" if second else "colour"
    return background_of(kind, first, second, direction, picture)


def cut(data: bytes, kind: object, *, visitor: str) -> Kept:
    """The model pass over an image file, at its full size."""
    kind = choice("model", kind, MATTING_KINDS)
    photo = images.decode(data)
    answer = preload.matting.run(lambda pipeline: pipeline.matte([photo])[0], variant=kind, visitor=visitor)
    small, matte = images.shrink(photo, PREVIEW_SIDE), answer.value
    clean = foreground(small, images.shrink(matte, PREVIEW_SIDE))
    findings = judge(matte, person=kind == "portrait")
    run: Answer[None] = replace(answer, value=None)  # type: ignore[arg-type, assignment]
    kept = np.rint(matte * 255).astype(np.uint8)
    return Kept(photo, small, clean, kept, findings, find_head(matte), kind, publish_preview(small, "before"), run)


def alpha_of(kept: Kept, finish: Finish) -> np.ndarray:
    """The finished alpha uint8 [H,W]."""
    return refine(matte_of(kept), alpha_threshold=finish.alpha_threshold, erode=finish.erode, feather=finish.feather)


def finished(kept: Kept, finish: Finish) -> tuple[np.ndarray, np.ndarray]:
    """The cut-out as it will be saved, RGBA or RGB uint8, and its alpha uint8 [H,W]."""
    alpha = alpha_of(kept, finish)
    front = foreground(kept.photo, matte_of(kept)) if finish.clean_edge else kept.photo
    return composite(front, alpha, finish.background), alpha


def preview_of(kept: Kept, finish: Finish) -> np.ndarray:
    """The cut-out as the page shows it: its edge is that of the full size, made small."""
    front = kept.small_clean if finish.clean_edge else kept.small
    return composite(front, images.shrink(alpha_of(kept, finish), PREVIEW_SIDE), finish.background)


def matte_of(kept: Kept) -> np.ndarray:
    """The matte as the model gave it, float32 [H,W] in 0..1."""
    return kept.matte.astype(np.float32) / 255
