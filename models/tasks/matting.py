"""Photo → cutout."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, TypeVar

import numpy as np

from models.catalog import MattingVariant
from models.errors import BadField
from models.finish.background import Background, Colour, Direction, Gradient, hex_colour
from models.finish.cutout import (
    ALPHA_THRESHOLD_DEFAULT,
    ALPHA_THRESHOLD_RANGE,
    ERODE_DEFAULT,
    ERODE_RANGE,
    composite,
    refine,
    subject_box,
    to_alpha,
    to_matte,
)
from models.finish.foreground import foreground
from models.finish.head_position import FindFaces, Head, against_faces, find_head
from models.finish.matte_quality import Finding, judge
from models.matting import Matting
from models.media import images
from models.media.sources import Source, read
from models.runtime.resident import Resident
from models.tasks.base import Call, File, Task
from models.tasks.face_look import looker
from models.tasks.options import option

PersonOptionsT = TypeVar("PersonOptionsT", bound="PersonOptions")
Result = TypeVar("Result")
# Photo, alpha of the model and of the finish, the person's colours and the background's, and what is made of them.
WORKING_BYTES_PER_PIXEL = 12
_COLOUR = "#[0-9A-Fa-f]{6}"
BACKGROUNDS = {"pattern": f"^(transparent|image|{_COLOUR}(,{_COLOUR})?)$"}


@dataclass(frozen=True)
class PersonOptions:
    """What a cutout and an ID photo have in common: who is cut out, how hard the edge is, what lies behind."""

    model: MattingVariant = option("portrait", "portrait for people, universal for anything")
    background: str = option(
        "transparent",
        "transparent, #rrggbb, a gradient as #rrggbb,#rrggbb, or image (with background_image)",
        example="#ffffff",
        schema=BACKGROUNDS,
    )
    background_image: Source | None = option(None, "a picture to put behind the person")
    gradient: Direction = option("down", "where a gradient of two colours runs")
    alpha_threshold: int = option(
        ALPHA_THRESHOLD_DEFAULT, "alpha below it, of 255, becomes 0", limits=ALPHA_THRESHOLD_RANGE
    )
    erode: int = option(ERODE_DEFAULT, "pixels the edge moves in", limits=ERODE_RANGE)
    feather: bool = option(True, "soften the edge over one pixel")
    clean_edge: bool = option(True, "take the old background's colours out of the edge")

    def __post_init__(self) -> None:
        self.plain_background()

    @property
    def with_image(self) -> bool:
        """Whether a picture lies behind; one that was sent alone means it."""
        return self.background == "image" or (self.background == "transparent" and self.background_image is not None)

    def plain_background(self) -> Colour | Gradient | None:
        """The background, unless it is transparent or a picture. Raises BadField."""
        if self.with_image:
            if self.background_image is None:
                message = "background is 'image': send the picture as background_image."
                raise BadField(message, reason="no_background")
            return None
        if self.background == "transparent":
            return None
        match [hex_colour(part.strip()) for part in self.background.split(",")]:
            case [(_, _, _) as colour]:
                return colour
            case [(_, _, _) as first, (_, _, _) as last]:
                return Gradient(first, last, self.gradient)
        shown = self.background[:40]
        message = f"background is {shown!r}; choose transparent, image, a colour like #ffffff, or two with a comma."
        raise BadField(message, reason="bad_colour", value=shown)

    def painted_background(self) -> Background | None:
        """The background, a picture decoded; None is transparent. Raises what `images.decode` does."""
        if self.with_image and self.background_image is not None:
            return images.decode(read(self.background_image, images.MAX_BYTES))
        return self.plain_background()


@dataclass(frozen=True)
class Options(PersonOptions):
    """How a person is cut out of a photo."""

    output: Literal["cutout", "alpha"] = option("cutout", "the cutout, or its alpha as a grey picture")
    format: images.Format = option("png", "of the result; jpg has no transparency and is laid over white")
    quality: int = option(images.QUALITY_DEFAULT, "of jpg and webp", limits=images.QUALITY_RANGE)
    crop: bool = option(False, "cut the result to what is kept, with a small margin")


@dataclass(frozen=True)
class Pass:
    """Photo RGB uint8 [H,W,3], the model's matte as uint8 [H,W], and which variant made it; what may find faces."""

    photo: np.ndarray
    alpha: np.ndarray
    variant: MattingVariant
    find_faces: FindFaces | None = None

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the matte."""
        return judge(to_matte(self.alpha), person=self.variant == "portrait")

    @cached_property
    def head(self) -> Head | None:
        """Looked for once, when it is first asked for."""
        matte = to_matte(self.alpha)
        head = find_head(matte)
        return against_faces(head, self.find_faces(self.photo), matte) if head and self.find_faces else head

    @cached_property
    def small(self) -> np.ndarray:
        """The photo as a page shows it."""
        return images.shrink(self.photo, images.PREVIEW_SIDE)

    @cached_property
    def small_clean(self) -> np.ndarray:
        """The same with clean edges."""
        return foreground(self.small, images.shrink(to_matte(self.alpha), images.PREVIEW_SIDE))


def finished_alpha(passed: Pass, options: PersonOptions) -> np.ndarray:
    """The finished alpha uint8 [H,W]."""
    return refine(passed.alpha, alpha_threshold=options.alpha_threshold, erode=options.erode, feather=options.feather)


def subject(passed: Pass, options: PersonOptions) -> Pass:
    """The pass itself, or the part of it that a crop leaves."""
    if not (isinstance(options, Options) and options.crop):
        return passed
    part = subject_box(finished_alpha(passed, options))
    return Pass(passed.photo[part], passed.alpha[part], passed.variant)


def preview(passed: Pass, options: Options) -> np.ndarray:
    """The cutout as a page shows it, uint8: its edge is that of the full size, made small."""
    front = passed.small_clean if options.clean_edge else passed.small
    alpha = images.shrink(finished_alpha(passed, options), images.PREVIEW_SIDE)
    return composite(front, alpha, options.painted_background())


class PersonTask(Task[PersonOptionsT, np.ndarray, Pass, Result]):
    """The model pass of every task that begins with a matte."""

    family = "matting"
    source = "image"

    @contextmanager
    def run(self, source: Source, options: PersonOptionsT, *, resident: Resident[Any], call: Call) -> Iterator[Pass]:
        with super().run(source, options, resident=resident, call=call) as passed:
            yield replace(passed, find_faces=looker(resident.workspace.cartoon, call))

    def variant(self, options: PersonOptionsT) -> str | None:
        return options.model

    def decoding_bytes(self, source: Source, options: PersonOptionsT) -> int:
        return images.decoding_bytes(source) + _behind_bytes(options)

    def decode(self, source: Source, options: PersonOptionsT) -> np.ndarray:
        return images.decode(read(source, images.MAX_BYTES))

    def working_bytes(self, decoded: np.ndarray, options: PersonOptionsT) -> int:
        return WORKING_BYTES_PER_PIXEL * decoded.size // 3 + _behind_bytes(options)

    def finishing_bytes(self, passed: Pass, options: PersonOptionsT) -> int:
        return (WORKING_BYTES_PER_PIXEL - 4) * passed.alpha.size + _behind_bytes(options)

    def forward(self, pipeline: Matting, decoded: np.ndarray, options: PersonOptionsT) -> Pass:
        matte = pipeline.matte([decoded])[0]
        return Pass(decoded, to_alpha(matte), options.model)


class MattingTask(PersonTask[Options, np.ndarray]):
    name = "matting"
    result = "cutout"
    doc = "The person cut out of a photo, before nothing, a colour, a gradient or a picture."
    options = Options

    def finish(self, passed: Pass, options: Options) -> np.ndarray:
        passed = subject(passed, options)
        alpha = finished_alpha(passed, options)
        if options.output == "alpha":
            return alpha
        front = foreground(passed.photo, passed.alpha) if options.clean_edge else passed.photo
        return composite(front, alpha, options.painted_background())

    def file_name(self, options: Options) -> str:
        return f"{'alpha' if options.output == 'alpha' else self.result}.{options.format}"

    def encode(self, result: np.ndarray, options: Options) -> File:
        return File(images.encode(result, options.format, options.quality), self.file_name(options))

    def remarks(self, passed: Pass, options: Options) -> tuple[str, ...]:
        return passed.findings


MATTING = MattingTask()


def _behind_bytes(options: PersonOptions) -> int:
    return images.decoding_bytes(options.background_image) if options.with_image and options.background_image else 0
