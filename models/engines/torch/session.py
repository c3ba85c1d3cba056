"""Runs ModelScope's own network files, and modules of ours, with torch: on GPUs of NVIDIA (`cuda`) and Apple (`mps`);
for checks on the `cpu`.

OpenVINO reads the graph, so TensorFlow is not needed. Operations that `operations` has not, and all behind them (the
loop around a detector's non-maximum suppression), go on in OpenVINO on the CPU.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import openvino as ov
import torch
from torch import nn

from models.engines import Compute, Precision, device_memory
from models.engines.torch import graphs
from models.engines.torch.failures import run_on
from models.engines.torch.network import Network, key
from models.engines.torch.runner import Runner, end_to_end, side_by_side

HALVES: Mapping[Precision, torch.dtype] = {"f16": torch.float16, "bf16": torch.bfloat16}
PICTURE_VALUES = 3 * 2048**2  # a batch needs no more memory than one picture of the largest size that a network sees
_NO_CONSTANTS: Mapping[str, bool] = MappingProxyType({})


class _Named:
    """A network on a device by the names of what it takes and gives: each of its `inputs` may have several, `outputs`
    tells the place of each; others are made by what was `left` to the CPU."""

    def __init__(
        self,
        runner: Runner,
        inputs: Sequence[Collection[str]],
        outputs: Mapping[str, int],
        left: _Left | None = None,
    ) -> None:
        self._runner, self._inputs, self._outputs, self._left = runner, inputs, outputs, left
        self.together, self.release_memory = runner.together, runner.release_memory

    def run(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Named arrays in, named arrays out; the caller owns what it gets. TensorFlow's `:0` is left out of names."""
        return self.run_all([arrays])[0]

    def run_all(self, several: Sequence[Mapping[str, np.ndarray]]) -> list[dict[str, np.ndarray]]:
        """The same for several inputs."""
        return [self._told(made) for made in self._runner.run(list(map(self._given, several)))]

    def _given(self, arrays: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        return [next(arrays[name] for name in names if name in arrays) for names in self._inputs]

    def _told(self, made: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
        ours = {name: made[place] for name, place in self._outputs.items()}
        return {**ours, **(self._left.run(made) if self._left else {})}


class ModuleSession(_Named):
    """A module of ours on a device, with inputs and outputs [1,…]; a batch holds at most `values` numbers of input."""

    def __init__(
        self, module: nn.Module, *, inputs: Sequence[str], outputs: Sequence[str], compute: Compute, values: int
    ) -> None:
        module, half = placed(module, compute), HALVES.get(compute.precision)
        for each in module.modules() if half else ():
            if isinstance(each, (nn.Linear, nn.Conv1d)):
                each.to(half)
        runner = Runner(end_to_end(module, half, torch.device(compute.device)), compute=compute, values=values)
        super().__init__(runner, [(name,) for name in inputs], {name: place for place, name in enumerate(outputs)})


class Session(_Named):
    """One graph on one device. The same calls as the OpenVINO engine's."""

    def __init__(
        self,
        path: Path,
        *,
        compute: Compute,
        precision: Precision | None = None,
        constants: Mapping[str, bool] = _NO_CONSTANTS,
        fixed: bool = False,
    ) -> None:
        """As `models.engines.openvino.Session`."""
        network = graphs.read(path, compute.artifacts, constants)
        inputs = [graphs.names(port) for port in network.inputs]
        results = {name: key(port.get_node().input_value(0)) for port in network.outputs for name in graphs.names(port)}
        module = Network(network, HALVES.get(precision or compute.precision))
        places = {key(port): place for place, port in enumerate(module.ports)}
        outputs = {name: places[port] for name, port in results.items() if port in places}
        left = _Left(graphs.left(network, module), compute.threads) if module.left else None
        forward = side_by_side(placed(module, compute))
        super().__init__(Runner(forward, compute=compute, values=PICTURE_VALUES, fixed=fixed), inputs, outputs, left)


class _Left:
    """What stays on the CPU: its inputs are named by the place of what the device made."""

    def __init__(self, network: ov.Model, threads: int) -> None:
        self._taken = [int(each.get_friendly_name()) for each in network.get_parameters()]
        options = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads}
        self._compiled = ov.Core().compile_model(network, "CPU", options)
        self._turn = threading.Lock()

    def run(self, made: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
        with self._turn:
            answers = self._compiled([made[place] for place in self._taken])
            return {name: array.copy() for port, array in answers.items() for name in graphs.names(port)}


def placed(module: nn.Module, compute: Compute) -> nn.Module:
    """The module on the device of `compute`, for inference alone, in exact f32 where f32 is asked for."""
    device = torch.device(compute.device)
    if device.type == "cpu":
        torch.set_num_threads(compute.threads)
    device_memory.bound(compute.device, compute.device_memory)
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    return run_on(compute.device, lambda: module.eval().requires_grad_(False).to(device))
