"""Photo file → cut-out: the model pass, and the finish that needs no model. No components."""

from dataclasses import dataclass, replace

import numpy as np

import preload
from models import images
from models.catalog import MATTING_KINDS
from models.matting import (
    ALPHA_THRESHOLD_DEFAULT,
    ALPHA_THRESHOLD_RANGE,
    ERODE_DEFAULT,
    ERODE_RANGE,
    Colour,
    composite,
    is_empty,
    refine,
)
from models.resident import Answer
from ui.fields import choice, colour, whole
from ui.files import PREVIEW_SIDE, Payload, publish_preview, uploaded_image

FORMATS = ("png", "jpg", "webp")
BACKGROUNDS = ("none", "colour", "image")


@dataclass(frozen=True)
class Kept:
    """A model pass: photo RGB uint8 [H,W,3] and small as on the page, matte uint8 [H,W], the photo's preview file,
    what the run took."""

    photo: np.ndarray
    small: np.ndarray
    matte: np.ndarray
    empty: bool
    kind: str
    before: str
    run: Answer[None]


@dataclass(frozen=True)
class Finish:
    """How a cut-out is finished, checked."""

    background: Colour | np.ndarray | None = None
    alpha_threshold: int = ALPHA_THRESHOLD_DEFAULT
    erode: int = ERODE_DEFAULT
    feather: bool = True
    format: images.Format = "png"

    @classmethod
    def checked(
        cls,
        background: object,
        shade: object,
        picture: Payload | None,
        alpha_threshold: object,
        erode: object,
        feather: object,
        format: object,
    ) -> "Finish":
        return cls(
            _background(choice("background", background, BACKGROUNDS), shade, picture),
            whole("alpha_threshold", alpha_threshold, ALPHA_THRESHOLD_RANGE),
            whole("erode", erode, ERODE_RANGE),
            bool(feather),
            choice("format", format, FORMATS),  # type: ignore[arg-type]
        )


def _background(kind: str, shade: object, picture: Payload | None) -> Colour | np.ndarray | None:
    if kind == "none":
        return None
    if kind == "colour":
        return colour(shade)
    return images.decode(uploaded_image(picture)) if picture else None


def cut(data: bytes, kind: object, *, visitor: str) -> Kept:
    """The model pass over an image file, at its full size."""
    kind = choice("model", kind, MATTING_KINDS)
    photo = images.decode(data)
    answer = preload.matting.run(lambda pipeline: pipeline.matte([photo])[0], variant=kind, visitor=visitor)
    small, matte = images.shrink(photo, PREVIEW_SIDE), np.rint(answer.value * 255).astype(np.uint8)
    run: Answer[None] = replace(answer, value=None)  # type: ignore[arg-type, assignment]
    return Kept(photo, small, matte, is_empty(answer.value), kind, publish_preview(small, "before"), run)


def alpha_of(kept: Kept, finish: Finish) -> np.ndarray:
    """The finished alpha uint8 [H,W]."""
    matte = kept.matte.astype(np.float32) / 255
    return refine(matte, alpha_threshold=finish.alpha_threshold, erode=finish.erode, feather=finish.feather)


def finished(kept: Kept, finish: Finish) -> tuple[np.ndarray, np.ndarray]:
    """The cut-out as it will be saved, RGBA or RGB uint8, and its alpha uint8 [H,W]."""
    alpha = alpha_of(kept, finish)
    return composite(kept.photo, alpha, finish.background), alpha


def preview_of(kept: Kept, finish: Finish) -> np.ndarray:
    """The cut-out as the page shows it: its edge is that of the full size, made small."""
    return composite(kept.small, images.shrink(alpha_of(kept, finish), PREVIEW_SIDE), finish.background)
