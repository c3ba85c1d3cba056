"""What OpenVINO's operations are in torch where no function of torch is the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F


def dense(function: Callable[..., Tensor], a: Tensor, b: Tensor, *more: object) -> Tensor:
    """A product of two tensors. In half precision a CPU without it takes many times as long as in f32: it is given the
    same numbers in f32, and rounds what it gets. That is what GPUs do, which add up in f32 too."""
    if a.device.type != "cpu" or a.dtype == torch.float32:
        return function(a, b, *more)
    return function(a.float(), b.float(), *more).to(a.dtype)


def pad_same(
    x: Tensor, kernel: Sequence[int], strides: Sequence[int], dilations: Sequence[int], *, upper: bool, value: float
) -> Tensor:
    """TensorFlow's SAME for [N,C,H,W]: as much output as ceil(size / stride), the odd pixel at the end (`upper`) or at
    the start."""
    pads: list[int] = []
    for axis in (3, 2):
        k, s, d = kernel[axis - 2], strides[axis - 2], dilations[axis - 2]
        missing = max((-(-x.shape[axis] // s) - 1) * s + d * (k - 1) + 1 - x.shape[axis], 0)
        less, more = missing // 2, missing - missing // 2
        pads += [less, more] if upper else [more, less]
    return F.pad(x, pads, value=value)


def resize_asymmetric(x: Tensor, size: Sequence[int]) -> Tensor:
    """Bilinear, output o at input o·in/out, as TensorFlow 1 does: the same places as `align_corners` has with one row
    and one column more on both sides."""
    x = torch.cat([x, x[:, :, -1:]], 2)
    x = torch.cat([x, x[..., -1:]], 3)
    grown = F.interpolate(x, size=(size[0] + 1, size[1] + 1), mode="bilinear", align_corners=True)
    return grown[:, :, : size[0], : size[1]]


def resize_nearest(x: Tensor, size: Sequence[int]) -> Tensor:
    return F.interpolate(x, size=tuple(size), mode="nearest")


def resize_half_pixel(x: Tensor, size: Sequence[int]) -> Tensor:
    return F.interpolate(x, size=tuple(size), mode="bilinear", align_corners=False)


def resize_aligned(x: Tensor, size: Sequence[int]) -> Tensor:
    return F.interpolate(x, size=tuple(size), mode="bilinear", align_corners=True)


def pad_mirrored(x: Tensor, before: Sequence[int], after: Sequence[int], *, symmetric: bool) -> Tensor:
    """The rim repeated backwards, with the outermost line itself where `symmetric`."""
    skip = 0 if symmetric else 1
    for axis, (low, high) in enumerate(zip(before, after, strict=True)):
        parts = [x]
        if low:
            parts.insert(0, x.narrow(axis, skip, low).flip(axis))
        if high:
            parts.append(x.narrow(axis, x.shape[axis] - high - skip, high).flip(axis))
        x = torch.cat(parts, axis) if len(parts) > 1 else x
    return x


def pad_constant(x: Tensor, before: Sequence[int], after: Sequence[int], value: float) -> Tensor:
    return F.pad(x, [n for pair in reversed(list(zip(before, after, strict=True))) for n in pair], value=value)


def gather(x: Tensor, indices: Tensor | int, axis: int) -> Tensor:
    """Slices of `x` along `axis`, laid out as `indices` are."""
    if not isinstance(indices, Tensor):
        return x.select(axis, indices)
    axis = axis % x.ndim
    taken = x.index_select(axis, indices.reshape(-1).long())
    return taken.reshape(*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :])


def broadcast(x: Tensor, shape: Sequence[int]) -> Tensor:
    """To the size of `shape`, or of `x` where that is larger."""
    grown = [1] * (x.ndim - len(shape)) + list(shape)
    kept = [1] * (len(grown) - x.ndim) + list(x.shape)
    return torch.broadcast_to(x, [have if want == 1 else want for want, have in zip(grown, kept, strict=True)])


def divide(a: Tensor, b: Tensor) -> Tensor:
    """True division of floats, truncated of whole numbers."""
    floats = any(isinstance(x, float) or (isinstance(x, Tensor) and x.is_floating_point()) for x in (a, b))
    return torch.div(a, b) if floats else torch.div(a, b, rounding_mode="trunc")
