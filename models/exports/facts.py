"""What is told of an exported file: its metadata, and the README beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models import emotion
from models.catalog import Model
from models.engines import Precision
from models.exports.parts import Part, Value
from models.weights.store import Located

if TYPE_CHECKING:
    from models.exports.files import Written

SAMPLE_LICENCE = "Apache-2.0"


def metadata(model: Model, located: Located, part: Part, precision: Precision) -> dict[str, str]:
    """What the file says of itself, all as text; of Emotion2Vec also what its logits stand for."""
    told = {
        "model": title(model, located),
        "revision": located.revision,
        "source": part.file,
        "sha256": located.files[part.file],
        "licence": licence(model, located),
        "precision": precision,
    }
    return told | (heard(located.folder) if model.family == "emotion" else {})


def title(model: Model, located: Located) -> str:
    """The model's id; of samples that they are ones."""
    return f"sample of Prewarm's in the place of {model.id}" if located.source == "sample" else model.id


def licence(model: Model, located: Located) -> str:
    return SAMPLE_LICENCE if located.source == "sample" else model.licence


def heard(folder: Path) -> dict[str, str]:
    """The logits that count, and the label of each."""
    meta = emotion.meta_of(folder)
    return {
        "columns": json.dumps(meta.columns),
        "labels": json.dumps(meta.en),
        "labels_zh": json.dumps(meta.zh, ensure_ascii=False),
        "normalize": str(meta.normalize).lower(),
    }


def readme(model: Model, located: Located, written: Sequence[Written]) -> str:
    """Markdown: where the files come from, their inputs and outputs, how far their answers are from Prewarm's."""
    parts = list(dict.fromkeys(each.part.name for each in written))
    several = [next(each.part for each in written if each.part.name == name) for name in parts]
    sections = [_head(model, located), _table(located, written), *(_values(part) for part in several), USE]
    if model.family == "emotion":
        sections.insert(3, _labels(located.folder))
    return "\n".join(sections)


def _head(model: Model, located: Located) -> str:
    return (
        f"# {title(model, located)}, as ONNX\n\n"
        f"Revision {located.revision}, licence: {licence(model, located)}. Opset 18; any size or length where an\n"
        "axis has a name; one picture or clip at a time. In the f16 files dense layers, and the light ones between\n"
        "them, are in half precision; inputs, outputs and the rest are in f32.\n"
    )


def _table(located: Located, written: Sequence[Written]) -> str:
    """Each file, held against Prewarm's own engine in f32."""
    rows = [
        "| file | MB | made from | sha256 of that | largest difference from Prewarm in f32, of 3 inputs |",
        "|---|---|---|---|---|",
    ]
    for each in written:
        apart = ", ".join(f"{one.what} {one.largest:.2g}" for one in each.differences)
        source = each.part.file
        rows.append(f"| {each.path.name} | {each.size / 1e6:.1f} | {source} | {located.files[source]} | {apart} |")
    return "\n".join(rows) + "\n"


def _values(part: Part) -> str:
    rows = [f"## {part.name}\n", "| | name | axes | |", "|---|---|---|---|"]
    for kind, values in (("input", part.inputs), ("output", part.outputs)):
        rows += [_row(kind, name, value) for name, value in values.items()]
    return "\n".join(rows) + "\n"


def _row(kind: str, name: str, value: Value) -> str:
    return f"| {kind} | `{name}` | {' × '.join(map(str, value.axes))} | {value.told} |"


def _labels(folder: Path) -> str:
    told: Mapping[str, str] = heard(folder)
    return f"Of the logits' columns {told['columns']} count; they stand for {told['labels']}.\n"


USE = """## Use

    import onnxruntime
    session = onnxruntime.InferenceSession("FILE.onnx", providers=["CPUExecutionProvider"])
    outputs = session.run(None, {"NAME": array})

Metadata (`session.get_modelmeta().custom_metadata_map`) repeats model, revision, source, sha256 and licence.
Commands for GPUs stand in docs/onnx.md of Prewarm.
"""
