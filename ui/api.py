"""The named endpoints `/cartoon`, `/matting`, `/emotion` for `gradio_client`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, cast

import gradio as gr
from gradio.components.api_component import Api
from gradio.context import get_blocks_context
from gradio.utils import get_function_description

from models.finish.blend import RESOLUTION_DEFAULT, STRENGTH_DEFAULT
from models.finish.cutout import ALPHA_THRESHOLD_DEFAULT, ERODE_DEFAULT
from models.finish.emotion_report import report
from models.media import images
from models.media.audio import decode
from ui.i18n.messages import explain, visitor_of
from ui.state.files import Payload, publish, uploaded, uploaded_image
from ui.tabs import cutting, drawing
from ui.tabs.hearing import analyze, granularity_of

Style = Literal["anime", "3d", "handdrawn", "sketch", "artstyle", "sd-design", "sd-illustration"]
ImageFormat = Literal["png", "jpg", "webp"]


def register() -> None:
    """Add the endpoints to the Blocks under construction, documented by their docstrings, which Gradio's page of the
    API and `view_api()` show."""
    for endpoint in (cartoon, matting, emotion):
        text, parameters, returns = get_function_description(endpoint)
        name = endpoint.__name__
        call = gr.api(endpoint, api_name=name, api_description=text, concurrency_limit=None)
        told = [line for parameter, line in parameters.items() if parameter != "request"]
        _document(call["inputs"], told, "additional_description")
        _document(call["outputs"], returns, "description")


def _document(ids: list[int], lines: list[str], field: str) -> None:
    """gr.api() has no place for what is said of a parameter; its components tell it on."""
    blocks = get_blocks_context()
    assert blocks is not None
    for number, line in zip(ids, lines, strict=True):
        component = cast(Api, blocks.blocks[number])
        component._api_info = {**component._api_info, field: line}


def cartoon(
    image: gr.FileData,
    request: gr.Request,
    style: Style = "anime",
    strength: float = STRENGTH_DEFAULT,
    resolution: int = RESOLUTION_DEFAULT,
    format: ImageFormat = "png",
    quality: int = drawing.QUALITY_DEFAULT,
) -> gr.FileData:
    """A portrait as a cartoon.

    Parameters:
        image: the photo, given with handle_file(): JPEG, PNG, WebP, GIF, BMP or AVIF
        style: which cartoon; one that is not loaded yet is loaded first
        strength: 0.1 to 1.0, how much of the cartoon shows over the photo
        resolution: 512 to 2048, the longest side of the result in pixels; small photos are not enlarged
        format: of the result
        quality: 50 to 100, for jpg and webp
    Returns:
        the cartoon, without metadata
    """
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
    """A cut-out and its alpha.

    Parameters:
        image: the photo, given with handle_file(): JPEG, PNG, WebP, GIF, BMP or AVIF
        model: portrait for people, universal for anything
        background: transparent, #rrggbb, or #rrggbb,#rrggbb for a gradient
        background_image: a picture to put behind, given with handle_file(); goes before the background
        gradient: which way a gradient runs
        alpha_threshold: 0 to 50; alpha below it, of 255, becomes 0
        erode: 0 to 5, pixels by which the edge moves in
        feather: softens the edge
        clean_edge: takes the old background's colours out of the edge
        format: of the cut-out; jpg has no transparency and is laid over white
    Returns:
        the cut-out, without metadata
        its alpha as a grey PNG
    """
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
    """The emotion in a voice: the strongest one, the scores of all nine, segments with times in seconds.

    Parameters:
        audio: the recording, given with handle_file(): WAV, MP3, FLAC, OGG, M4A or WebM, 0.3 s to an hour
        granularity: frame adds the scores of every frame, 50 a second
        embedding: adds the embedding; by frame with granularity frame, up to a minute
    Returns:
        the result; emotion is null where no voice was heard
    """
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
