"""Runs ModelScope's own network files on the CPU with OpenVINO."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from models.artifacts import keep, prepared
from models.engines import Compute, Precision

# With this package present, importing OpenVINO starts a thread that reports the import to its maker.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino as ov  # noqa: E402
from openvino import opset13  # noqa: E402

DEVICE_NAME = "FULL_DEVICE_NAME"


class Session:
    """One compiled network with one inference request; not re-entrant, its owner holds the lock."""

    def __init__(
        self,
        path: Path,
        *,
        compute: Compute,
        precision: Precision | None = None,
        constants: Mapping[str, bool] | None = None,
    ) -> None:
        """Compile the frozen TensorFlow graph (.pb) or OpenVINO network (.xml) at `path`.

        `precision` overrides that of `compute` for networks that must stay exact. `constants` freezes inputs by name
        (`{"training_flag": False}`).
        """
        core, options = ov.Core(), _options(compute, precision or compute.precision)
        with _frozen(core, path, compute.artifacts, constants or {}) as network:
            compiled = _compiled(core, network, options, compute.artifacts)
        self._inputs = {name: port for port in compiled.inputs for name in _names(port)}
        self._outputs = [(_names(port), port) for port in compiled.outputs]
        self._request = compiled.create_infer_request()

    def run(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Named arrays in, named arrays out; the caller owns what it gets. TensorFlow's `:0` is left out of names."""
        self._request.infer({self._inputs[name]: array for name, array in arrays.items()})
        answers = [(names, self._request.get_tensor(port).data.copy()) for names, port in self._outputs]
        return {name: array for names, array in answers for name in names}


def _options(compute: Compute, precision: Precision) -> dict[str, object]:
    return {
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": 1,
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": compute.threads,
    }


def _names(port: Any) -> list[str]:
    """Every name of a tensor: besides its own it carries those of the nodes that were folded into it."""
    return [name.removesuffix(":0") for name in port.get_names()]


@contextmanager
def _frozen(core: ov.Core, path: Path, artifacts: Path, constants: Mapping[str, bool]) -> Iterator[Path]:
    """The graph at `path` with constant inputs, as OpenVINO's own format among the artifacts, written once.

    Left as an input, the flag of a batch norm's two branches makes the CPU plugin answer garbage now and then.
    """
    if not constants:
        yield path
        return

    def make(folder: Path) -> None:
        network = core.read_model(path)
        _freeze(network, constants)
        ov.save_model(network, folder / f"{path.stem}.xml", compress_to_fp16=False)

    with prepared(artifacts / f"{path.stem}-{zlib.crc32(path.read_bytes()):08x}", make) as kept:
        yield kept / f"{path.stem}.xml"


def _compiled(core: ov.Core, path: Path, options: dict[str, object], artifacts: Path) -> ov.CompiledModel:
    """The network at `path`, compiled once for this file, these options, this OpenVINO and this processor.

    OpenVINO itself would write into a file that another instance may have mapped, so each one gets a folder that is
    whole before it has its name. By path and not by a model read before: only so it is found by the file's hash alone.
    """
    made: list[ov.CompiledModel] = []

    def make(folder: Path) -> None:
        made.append(core.compile_model(path, "CPU", {**options, "CACHE_DIR": str(folder)}))

    status = path.stat()
    facts = (path, status.st_size, status.st_mtime_ns, options, ov.__version__, core.get_property("CPU", DEVICE_NAME))
    folder = artifacts / "compiled" / f"{path.stem}-{zlib.crc32(repr(facts).encode()):08x}"
    kept = keep(folder, make)
    if made:
        return made[0]
    return core.compile_model(path, "CPU", {**options, "CACHE_DIR": str(folder)} if kept else options)


def _freeze(network: ov.Model, constants: Mapping[str, bool]) -> None:
    ports = {name: port for port in network.inputs for name in _names(port)}
    for name, value in constants.items():
        parameter = ports[name].get_node()
        parameter.output(0).replace(opset13.constant(np.asarray(value)).output(0))
        network.remove_parameter(parameter)
