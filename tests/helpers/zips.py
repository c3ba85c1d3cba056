"""Zips as kind and unkind people pack them, and the folder in which the page finds them."""

import io
import zipfile
from pathlib import Path
from typing import Any

from ui.batch.sources import Source, sources


def packed(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return data.getvalue()


def named_in_gbk(name: str, content: bytes) -> bytes:
    """As Explorer on a Chinese Windows packs: GBK bytes, and no flag that says so."""
    raw = name.encode("gbk")
    stand_in = "x" * len(raw)
    return packed((stand_in, content)).replace(stand_in.encode(), raw)


def flagged(data: bytes, flag: int) -> bytes:
    """The same zip with a flag set in the header and in the list of its only file."""
    changed = bytearray(data)
    changed[6] |= flag
    changed[data.index(b"PK\x01\x02") + 8] |= flag
    return bytes(changed)


def declared(data: bytes, size: int) -> bytes:
    """The same zip saying that its only file has `size` bytes."""
    changed = bytearray(data)
    for place in (22, data.index(b"PK\x01\x02") + 24):
        changed[place : place + 4] = size.to_bytes(4, "little")
    return bytes(changed)


def handed_in(folder: Path, data: bytes, name: str = "photos.zip") -> list[Source]:
    """What the intake makes of one upload; `folder` is Gradio's."""
    payload: dict[str, Any] = {"path": str(folder / name), "orig_name": name}
    Path(payload["path"]).write_bytes(data)
    return sources([payload])
