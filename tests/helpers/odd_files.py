"""Shared by the makers of odd pictures and recordings: what one is, and how to damage a good one."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

FUZZ_CASES = int(os.environ.get("PREWARM_FUZZ", 300))
fuzz_settings = settings(
    max_examples=FUZZ_CASES, deadline=None, derandomize=FUZZ_CASES == 300, suppress_health_check=list(HealthCheck)
)


@dataclass(frozen=True)
class Odd:
    """A file a stranger may send; `answer` is what comes out, or the reason of the refusal."""

    name: str
    make: Callable[[], bytes]
    answer: str


def odd(answer: str, **makers: Callable[[], bytes]) -> list[Odd]:
    return [Odd(name, make, answer) for name, make in makers.items()]


@cache
def made(kind: Odd) -> bytes:
    """The file, made once however often it is damaged."""
    return kind.make()


def peak_mb_since_reset() -> float:
    """Highest resident memory of this process since the last reset_peak()."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def reset_peak() -> float:
    """Forget the highest resident memory so far (Linux); the present one in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_mb_since_reset()


@dataclass(frozen=True)
class Damage:
    """One change at a place 0..1 of the file: a byte set, a run zeroed, repeated, dropped, or the rest cut off."""

    act: str
    place: float
    length: int
    value: int

    def __call__(self, data: bytes) -> bytes:
        at = int(self.place**2 * len(data))
        if self.act == "cut":
            return data[:at]
        run = data[at : at + self.length]
        middle = {"set": bytes([self.value]) * min(1, len(run)), "fill": bytes([self.value]) * len(run)}
        middle |= {"repeat": run * 3, "drop": b"", "number": self.value.to_bytes(4, "big") * (len(run) > 3)}
        skip = {"set": 1, "number": 4}.get(self.act, self.length)
        return data[:at] + middle[self.act] + data[at + skip :]


# Squaring the place puts most of the damage into headers, where decoders go wrong.
damages = st.lists(
    st.builds(
        Damage,
        act=st.sampled_from(["set", "set", "fill", "repeat", "drop", "number", "cut"]),
        place=st.floats(0, 1),
        length=st.integers(1, 64),
        value=st.sampled_from([0, 1, 2, 127, 128, 255]) | st.integers(0, 255),
    ),
    min_size=1,
    max_size=4,
)


def damaged(data: bytes, changes: list[Damage]) -> bytes:
    for change in changes:
        data = change(data)
    return data
