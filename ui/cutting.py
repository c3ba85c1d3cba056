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
    refine,
)
from models.resident import Answer
from ui.fields import choice, colour, whole
from ui.files import Payload, publish_preview, uploaded_image

FORMATS = ("png", "jpg", "webp")
BACKGROUNDS = ("none", "colour", "image")


@dataclass(frozen=True)
class Kept:
    """A model pass: photo RGB uint8 [H,W,3], matte uint8 [H,W], the photo's preview file, what the run took."""

    photo: np.ndarray
    matte: np.ndarray
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
    matte = np.rint(answer.value * 255).astype(np.uint8)
    before = publish_preview(photo, "before")
    return Kept(photo, matte, kind, before, replace(answer, value=None))  # type: ignore[arg-type]


def finished(kept: Kept, finish: Finish) -> tuple[np.ndarray, np.ndarray]:
    """The cut-out as it will be saved, RGBA or RGB uint8, and its alpha uint8 [H,W]."""
    alpha = refine(
        kept.matte.astype(np.float32) / 255,
        alpha_threshold=finish.alpha_threshold,
        erode=finish.erode,
        feather=finish.feather,
    )
    return composite(kept.photo, alpha, finish.background), alpha
