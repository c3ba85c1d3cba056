"""Portrait file → cartoon: the model pass, and the finish that needs no model. No components."""

import time
from dataclasses import dataclass, replace

import cv2
import numpy as np

import preload
from models.cartoon import Stylized
from models.catalog import STYLES
from models.faces import Face
from models.finish.blend import RESOLUTION_DEFAULT, RESOLUTION_RANGE, STRENGTH_DEFAULT, STRENGTH_RANGE, blend
from models.media import images
from models.runtime.resident import Answer
from ui.state.files import publish_preview
from ui.state.validation import choice, number, whole

FORMATS = ("png", "jpg", "webp")
QUALITY_RANGE, QUALITY_DEFAULT = (50, 100), 90
LINES_PER_SIDE = 250  # how thin the boxes around faces are
FACE_COLOUR, SMALL_FACE_COLOUR = (34, 160, 90), (214, 90, 40)


@dataclass(frozen=True)
class Kept:
    """A model pass: photo and cartoon RGB uint8 of one shape, the photo's own width and height, its preview file,
    seconds to decode it, what the run took."""

    photo: np.ndarray
    cartoon: np.ndarray
    faces: tuple[Face, ...]
    size: tuple[int, int]
    before: str
    decode: float
    run: Answer[None]


@dataclass(frozen=True)
class Finish:
    """How a cartoon is finished, checked."""

    strength: float = STRENGTH_DEFAULT
    resolution: int = RESOLUTION_DEFAULT
    format: images.Format = "png"
    quality: int = QUALITY_DEFAULT

    @classmethod
    def checked(cls, strength: object, resolution: object, format: object, quality: object) -> "Finish":
        return cls(
            number("strength", strength, STRENGTH_RANGE),
            whole("resolution", resolution, RESOLUTION_RANGE),
            choice("format", format, FORMATS),  # type: ignore[arg-type]
            whole("quality", quality, QUALITY_RANGE),
        )


def draw(data: bytes, style: object, *, visitor: str) -> Kept:
    """The model pass over an image file. Nothing larger than the largest result is drawn."""
    style = choice("style", style, STYLES)
    started = time.perf_counter()
    original = images.decode(data)
    photo = images.shrink(original, RESOLUTION_RANGE[1])
    decode = time.perf_counter() - started
    answer = preload.cartoon.run(lambda pipeline: pipeline.stylize([photo])[0], variant=style, visitor=visitor)
    drawn: Stylized = answer.value
    run: Answer[None] = replace(answer, value=None)  # type: ignore[arg-type, assignment]
    size = original.shape[1], original.shape[0]
    return Kept(photo, drawn.image, drawn.faces, size, publish_preview(photo, "before"), decode, run)


def finished(kept: Kept, finish: Finish) -> np.ndarray:
    """The cartoon as it will be saved, RGB uint8."""
    return images.shrink(blend(kept.photo, kept.cartoon, strength=finish.strength), finish.resolution)


def with_faces(image: np.ndarray, kept: Kept) -> np.ndarray:
    """`image` with a box around every face: green where it was drawn on its own, orange where it was too small."""
    scale = image.shape[1] / kept.photo.shape[1]
    boxed, line = image.copy(), max(2, round(max(image.shape) / LINES_PER_SIDE))
    for face in kept.faces:
        corners = [round(value * scale) for value in (face.x1, face.y1, face.x2, face.y2)]
        colour = FACE_COLOUR if face.used else SMALL_FACE_COLOUR
        cv2.rectangle(boxed, corners[:2], corners[2:], colour, line, cv2.LINE_AA)
    return boxed
