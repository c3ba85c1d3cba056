"""The fields of each task as one checked thing, the same for a single request and for a job."""

from dataclasses import dataclass, replace

from fastapi import UploadFile

from models.catalog import Family
from models.finish.blend import RESOLUTION_DEFAULT, STRENGTH_DEFAULT
from models.finish.cutout import ALPHA_THRESHOLD_DEFAULT, ERODE_DEFAULT
from service.api import fields, work


@dataclass(frozen=True)
class Asked:
    """What is to be done with every file; `backdrop` is the upload to put behind a person."""

    task: Family
    variant: str | None
    options: work.Cartooned | work.Cut | work.Heard
    backdrop: UploadFile | None = None

    def read_backdrop(self) -> bytes:
        return fields.image_bytes(self.backdrop) if self.backdrop else b""

    def work(self, job: work.Job, data: bytes, behind: bytes = b"") -> work.Done:
        """From the bytes of one file to the bytes of its result."""
        match self.options:
            case work.Cartooned():
                return work.cartoon(job, data, self.options)
            case work.Cut():
                return work.matting(job, data, replace(self.options, behind=behind))
            case work.Heard():
                return work.emotion(job, data, self.options)


async def cartoon(
    style: fields.Style = "anime",
    strength: fields.Strength = STRENGTH_DEFAULT,
    resolution: fields.Resolution = RESOLUTION_DEFAULT,
    format: fields.Format = "png",
    quality: fields.Quality = fields.QUALITY_DEFAULT,
) -> Asked:
    return Asked("cartoon", style, work.Cartooned(style, strength, resolution, format, quality))


async def matting(
    model: fields.Kind = "portrait",
    background: fields.Background = "transparent",
    background_image: fields.Backdrop = None,
    gradient: fields.Towards = "down",
    alpha_threshold: fields.AlphaThreshold = ALPHA_THRESHOLD_DEFAULT,
    erode: fields.Erode = ERODE_DEFAULT,
    feather: fields.Feather = True,
    clean_edge: fields.CleanEdge = True,
    output: fields.Output = "cutout",
    format: fields.Format = "png",
    quality: fields.Quality = fields.QUALITY_DEFAULT,
) -> Asked:
    chosen = fields.background(background, background_image, gradient)
    edge = (alpha_threshold, erode, feather, clean_edge)
    return Asked("matting", model, work.Cut(model, chosen, b"", *edge, output, format, quality), background_image)


async def emotion(granularity: fields.Granularity = "utterance", embedding: fields.Embedding = False) -> Asked:
    return Asked("emotion", None, work.Heard(granularity, embedding))
