"""Files between the browser and the models: what was uploaded comes in, results go out, both in Gradio's folder."""

import uuid
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gradio.utils import get_upload_folder

from models.errors import BadField
from models.media import images
from models.media.file_names import result_name, safe

Payload = dict[str, Any]  # what the browser says of a file: {"path": …}


def uploaded(payload: Payload | None) -> Path:
    """The uploaded file itself, untouched by Gradio. BadField for none, or for one that was not uploaded here."""
    path = payload.get("path") if isinstance(payload, dict) else None
    if not path:
        raise BadField("Choose a file first.", reason="no_file")
    file = Path(str(path))
    inside = file.resolve().is_relative_to(Path(get_upload_folder()).resolve())
    if not inside or file.is_symlink() or not file.is_file():
        raise BadField("This file was not uploaded on this page: choose it again.", reason="foreign_file")
    return file


def name_of(payload: Payload) -> str:
    """What the visitor calls an uploaded file, made safe: it is a name to show, and no path."""
    return safe(str(payload.get("orig_name") or payload["path"]))


def publish(data: bytes, name: str, *, source: str | None = None) -> str:
    """Write a result where Gradio serves and later deletes it; `name` is what the visitor saves it as, after the name
    of its `source`."""
    name = result_name(source, name)
    folder = Path(get_upload_folder()) / uuid.uuid4().hex
    folder.mkdir(parents=True)
    (folder / name).write_bytes(data)
    return str(folder / name)


def discard(path: str | Path) -> None:
    """Remove a file of this page, and its folder when that is empty; anything else is left alone."""
    file, folder = Path(path), Path(get_upload_folder()).resolve()
    if not file.resolve().is_relative_to(folder):
        return
    with suppress(OSError):
        file.unlink()
        if file.parent.resolve() != folder:
            file.parent.rmdir()


def files_of(value: Any) -> set[str]:
    """The files of this page that a kept pass or a set of updates names, however deep."""
    if isinstance(value, str):
        return {value} if value.startswith(str(get_upload_folder())) else set()
    if is_dataclass(value):
        value = [getattr(value, field.name) for field in fields(value)]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return {file for part in parts for file in files_of(part)}


def publish_preview(image: np.ndarray, name: str) -> str:
    """RGB, RGBA or grey uint8 as the page shows it: small, lossy, jpg where nothing is transparent (3 ms, not 50)."""
    kind: images.Format = "webp" if image.ndim == 3 and image.shape[2] == 4 else "jpg"
    return publish(images.encode(images.shrink(image, images.PREVIEW_SIDE), kind), f"{name}.{kind}")
