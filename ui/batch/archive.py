"""Everything that a batch made, as one zip with a report inside."""

import csv
import io
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

from ui.batch.html import sentence
from ui.batch.runner import Batch, Item
from ui.state.files import discard

# Spreadsheets run what begins so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def pack(batch: Batch, name: str, language: str) -> str:
    """Write the zip beside the results and return its path; the former one goes. Pictures are small already: stored."""
    folder = Path(get_upload_folder()) / uuid.uuid4().hex
    folder.mkdir(parents=True)
    file = folder / f"{name}.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for item in batch.items:
            if item.result and item.result.is_file():
                archive.write(item.result, item.result.name)
        rows = [_row(item, language) for item in batch.items]
        archive.writestr("report.csv", _csv(rows), zipfile.ZIP_DEFLATED)
        archive.writestr("report.json", _json(batch, rows), zipfile.ZIP_DEFLATED)
    if batch.packed:
        discard(batch.packed)
    batch.packed = str(file)
    return batch.packed


def _row(item: Item, language: str) -> dict[str, Any]:
    return {
        "file": item.source.name,
        "result": item.result.name if item.result else "",
        "status": item.state,
        "seconds": round(item.seconds, 3),
        "message": sentence(item.error, language) if item.error else item.remark,
        **item.facts,
    }


def _csv(rows: list[dict[str, Any]]) -> bytes:
    """With the mark by which Excel knows UTF-8."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(row.get(column, "")) for column in columns])
    return text.getvalue().encode("utf-8-sig")


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _json(batch: Batch, rows: list[dict[str, Any]]) -> bytes:
    report = {"settings": batch.parameters, "files": rows}
    return json.dumps(report, ensure_ascii=False, indent=2, default=str).encode()
