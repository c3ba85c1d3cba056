"""Runs ModelScope's own network files, and modules of ours, with torch: on GPUs of NVIDIA (`cuda`) and Apple (`mps`);
for checks on the `cpu`.

OpenVINO reads the graph, so TensorFlow is not needed. Operations that `operations` has not, and all behind them (the
loop around a detector's non-maximum suppression), go on in OpenVINO on the CPU.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import openvino as ov
import torch
from torch import nn

from models.engines import Compute, Precision
from models.engines.torch import graphs
from models.engines.torch.network import Network, key

HALVES: Mapping[Precision, torch.dtype] = {"f16": torch.float16, "bf16": torch.bfloat16}
_NO_CONSTANTS: Mapping[str, bool] = MappingProxyType({})


class ModuleSession:
    """A module of ours on a device; threads take turns. In half precision under torch's autocast, which leaves norms
    and softmax in f32."""

    def __init__(self, module: nn.Module, *, inputs: Sequence[str], outputs: Sequence[str], compute: Compute) -> None:
        self._module = placed(module, compute)
        self._inputs, self._outputs = tuple(inputs), tuple(outputs)
        self._device, self._half = torch.device(compute.device), HALVES.get(compute.precision)
        self._turn = threading.Lock()
        for each in self._module.modules() if self._half else ():
            if isinstance(each, (nn.Linear, nn.Conv1d)):
                each.to(self._half)

    def run(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Named arrays in, named arrays out."""
        given = [torch.from_numpy(arrays[name]).to(self._device) for name in self._inputs]
        with self._turn, torch.inference_mode(), self._autocast():
            made = [each.float().cpu().numpy() for each in self._module(*given)]
        return dict(zip(self._outputs, made, strict=True))

    def release_memory(self) -> None:
        """Give back what the last pass took on a GPU."""
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self._device.type, dtype=self._half or torch.float16, enabled=self._half is not None)


class Session:
    """One graph on one device; threads take turns. The same calls as the OpenVINO engine's."""

    def __init__(
        self,
        path: Path,
        *,
        compute: Compute,
        precision: Precision | None = None,
        constants: Mapping[str, bool] = _NO_CONSTANTS,
    ) -> None:
        """As `models.engines.openvino.Session`."""
        network = graphs.read(path, compute.artifacts, constants)
        self._inputs = [graphs.names(port) for port in network.inputs]
        self._results = {
            name: key(port.get_node().input_value(0)) for port in network.outputs for name in graphs.names(port)
        }
        module = Network(network, HALVES.get(precision or compute.precision))
        self._made = {key(port): place for place, port in enumerate(module.ports)}
        self._left = _Left(graphs.left(network, module), compute.threads) if module.left else None
        self._module, self._device = placed(module, compute), torch.device(compute.device)
        self._turn = threading.Lock()

    def run(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Named arrays in, named arrays out; the caller owns what it gets. TensorFlow's `:0` is left out of names."""
        given = [next(arrays[name] for name in names if name in arrays) for names in self._inputs]
        with self._turn, torch.inference_mode():
            tensors = [torch.from_numpy(np.ascontiguousarray(array)).to(self._device) for array in given]
            made = [each.cpu().numpy() for each in self._module(*tensors)]
        ours = {name: made[self._made[port]] for name, port in self._results.items() if port in self._made}
        return {**ours, **(self._left.run(made) if self._left else {})}

    def release_memory(self) -> None:
        """Give back what the last pass took on a GPU."""
        if self._device.type == "cuda":
            torch.cuda.empty_cache()


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
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    return module.eval().requires_grad_(False).to(device)
