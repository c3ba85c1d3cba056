"""Photo → ID photo, or a sheet of them to print."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from models.errors import BadField, BadImage
from models.finish import id_photo
from models.finish.cutout import to_matte
from models.finish.head_position import Head, Told
from models.finish.id_photo import (
    LIMIT_RANGE,
    OWN_LIMITS,
    SHIFT_DEFAULT,
    SHIFT_RANGE,
    SIZES,
    SOFT,
    ZOOM_DEFAULT,
    ZOOM_RANGE,
    SizeName,
    Unit,
    own_size,
)
from models.finish.print_sheet import Paper, layout, sheet
from models.media.sources import Source
from models.runtime.resident import Resident
from models.tasks.base import Call, File
from models.tasks.matting import BACKGROUNDS, Pass, PersonOptions, PersonTask, finished_alpha
from models.tasks.options import number, option

WHITE = "#ffffff"
LIMITED = {"anyOf": [{"const": 0}, {"minimum": LIMIT_RANGE[0]}]}
OWN_RANGE = OWN_LIMITS["mm"][0], OWN_LIMITS["px"][1]
OWN_DOC = "of an own size, {:g} to {:g} mm or {:g} to {:g} px".format(*OWN_LIMITS["mm"], *OWN_LIMITS["px"])


@dataclass(frozen=True)
class Options(PersonOptions):
    """What kind of ID photo is wanted."""

    background: str = option(
        WHITE, "#rrggbb, a gradient as #rrggbb,#rrggbb, transparent, or image", example=WHITE, schema=BACKGROUNDS
    )
    id_size: Literal[SizeName, "own"] = option(
        "cn_1", "which size, in mm and pixels; cn_1 is China's one inch, own that of id_width and id_height"
    )
    id_zoom: float = option(ZOOM_DEFAULT, "makes the head larger than the size asks for", limits=ZOOM_RANGE, step=0.02)
    id_shift: float = option(
        SHIFT_DEFAULT, "moves the head down, in heights of the photo", limits=SHIFT_RANGE, step=0.01
    )
    id_limit: int = option(
        0, "KB that the file may have at most; 0 is no limit", limits=(0, LIMIT_RANGE[1]), schema=LIMITED
    )
    output: Literal["photo", "sheet"] = option("photo", "the photo, or a sheet of them to print")
    paper: Paper = option("6in", "of the sheet")
    format: Literal["jpg", "png"] = option("jpg", "of the result, with its dots per inch")
    id_width: float = option(35.0, OWN_DOC, limits=OWN_RANGE)
    id_height: float = option(45.0, OWN_DOC, limits=OWN_RANGE)
    id_unit: Unit = option("mm", "of id_width and id_height; 300 dots per inch")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.id_limit:
            number("id_limit", self.id_limit, LIMIT_RANGE)
        if self.id_size == "own":
            number("id_width", self.id_width, OWN_LIMITS[self.id_unit])
            number("id_height", self.id_height, OWN_LIMITS[self.id_unit])
        if self.output == "sheet" and not layout(self.size, self.paper).corners:
            message = f"A photo of this size does not fit on {self.paper}: choose larger paper or a smaller photo."
            raise BadField(message, reason="id_paper", paper=self.paper)

    @property
    def size(self) -> id_photo.Size:
        """Raises BadField."""
        if self.id_size == "own":
            return own_size(self.id_width, self.id_height, self.id_unit)
        return SIZES[self.id_size]


@dataclass(frozen=True)
class Result:
    """RGB uint8, RGBA before a transparent background; how many copies a sheet has, 1 for a photo; what told where the
    head is."""

    image: np.ndarray
    copies: int
    head: Told


class IdPhotoTask(PersonTask[Options, Result]):
    name = "id_photo"
    result = "id-photo"
    doc = "An ID photo of exact size with the head in its place, or a sheet of them to print."
    options = Options

    @contextmanager
    def run(self, source: Source, options: Options, *, resident: Resident[Any], call: Call) -> Iterator[Pass]:
        with super().run(source, options, resident=resident, call=call) as passed:
            with call.stage("forward"):
                _ = passed.head  # here, where nobody waits for a place to finish
            yield passed

    def finish(self, passed: Pass, options: Options) -> Result:
        """Raises BadImage when nobody is there. On a sheet a transparent background is white."""
        if options.output == "photo":
            return Result(_photo(passed, options), 1, head_of(passed).told)
        if options.background == "transparent" and not options.with_image:
            options = replace(options, background=WHITE)
        copies = len(layout(options.size, options.paper).corners)
        printed = sheet(_photo(passed, options), options.size, options.paper)
        return Result(printed, copies, head_of(passed).told)

    def file_name(self, options: Options) -> str:
        return f"{self.result if options.output == 'photo' else 'print-sheet'}.{options.format}"

    def encode(self, result: Result, options: Options) -> File:
        """A sheet is of the best quality: the limit is for the photo that is sent, not for the one that is printed."""
        limit = options.id_limit if options.output == "photo" else None
        made = id_photo.encode(result.image, options.format, dpi=options.size.dpi, limit_kb=limit)
        name = self.file_name(options)
        facts = {"fits": int(made.fits), "quality": made.quality or 0, "copies": result.copies}
        return File(made.data, name, {**facts, "head": result.head})

    def remarks(self, passed: Pass, options: Options) -> tuple[str, ...]:
        part = frame_of(passed, options)
        found = {
            "id_unsure": not head_of(passed).sure,
            "id_face": head_of(passed).told == "face",
            "id_short": id_photo.ends_early(part, to_matte(passed.alpha)),
            "id_soft": id_photo.enlargement(part, options.size) > SOFT,
        }
        return tuple(name for name, there in found.items() if there)


ID_PHOTO = IdPhotoTask()


def frame_of(passed: Pass, options: Options) -> id_photo.Frame:
    """The part of the photo that is shown."""
    return id_photo.frame(head_of(passed), options.size, zoom=options.id_zoom, shift=options.id_shift)


def head_of(passed: Pass) -> Head:
    if passed.head is None:
        raise BadImage("Nobody was found in this picture: choose another for an ID photo.", reason="nobody")
    return passed.head


def _photo(passed: Pass, options: Options) -> np.ndarray:
    return id_photo.make(
        passed.photo,
        to_matte(passed.alpha),
        finished_alpha(passed, options),
        frame_of(passed, options),
        options.size,
        background=options.painted_background(),
        clean_edge=options.clean_edge,
    )
