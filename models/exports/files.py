"""Writes a model as ONNX files, each one checked before it has its name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import onnx
import openvino as ov
from onnx import helper

from models import emotion
from models.catalog import Model
from models.engines import Compute, Precision, mapped_files, open_session
from models.engines.torch.layers import Unsupported
from models.errors import WeightsError
from models.exports import checks, facts, loops, network
from models.exports.parts import PARTS, Arrays, Part
from models.parity import Difference
from models.weights import atomic_file, stale_files
from models.weights.store import Located


@dataclass(frozen=True)
class Written:
    """One file: how far its answers are from our engine's, by output. It is there only where it is `within`."""

    path: Path
    part: Part
    precision: Precision
    size: int
    seconds: float
    differences: list[Difference]

    @property
    def within(self) -> bool:
        return all(each.within for each in self.differences)

    def __str__(self) -> str:
        kept = "" if self.within else "  not kept: its answers are others"
        first = f"{self.path}  {self.size / 1e6:.1f} MB  {self.seconds:.1f} s{kept}"
        return "\n".join([first, *(f"  {each}" for each in self.differences)])


class _Off(Exception):
    """A file's answers are beyond tolerance."""


@dataclass(frozen=True)
class _Opened:
    """A network that is to be written, and our engine's answers in f32 to the probes."""

    part: Part
    network: ov.Model
    exact: list[Arrays]


def write(target: Path, model: Model, located: Located, *, threads: int) -> Iterator[Written]:
    """Every network of the model into `target`/key, with a README; yields each file as it is done. What was there
    before stays until the new one is right. Raises WeightsError of a network that the table of operations does not
    cover, OSError where the folder cannot be written."""
    folder, written = target / model.key, list[Written]()
    folder.mkdir(parents=True, exist_ok=True)
    stale_files.sweep(folder)
    for part in PARTS[model.family]:
        with _scratch(folder) as scratch:
            opened = _opened(part, located.folder, scratch, threads)
            for precision in part.precisions:
                about = facts.metadata(model, located, part, precision)
                written.append(_file(folder, opened, precision, about, threads))
                yield written[-1]
    atomic_file.write(folder / "README.md", facts.readme(model, located, [each for each in written if each.within]))


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder for what is converted on the way, beside what is written: there is room."""
    path = folder / f".{stale_files.mark()}"
    path.mkdir()
    try:
        yield path
    finally:
        stale_files.remove(path)


def _opened(part: Part, folder: Path, scratch: Path, threads: int) -> _Opened:
    compute, path = Compute("f32", threads, scratch), folder / part.file
    if path.suffix == ".pb":
        opened = _settled(part, path)
    else:
        emotion.convert(folder, scratch, precision="f32")
        path = scratch / "emotion.xml"
        opened = ov.Core().read_model(path)
    session = open_session(path, compute=compute, constants=part.constants)
    mapped_files.let_go(scratch)
    return _Opened(part, opened, [session.run(probe) for probe in part.probes()])


def _settled(part: Part, path: Path) -> ov.Model:
    """A graph without branches, loops and outputs that nobody wants."""
    # Part of OpenVINO's own converter, which takes a second to import.
    from openvino._offline_transformations import apply_moc_transformations

    from models.engines.torch import graphs

    opened = graphs.settle(ov.Core().read_model(path), part.constants)
    network.keep(opened, tuple(part.outputs))
    loops.unroll(opened)
    apply_moc_transformations(opened, True)
    return opened


def _file(folder: Path, opened: _Opened, precision: Precision, about: dict[str, str], threads: int) -> Written:
    began, path, differences, size = time.perf_counter(), folder / f"{opened.part.name}.{precision}.onnx", [], 0
    with suppress(_Off), atomic_file.replacing(path) as beside:
        _save(opened, precision, about, beside)
        size = beside.stat().st_size
        differences = checks.compare(beside, opened.part, opened.exact, precision=precision, threads=threads)
        if not all(each.within for each in differences):
            raise _Off
    return Written(path, opened.part, precision, size, time.perf_counter() - began, differences)


def _save(opened: _Opened, precision: Precision, about: dict[str, str], path: Path) -> None:
    part = opened.part
    try:
        made = network.convert(opened.network, outputs=tuple(part.outputs), shapes=part.shapes, half=precision == "f16")
    except Unsupported as error:
        what = f"{error} is not in the table of operations (models/exports/operations.py)."
        raise WeightsError(f"{part.file} cannot be written as ONNX: {what}", reason="architecture") from error
    helper.set_model_props(made.model, about)
    made.model.doc_string = f"{about['model']}: {part.file}"
    made.save(path)
    mapped_files.let_go(path.parent)  # the scratch in it: the checks want the room
    onnx.checker.check_model(path)
