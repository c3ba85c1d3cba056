"""The form fields of the REST routes: types, limits and defaults, as OpenAPI shows them."""

import re
from typing import Annotated, Literal

from fastapi import File, Form, Request, UploadFile
from fastapi.dependencies.models import Dependant

from models.errors import BadField
from models.finish.background import Colour, Direction, Gradient
from models.finish.blend import RESOLUTION_RANGE, STRENGTH_RANGE
from models.finish.cutout import ALPHA_THRESHOLD_RANGE, ERODE_RANGE
from models.media import audio, images

QUALITY_RANGE, QUALITY_DEFAULT = (50, 100), 90

Picture = Annotated[UploadFile, File(description="JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF")]
Recording = Annotated[UploadFile, File(description="WAV, MP3, FLAC, OGG, AIFF, M4A or WebM")]
Pictures = Annotated[list[UploadFile], File(description="up to 500 pictures, in the order they shall be worked on")]
Recordings = Annotated[list[UploadFile], File(description="up to 500 recordings, or a long one")]
Backdrop = Annotated[UploadFile | None, File(description="a picture to put behind the person")]

Style = Annotated[
    Literal["anime", "3d", "handdrawn", "sketch", "artstyle", "sd-design", "sd-illustration"], Form(examples=["anime"])
]
Strength = Annotated[
    float, Form(ge=STRENGTH_RANGE[0], le=STRENGTH_RANGE[1], description="how much of the cartoon goes over the photo")
]
Resolution = Annotated[
    int, Form(ge=RESOLUTION_RANGE[0], le=RESOLUTION_RANGE[1], description="longest side of the result in pixels")
]
Format = Annotated[Literal["png", "jpg", "webp"], Form()]
Quality = Annotated[int, Form(ge=QUALITY_RANGE[0], le=QUALITY_RANGE[1], description="of jpg and webp")]
Kind = Annotated[Literal["portrait", "universal"], Form()]
Background = Annotated[
    str,
    Form(
        description="transparent, #rrggbb, a gradient as #rrggbb,#rrggbb, or image (with background_image)",
        examples=["#ffffff"],
    ),
]
Towards = Annotated[Direction, Form(description="where a gradient of two colours runs")]
AlphaThreshold = Annotated[
    int, Form(ge=ALPHA_THRESHOLD_RANGE[0], le=ALPHA_THRESHOLD_RANGE[1], description="alpha below it becomes 0")
]
Erode = Annotated[int, Form(ge=ERODE_RANGE[0], le=ERODE_RANGE[1], description="pixels the edge moves in")]
Feather = Annotated[bool, Form(description="soften the edge over one pixel")]
CleanEdge = Annotated[bool, Form(description="take the old background's colours out of the edge")]
Output = Annotated[Literal["cutout", "alpha"], Form(description="the cut-out, or its alpha as a grey picture")]
Granularity = Annotated[Literal["utterance", "frame"], Form()]
Embedding = Annotated[bool, Form(description="add the feature vector")]

_HEX = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")


async def only_known(request: Request) -> None:
    """BadField for a field that the route does not have: a misspelled one would silently do nothing."""
    known = _names(request.scope["route"].dependant)
    form = await request.form()
    for name in form:
        if name not in known:
            listed = ", ".join(known)
            raise BadField(f"There is no field {name[:40]!r}; choose from {listed}.", reason="unknown_field")


def _names(dependant: Dependant) -> list[str]:
    """Of all fields of a route, those of its dependencies included."""
    own = [field.alias for field in dependant.body_params]
    return own + [name for below in dependant.dependencies for name in _names(below)]


def background(
    value: str, picture: UploadFile | None, towards: Direction
) -> Colour | Gradient | Literal["image"] | None:
    """`transparent` → None, `#rrggbb` → three numbers, two of them → a gradient; a picture alone means `image`."""
    if value == "image" or (value == "transparent" and picture is not None):
        if picture is None:
            raise BadField("background is 'image': send the picture as background_image.", reason="no_background")
        return "image"
    if value == "transparent":
        return None
    match [_colour(part.strip()) for part in value.split(",")]:
        case [(_, _, _) as colour]:
            return colour
        case [(_, _, _) as first, (_, _, _) as last]:
            return Gradient(first, last, towards)
    message = f"background is {value[:40]!r}; choose transparent, image, a colour like #ffffff, or two with a comma."
    raise BadField(message, reason="bad_colour", value=value[:40])


def _colour(text: str) -> Colour | None:
    match = _HEX.fullmatch(text)
    return (int(match[1], 16), int(match[2], 16), int(match[3], 16)) if match else None


def image_bytes(upload: UploadFile) -> bytes:
    """The upload, never much more than `images.decode` accepts."""
    return upload.file.read(images.MAX_BYTES + 1)


def audio_bytes(upload: UploadFile) -> bytes:
    """The upload, never much more than `audio.decode` accepts."""
    return upload.file.read(audio.MAX_BYTES + 1)
