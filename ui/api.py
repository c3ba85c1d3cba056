"""The named endpoints `/cartoon`, `/matting`, `/emotion` for `gradio_client`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, cast

import gradio as gr

from models import images
from models.audio import decode
from models.cartoon import RESOLUTION_DEFAULT, STRENGTH_DEFAULT
from models.emotion import report
from models.matting import ALPHA_THRESHOLD_DEFAULT, ERODE_DEFAULT
from ui import cutting, drawing
from ui.files import Payload, publish, uploaded, uploaded_image
from ui.hearing import analyze, granularity_of
from ui.messages import explain, visitor_of

Style = Literal["anime", "3d", "handdrawn", "sketch", "artstyle", "sd-design", "sd-illustration"]
ImageFormat = Literal["png", "jpg", "webp"]


def register() -> None:
    """Add the endpoints to the Blocks under construction."""
    for endpoint in (cartoon, matting, emotion):
        gr.api(endpoint, api_name=endpoint.__name__, api_description=endpoint.__doc__, concurrency_limit=None)


def cartoon(
    image: gr.FileData,
    request: gr.Request,
    style: Style = "anime",
    strength: float = STRENGTH_DEFAULT,
    resolution: int = RESOLUTION_DEFAULT,
    format: ImageFormat = "png",
    quality: int = drawing.QUALITY_DEFAULT,
) -> gr.FileData:
    """A portrait as a cartoon. `strength` 0.1-1.0; `resolution` 512-2048, the longest side of the result in pixels;
    `quality` 50-100 for jpg and webp."""
    with spoken(request):
        finish = drawing.Finish.checked(strength, resolution, format, quality)
        kept = drawing.draw(uploaded_image(cast(Payload, image)), style, visitor=visitor_of(request))
        data = images.encode(drawing.finished(kept, finish), finish.format, finish.quality)
        return _file(publish(data, f"cartoon.{finish.format}"))


def matting(
    image: gr.FileData,
    request: gr.Request,
    model: Literal["portrait", "universal"] = "portrait",
    background: str = "transparent",
    background_image: gr.FileData | None = None,
    gradient: Literal["down", "right", "diagonal", "radial"] = "down",
    alpha_threshold: int = ALPHA_THRESHOLD_DEFAULT,
    erode: int = ERODE_DEFAULT,
    feather: bool = True,
    clean_edge: bool = True,
    format: ImageFormat = "png",
) -> tuple[gr.FileData, gr.FileData]:
    """The cut-out and its alpha. `background` is `transparent`, `#rrggbb` or, for a gradient, `#rrggbb,#rrggbb`;
    a `background_image` goes before it; `alpha_threshold` 0-50, `erode` 0-5 pixels; `clean_edge` takes the old
    background's colours out of the edge."""
    with spoken(request):
        behind = cutting.background_from(background, gradient, cast(Payload | None, background_image))
        finish = cutting.Finish.checked(behind, alpha_threshold, erode, feather, clean_edge, format)
        kept = cutting.cut(uploaded_image(cast(Payload, image)), model, visitor=visitor_of(request))
        cutout, alpha = cutting.finished(kept, finish)
        file = publish(images.encode(cutout, finish.format), f"cutout.{finish.format}")
        return _file(file), _file(publish(images.encode(alpha, "png"), "alpha.png"))


def emotion(
    audio: gr.FileData,
    request: gr.Request,
    granularity: Literal["utterance", "frame"] = "utterance",
    embedding: bool = False,
) -> dict[str, Any]:
    """The emotion in a voice: the strongest one, all nine scores, segments; frame scores and embedding on request."""
    with spoken(request):
        detail = granularity_of(granularity)
        waveform = decode(uploaded(cast(Payload, audio)))
        analysis = analyze(waveform, visitor=visitor_of(request)).value
        return report(analysis, granularity=detail, embedding=embedding)


@contextmanager
def spoken(request: gr.Request) -> Iterator[None]:
    """Turns errors into the one kind that Gradio passes on to programs, with a plain sentence."""
    try:
        yield
    except Exception as error:
        raise gr.Error(explain(error, request), print_exception=False) from error


def _file(path: str) -> gr.FileData:
    return gr.FileData(path=path, orig_name=Path(path).name)
