"""Small pictures of results."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from models.media.file_types import HEAD_BYTES, kind_of

THUMB_SIDE = 240


def thumbnail(source: bytes | Path) -> bytes | None:
    """A result file of ours as webp, at most THUMB_SIDE pixels, transparency kept; None where it is no picture."""
    file = BytesIO(source) if isinstance(source, bytes) else BytesIO(source.read_bytes())
    kind = kind_of(file.getvalue()[:HEAD_BYTES])
    if kind is None or kind.family != "picture":
        return None
    with Image.open(file, formats=[kind.name]) as image:
        image.draft("RGB", (2 * THUMB_SIDE, 2 * THUMB_SIDE))
        image.thumbnail((THUMB_SIDE, THUMB_SIDE), reducing_gap=2.0)
        small = BytesIO()
        image.save(small, "WEBP", quality=80)
    return small.getvalue()
