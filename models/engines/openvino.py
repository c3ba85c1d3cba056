"""Runs ModelScope's own network files on the CPU with OpenVINO."""

from __future__ import annotations

import sys
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from models import litter
from models.engines import Compute, Precision

# With this package present, importing OpenVINO starts a thread that reports the import to its maker.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino as ov  # noqa: E402
from openvino import opset13  # noqa: E402


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
        core = ov.Core()
        if constants:
            path = _frozen(core, path, compute.artifacts, constants)
        # By path and not by a model read before: only so is a compiled network found again by the file's hash alone.
        compiled = core.compile_model(path, "CPU", _options(compute, precision or compute.precision))
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
        "CACHE_DIR": str(compute.artifacts / "compiled"),
    }


def _names(port: Any) -> list[str]:
    """Every name of a tensor: besides its own it carries those of the nodes that were folded into it."""
    return [name.removesuffix(":0") for name in port.get_names()]


def _frozen(core: ov.Core, path: Path, artifacts: Path, constants: Mapping[str, bool]) -> Path:
    """The graph at `path` with constant inputs, as OpenVINO's own format among the artifacts, written once.

    Left as an input, the flag of a batch norm's two branches makes the CPU plugin answer garbage now and then.
    """
    kept = artifacts / f"{path.stem}-{zlib.crc32(path.read_bytes()):08x}.xml"
    if not kept.is_file():
        network = core.read_model(path)
        _freeze(network, constants)
        artifacts.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=artifacts, prefix=litter.mark()) as beside:
            ov.save_model(network, Path(beside) / kept.name, compress_to_fp16=False)
            for suffix in (".bin", ".xml"):
                (Path(beside) / kept.name).with_suffix(suffix).replace(kept.with_suffix(suffix))
    return kept


def _freeze(network: ov.Model, constants: Mapping[str, bool]) -> None:
    ports = {name: port for port in network.inputs for name in _names(port)}
    for name, value in constants.items():
        parameter = ports[name].get_node()
        parameter.output(0).replace(opset13.constant(np.asarray(value)).output(0))
        network.remove_parameter(parameter)
