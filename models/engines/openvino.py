"""Runs ModelScope's own network files on the CPU with OpenVINO."""

from __future__ import annotations

import os
import re
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from types import MappingProxyType
from typing import Any

import numpy as np

from models.engines import Compute, Precision, best_precision
from models.weights.artifact_cache import keep, prepared

# With this package present, importing OpenVINO starts a thread that reports the import to its maker.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino as ov  # noqa: E402

from models.engines import graph_rewrites, int8  # noqa: E402

_NO_CONSTANTS: Mapping[str, bool] = MappingProxyType({})
DEVICE_NAME = "FULL_DEVICE_NAME"
# After an input larger than this the layers' memory is given back: a photo of 2048 px leaves 1.3 GB behind otherwise.
# The next one takes a tenth longer; smaller inputs keep theirs.
LARGE_BYTES = 16 * 2**20
# For every new shape each layer prepares anew, and OpenVINO keeps 5,000 of these for each network.
PREPARED_KERNELS = 256
WITH_BF16 = re.compile("ALL|DEFAULT|BF16|FP16|AMX|AVX2_VNNI_2|AVX10")  # in oneDNN's names of instruction sets


def cpu_capabilities() -> list[str]:
    """What OpenVINO can calculate in on this processor, such as `BF16`."""
    return [each for each in _of_processor() if each != "BF16" or WITH_BF16.search(_instructions())]


@cache
def _of_processor() -> tuple[str, ...]:
    """Asked once: every network that is compiled wants to know."""
    return tuple(str(each) for each in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"))


def _instructions() -> str:
    """What oneDNN, which calculates for OpenVINO, is told to keep to: OpenVINO itself does not look."""
    return os.environ.get("ONEDNN_MAX_CPU_ISA", "ALL").upper()


class Session:
    """One compiled network with as many inference requests as it has streams: so many threads may call `run` at once,
    others wait."""

    def __init__(
        self,
        path: Path,
        *,
        compute: Compute,
        precision: Precision | None = None,
        constants: Mapping[str, bool] = _NO_CONSTANTS,
        fixed: bool = False,
    ) -> None:
        """Compile the frozen TensorFlow graph (.pb) or OpenVINO network (.xml) at `path`.

        `precision` overrides that of `compute` for networks that must stay exact. `constants` freezes inputs of a
        graph by name (`{"training_flag": False}`). `fixed` is for GPUs.
        """
        core, options = ov.Core(), _options(compute, precision or compute.precision)
        with _rewritten(core, path, compute.artifacts, constants) as network:
            compiled = _compiled(core, network, options, compute.artifacts)
        self._inputs = {name: port for port in compiled.inputs for name in graph_rewrites.names(port)}
        self._outputs = [(graph_rewrites.names(port), port) for port in compiled.outputs]
        self._compiled, self._streams, self._stoppable = compiled, compute.streams, compute.stoppable
        self._idle: SimpleQueue[Any] = SimpleQueue()
        for _ in range(compute.streams):
            self._idle.put(compiled.create_infer_request())

    def run(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Named arrays in, named arrays out; the caller owns what it gets. TensorFlow's `:0` is left out of names.
        Raises RuntimeError where it is stopped: nobody waits for it."""
        with self._request() as request:
            with self._stoppable(request.cancel):
                request.infer({self._inputs[name]: array for name, array in arrays.items()})
            answers = [(names, request.get_tensor(port).data.copy()) for names, port in self._outputs]
            # Only a network that nobody else is using can give memory back.
            if self._streams == 1 and sum(array.nbytes for array in arrays.values()) > LARGE_BYTES:
                self._compiled.release_memory()
        return {name: array for names, array in answers for name in names}

    def run_all(self, several: Sequence[Mapping[str, np.ndarray]]) -> list[dict[str, np.ndarray]]:
        """The same for several inputs, one by one: together they would take as long, and more memory."""
        return [self.run(arrays) for arrays in several]

    def together(self, values: int) -> int:
        """One input, so that others may go between two."""
        return 1

    def release_memory(self) -> None:
        """Give back the layers' memory, once nobody uses the network; its next pass takes it anew."""
        requests = [self._idle.get() for _ in range(self._streams)]
        self._compiled.release_memory()
        for request in requests:
            self._idle.put(request)

    @contextmanager
    def _request(self) -> Iterator[Any]:
        request = self._idle.get()
        try:
            yield request
        finally:
            self._idle.put(request)


def _options(compute: Compute, precision: Precision) -> dict[str, object]:
    hint = precision if precision == "f32" else best_precision()
    return {
        "PERFORMANCE_HINT": "LATENCY" if compute.streams == 1 else "THROUGHPUT",
        "NUM_STREAMS": compute.streams,
        "INFERENCE_PRECISION_HINT": hint,
        "INFERENCE_NUM_THREADS": compute.threads,
        "CPU_RUNTIME_CACHE_CAPACITY": PREPARED_KERNELS,
        **(int8.OPTIONS if precision == "int8" else {}),
    }


@contextmanager
def _rewritten(core: ov.Core, path: Path, artifacts: Path, constants: Mapping[str, bool]) -> Iterator[Path]:
    """A TensorFlow graph, rewritten, as OpenVINO's own format among the artifacts, written once; others as they are."""
    if path.suffix != ".pb":
        yield path
        return

    def make(folder: Path) -> None:
        network = core.read_model(path)
        graph_rewrites.rewrite(network, constants)
        ov.save_model(network, folder / f"{path.stem}.xml", compress_to_fp16=False)

    name = f"{path.stem}-{zlib.crc32(path.read_bytes()):08x}-{graph_rewrites.VERSION}"
    with prepared(artifacts / name, make) as kept:
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
    processor = (core.get_property("CPU", DEVICE_NAME), cpu_capabilities(), _instructions())
    facts = (path, status.st_size, status.st_mtime_ns, options, ov.__version__, *processor)
    folder = artifacts / "compiled" / f"{path.stem}-{zlib.crc32(repr(facts).encode()):08x}"
    kept = keep(folder, make)
    if made:
        return made[0]
    return core.compile_model(path, "CPU", {**options, "CACHE_DIR": str(folder)} if kept else options)
