"""Portrait → cartoon."""

from dataclasses import dataclass

import numpy as np

from models.cartoon import Cartoon
from models.catalog import Style
from models.faces import Face
from models.finish.blend import RESOLUTION_DEFAULT, RESOLUTION_RANGE, STRENGTH_DEFAULT, STRENGTH_RANGE, blend
from models.media import images
from models.media.sources import Source, read
from models.tasks.base import File, Task
from models.tasks.options import option

LARGEST_SIDE = round(RESOLUTION_RANGE[1])  # nothing larger than the largest result is drawn


@dataclass(frozen=True)
class Options:
    """How a portrait becomes a cartoon."""

    style: Style = option("anime", "which cartoon; one that is not loaded yet is loaded first", example="anime")
    strength: float = option(
        STRENGTH_DEFAULT, "how much of the cartoon goes over the photo", limits=STRENGTH_RANGE, step=0.05
    )
    resolution: int = option(
        RESOLUTION_DEFAULT,
        "longest side of the result in pixels; small photos are not enlarged unless asked for",
        limits=RESOLUTION_RANGE,
        step=64,
    )
    format: images.Format = option("png", "of the result")
    quality: int = option(images.QUALITY_DEFAULT, "of jpg and webp", limits=images.QUALITY_RANGE)
    enlarge: bool = option(False, "enlarge small photos to the resolution; adds pixels, no detail, and is told")


@dataclass(frozen=True)
class Photo:
    """A portrait, RGB uint8 [H,W,3] of at most LARGEST_SIDE, and the width and height it came with."""

    rgb: np.ndarray
    size: tuple[int, int]


@dataclass(frozen=True)
class Pass:
    """Photo and cartoon, RGB uint8 of one shape, the faces that were found, the photo's own width and height."""

    photo: np.ndarray
    cartoon: np.ndarray
    faces: tuple[Face, ...]
    size: tuple[int, int]

    @property
    def faces_too_small(self) -> int:
        return sum(not face.used for face in self.faces)


@dataclass(frozen=True)
class Result:
    """The cartoon as it will be saved, RGB uint8, how many faces are in it, and the longest side that it was enlarged
    from, None where it was not."""

    image: np.ndarray
    faces: int
    enlarged_from: int | None = None


class CartoonTask(Task[Options, Photo, Pass, Result]):
    name = "cartoon"
    family = "cartoon"
    source = "image"
    result = "cartoon"
    doc = "A portrait as a cartoon."
    options = Options

    def variant(self, options: Options) -> str | None:
        return options.style

    def decoding_bytes(self, source: Source, options: Options) -> int:
        return images.decoding_bytes(source)

    def decode(self, source: Source, options: Options) -> Photo:
        whole = images.decode(read(source, images.MAX_BYTES))
        return Photo(images.shrink(whole, LARGEST_SIDE), (whole.shape[1], whole.shape[0]))

    def working_bytes(self, decoded: Photo, options: Options) -> int:
        return 4 * decoded.rgb.nbytes + _enlarged_bytes(decoded.rgb, options)

    def finishing_bytes(self, passed: Pass, options: Options) -> int:
        return 3 * passed.photo.nbytes + _enlarged_bytes(passed.photo, options)

    def forward(self, pipeline: Cartoon, decoded: Photo, options: Options) -> Pass:
        drawn = pipeline.stylize([decoded.rgb])[0]
        return Pass(decoded.rgb, drawn.image, drawn.faces, decoded.size)

    def finish(self, passed: Pass, options: Options) -> Result:
        drawn = blend(passed.photo, passed.cartoon, strength=options.strength)
        side = self.enlarged_from(passed, options)
        image = (images.enlarge if side else images.shrink)(drawn, options.resolution)
        return Result(image, len(passed.faces), side)

    def enlarged_from(self, passed: Pass, options: Options) -> int | None:
        """The longest side that the result is enlarged from; None where it is not."""
        longest = max(passed.photo.shape[:2])
        return longest if options.enlarge and longest < options.resolution else None

    def file_name(self, options: Options) -> str:
        return f"{self.result}.{options.format}"

    def encode(self, result: Result, options: Options) -> File:
        content = images.encode(result.image, options.format, options.quality)
        enlarged = {"enlarged_from": result.enlarged_from} if result.enlarged_from else {}
        return File(content, self.file_name(options), {"faces": result.faces, **enlarged})

    def remarks(self, passed: Pass, options: Options) -> tuple[str, ...]:
        if not passed.faces:
            return ("no_face",)
        return ("small_face",) if passed.faces_too_small else ()


CARTOON = CartoonTask()


def _enlarged_bytes(photo: np.ndarray, options: Options) -> int:
    """Memory that an enlarged result takes."""
    times = options.resolution / max(photo.shape[:2])
    return round(times**2 * photo.nbytes) if options.enlarge and times > 1 else 0
