"""Cuts and paddings of OpenVINO in ONNX: makers as in `operations`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import openvino as ov

from models.engines.torch.layers import Unsupported, attributes
from models.exports.writer import Writer

FIRST, LAST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
MASKS = ("begin", "end", "new_axis", "shrink_axis", "ellipsis")


@dataclass(frozen=True)
class Cut:
    """One entry of a StridedSlice: at `place` among the bounds, of the input's `axis`; `one` takes a single line.
    `first` and `last` stand where its bounds are left open."""

    place: int
    axis: int
    from_start: bool
    to_end: bool
    one: bool
    step: int

    @property
    def first(self) -> int:
        return 0 if self.step > 0 else LAST

    @property
    def last(self) -> int:
        return LAST if self.step > 0 else FIRST


def strided(w: Writer, node: ov.Node, x: str, begin: str, end: str, step: str | None = None) -> str:
    masks, rank = _masks(node), len(node.get_input_partial_shape(0))
    cuts = list(_cuts(masks, rank, _steps(w, step, len(masks))))
    if cuts:
        starts, ends = _starts(w, begin, cuts), _ends(w, begin, end, cuts)
        axes, steps = w.constant([cut.axis for cut in cuts]), w.constant([cut.step for cut in cuts])
        x = w.add("Slice", x, starts, ends, axes, steps)
    if gone := [cut.axis for cut in cuts if cut.one]:
        x = w.add("Squeeze", x, w.constant(gone))
    grown = list(_grown(masks, rank))
    return w.add("Unsqueeze", x, w.constant(grown)) if grown else x


def plain(w: Writer, node: ov.Node, x: str, *bounds: str) -> str:
    start, stop, step, *axes = bounds
    return w.add("Slice", x, start, stop, *(axes or [_all_axes(w, node)]), step)


def pad(w: Writer, node: ov.Node, x: str, before: str, after: str, value: str | None = None) -> str:
    mode = node.get_attributes()["pad_mode"]
    if mode == "symmetric":
        return _mirrored(w, x, before, after)
    both = w.add("Concat", before, after, axis=0)
    return w.add("Pad", x, both, *([value] if value and mode == "constant" else []), mode=mode)


def _masks(node: ov.Node) -> list[dict[str, bool]]:
    how, count = attributes(node), node.input_value(1).get_partial_shape()[0].get_length()
    rows = {name: (how[f"{name}_mask"] + [0] * count)[:count] for name in MASKS}
    return [{name: bool(rows[name][k]) for name in MASKS} for k in range(count)]


def _steps(w: Writer, step: str | None, count: int) -> list[int]:
    if step is not None and step not in w.known:
        raise Unsupported("a StridedSlice of calculated steps")
    return [1] * count if step is None else w.known[step].tolist()


def _cuts(masks: list[dict[str, bool]], rank: int, steps: list[int]) -> Iterator[Cut]:
    axis, own = 0, sum(not mask["new_axis"] and not mask["ellipsis"] for mask in masks)
    for place, mask in enumerate(masks):
        if mask["ellipsis"]:
            axis += rank - own
        elif not mask["new_axis"]:
            one = mask["shrink_axis"]
            yield Cut(place, axis, mask["begin"] and not one, mask["end"] and not one, one, 1 if one else steps[place])
            axis += 1


def _grown(masks: list[dict[str, bool]], rank: int) -> Iterator[int]:
    """The new axes, as the output counts them."""
    axis, own = 0, sum(not mask["new_axis"] and not mask["ellipsis"] for mask in masks)
    for mask in masks:
        if mask["new_axis"] and not mask["ellipsis"]:
            yield axis
        axis += rank - own if mask["ellipsis"] else int(mask["new_axis"] or not mask["shrink_axis"])


def _bounds(w: Writer, name: str, places: list[int], open_at: list[bool], instead: list[int]) -> str:
    """The bounds at these places, `instead` where a mask leaves them open."""
    if name in w.known:
        return w.constant(np.where(open_at, instead, w.known[name][places]))
    taken = w.add("Gather", name, w.constant(places))
    return w.add("Where", w.constant(open_at), w.constant(instead), taken, like=2) if any(open_at) else taken


def _starts(w: Writer, begin: str, cuts: list[Cut]) -> str:
    return _bounds(w, begin, [c.place for c in cuts], [c.from_start for c in cuts], [c.first for c in cuts])


def _ends(w: Writer, begin: str, end: str, cuts: list[Cut]) -> str:
    """The ends, one behind the start where a single line is taken."""
    one = [c.one for c in cuts]
    ends = _bounds(w, end, [c.place for c in cuts], [c.to_end for c in cuts], [c.last for c in cuts])
    if not any(one):
        return ends
    starts = _starts(w, begin, cuts)
    if starts in w.known and ends in w.known:
        behind = np.where(w.known[starts] == -1, LAST, w.known[starts] + 1)
        return w.constant(np.where(one, behind, w.known[ends]))
    return w.add("Where", w.constant(one), w.add("Add", starts, w.constant([1])), ends, like=2)


def _all_axes(w: Writer, node: ov.Node) -> str:
    return w.constant(range(node.input_value(1).get_partial_shape()[0].get_length()))


def _mirrored(w: Writer, x: str, before: str, after: str) -> str:
    """The rim repeated backwards, with the outermost line itself: ONNX leaves that one out."""
    if before not in w.known or after not in w.known:
        raise Unsupported("a symmetric Pad of calculated size")
    for axis, (low, high) in enumerate(zip(w.known[before].tolist(), w.known[after].tolist(), strict=True)):
        parts = [_backwards(w, x, axis, low - 1, FIRST)] if low else []
        parts += [x, *([_backwards(w, x, axis, -1, -1 - high)] if high else [])]
        x = w.add("Concat", *parts, axis=axis) if len(parts) > 1 else x
    return x


def _backwards(w: Writer, x: str, axis: int, start: int, end: int) -> str:
    return w.add("Slice", x, w.constant([start]), w.constant([end]), w.constant([axis]), w.constant([-1]))
