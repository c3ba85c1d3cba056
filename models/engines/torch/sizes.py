"""Arithmetic on shapes, in Python beside the device, so that nothing waits for it.

A size is a numpy array of Python objects: whole numbers, or the symbols that stand for them while a network is
exported.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

Sizes = np.ndarray


def boxed(value: Any) -> Sizes:
    """One number, a list or an array of them."""
    if isinstance(value, (list, tuple)):
        made = np.empty(len(value), object)
        made[:] = value
        return made
    if isinstance(value, np.ndarray):
        return value.astype(object)
    made = np.empty((), object)
    made[()] = value
    return made


def each(function: Callable[..., Any], inputs: int) -> Callable[..., Sizes]:
    """`function` of plain numbers for sizes of any shape."""
    spread = np.frompyfunc(function, inputs, 1)
    return lambda *values: boxed(spread(*values))


def plain(value: Any) -> Any:
    """Sizes as a list, or the one number."""
    return value.tolist() if isinstance(value, np.ndarray) else value


def _divide(a: Any, b: Any) -> Any:
    if isinstance(a, float) or isinstance(b, float):
        return a / b
    return a // b


ARITHMETIC: dict[str, Callable[..., Sizes]] = {
    "Add": each(operator.add, 2),
    "Subtract": each(operator.sub, 2),
    "Multiply": each(operator.mul, 2),
    "Divide": each(_divide, 2),
    "Mod": each(operator.mod, 2),
    "FloorMod": each(operator.mod, 2),
    "Power": each(operator.pow, 2),
    "Maximum": each(max, 2),
    "Minimum": each(min, 2),
    "Less": each(operator.lt, 2),
    "LessEqual": each(operator.le, 2),
    "Greater": each(operator.gt, 2),
    "GreaterEqual": each(operator.ge, 2),
    "Equal": each(operator.eq, 2),
    "NotEqual": each(operator.ne, 2),
    "LogicalAnd": each(lambda a, b: bool(a) and bool(b), 2),
    "LogicalOr": each(lambda a, b: bool(a) or bool(b), 2),
    "LogicalXor": each(lambda a, b: bool(a) != bool(b), 2),
    "LogicalNot": each(operator.not_, 1),
    "Select": each(lambda condition, a, b: a if condition else b, 3),
    "Floor": each(math.floor, 1),
    "Ceiling": each(math.ceil, 1),
    "Negative": each(operator.neg, 1),
    "Abs": each(abs, 1),
}
