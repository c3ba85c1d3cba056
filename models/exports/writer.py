"""An ONNX graph in the making: operations one after the other, each with the name and the type of what it gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

from models.exports.frames import frame

OPSET = 18
IR_VERSION = 8  # the one that came with the opset, so that programs of its time read the file
FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16)
# What an operation gives, where that is not the type of its first input.
TYPES = {
    **dict.fromkeys(("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"), TensorProto.BOOL),
    **dict.fromkeys(("Shape", "NonZero", "NonMaxSuppression"), TensorProto.INT64),
}


class Writer:
    """Whole numbers are 64 bits wide throughout, as ONNX wants sizes to be; `scope` begins the names of what is added.

    `types` tells the type of every value by name, `known` the constants among them: views of what was given, which join
    the `model` in its file alone. Names of `taken` are left free for inputs and outputs.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.model = onnx.ModelProto(ir_version=IR_VERSION, producer_name="prewarm")
        self.model.opset_import.append(helper.make_opsetid("", OPSET))
        self.model.graph.name = "network"
        self.types: dict[str, int] = {}
        self.known: dict[str, np.ndarray] = {}
        self.scope = ""
        self._taken = Counter(list(taken))
        self._casts: dict[tuple[str, int], str] = {}
        self._equal: dict[tuple[int, tuple[int, ...], bytes], str] = {}

    def add(self, kind: str, *inputs: str, like: int = 0, **attributes: Any) -> str:
        """An operation of one output, of the type of its input `like` unless TYPES says otherwise; its name."""
        return self.several(kind, *inputs, count=1, like=like, **attributes)[0]

    def several(self, kind: str, *inputs: str, count: int, like: int = 0, **attributes: Any) -> list[str]:
        """As `add`, of `count` outputs."""
        names = [self._name() for _ in range(count)]
        self.model.graph.node.append(helper.make_node(kind, inputs, names, name=names[0], **attributes))
        self.types.update(dict.fromkeys(names, TYPES.get(kind, self.types[inputs[like]])))
        return names

    def cast(self, name: str, kind: int) -> str:
        """The value in another type, converted once however many want it."""
        if self.types[name] == kind:
            return name
        if (name, kind) not in self._casts:
            self._casts[name, kind] = self.add("Cast", name, to=kind)
            self.types[self._casts[name, kind]] = kind
        return self._casts[name, kind]

    def constant(self, values: Any, kind: int | None = None) -> str:
        """An array, or what makes one, as a value; `kind` is its float type where it is of floats. Small ones that are
        equal are kept once."""
        array = _plain(np.asarray(values))
        kind = kind if kind in FLOATS and array.dtype == np.float32 else helper.np_dtype_to_tensor_dtype(array.dtype)
        same = (kind, array.shape, array.tobytes() if array.nbytes <= 64 else self._name().encode())
        if same not in self._equal:
            name = self._equal[same] = self._name()
            self.types[name], self.known[name] = kind, array
        return self._equal[same]

    def like(self, value: float, name: str) -> str:
        """One number, of the type of the value `name`."""
        return self.constant(np.asarray(value, helper.tensor_dtype_to_np_dtype(self.types[name])), self.types[name])

    def rename(self, name: str, wanted: str) -> None:
        """Gives the value under a name of ours as well: an output."""
        self.model.graph.node.append(helper.make_node("Identity", [name], [wanted], name=f"{wanted}/output"))
        self.types[wanted] = self.types[name]

    def drop_unused(self) -> None:
        """Takes out constants that were read for their numbers alone."""
        used = {name for node in self.model.graph.node for name in node.input}
        self.known = {name: array for name, array in self.known.items() if name in used}

    def save(self, path: Path) -> None:
        """Write the model, its constants one after the other."""
        graph, rest = self.model.graph.SerializeToString(), onnx.ModelProto()
        rest.CopyFrom(self.model)
        rest.ClearField("graph")
        heads = {name: self._head(name) for name in self.known}
        size = len(graph) + sum(len(head) + self._bytes(name) for name, head in heads.items())
        with path.open("wb") as file:
            file.write(rest.SerializeToString() + frame(rest.GRAPH_FIELD_NUMBER, size) + graph)
            for name, head in heads.items():
                file.write(head)
                file.write(np.ascontiguousarray(self.known[name], self._dtype(name)).data)

    def _head(self, name: str) -> bytes:
        """A constant up to its numbers."""
        told = TensorProto(name=name, dims=self.known[name].shape, data_type=self.types[name]).SerializeToString()
        told += frame(TensorProto.RAW_DATA_FIELD_NUMBER, self._bytes(name))
        return frame(onnx.GraphProto.INITIALIZER_FIELD_NUMBER, len(told) + self._bytes(name)) + told

    def _bytes(self, name: str) -> int:
        return self.known[name].size * self._dtype(name).itemsize

    def _dtype(self, name: str) -> np.dtype:
        return helper.tensor_dtype_to_np_dtype(self.types[name])

    def _name(self) -> str:
        self._taken[self.scope] += 1
        count = self._taken[self.scope]
        return self.scope if count == 1 else f"{self.scope}:{count}"


def _plain(array: np.ndarray) -> np.ndarray:
    """In one of the types that a graph of ours knows."""
    kind = {"f": np.float32, "b": np.bool_}.get(array.dtype.kind, np.int64)
    return array.astype(kind, copy=False)
