"""Which device runs the models: what was asked for held against what the machine has, before anything is loaded.

torch is not imported here: its import takes a second, and machines without a GPU do not need it. What it was built for
stands in its own `version.py`; what the machine has is asked of NVIDIA's driver library.
"""

import ctypes
import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

CHOICES = "auto, cpu, cuda, cuda:N, mps"
NAME = re.compile(r"auto|cpu|mps|cuda(:\d{1,2})?")
BF16_CAPABILITY = (8, 0)  # Ampere
GUIDE = "docs/gpu.md tells how to get it"
DRIVER_REMEDY = "see what nvidia-smi says, and start the machine anew where the driver was updated or the card is lost"
_NO_DEVICE = 100  # CUDA_ERROR_NO_DEVICE
_MAJOR, _MINOR = 75, 76  # CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and _MINOR


class UnusableDevice(Exception):
    """One sentence: what is wrong with what was asked for, with the remedy and the choices."""


@dataclass(frozen=True)
class Card:
    """One NVIDIA GPU."""

    name: str
    capability: tuple[int, int]


@dataclass(frozen=True)
class Machine:
    """What there is: the CUDA that torch was built for, that of the driver (both as (major, minor)), the cards; and
    what a driver says that is there and does not work."""

    torch_cuda: tuple[int, int] | None = None
    driver_cuda: tuple[int, int] | None = None
    cards: tuple[Card, ...] = ()
    mps: bool = False
    driver_error: str | None = None


@dataclass(frozen=True)
class Chosen:
    """The engine and the device that run the models; `fell_back` says why `auto` did not take the GPU that is there."""

    engine: str
    device: str
    fell_back: str | None = None


def choose(engine: str, device: str, precision: str, machine: Machine) -> Chosen:
    """What `--engine`, `--device` and `--precision` come to on a machine. Raises UnusableDevice.

    `auto` takes a usable GPU, else OpenVINO on the CPU.
    """
    if engine in ("openvino", "reference"):
        if device not in ("auto", "cpu"):
            raise UnusableDevice(
                f"--device {device} needs --engine torch, not {engine}: leave --engine out, or take --device cpu."
            )
        return _fits(Chosen(engine, "cpu"), precision, machine)
    if device == "auto":
        return _automatic(engine, precision, machine)
    if device == "cpu":
        return _fits(Chosen("torch" if engine == "torch" else "openvino", "cpu"), precision, machine)
    if wrong := _why_not(device, machine):
        raise UnusableDevice(f"--device {device}: {wrong} (choices: {CHOICES}).")
    return _fits(Chosen("torch", device), precision, machine)


def _automatic(engine: str, precision: str, machine: Machine) -> Chosen:
    on_cpu = Chosen("torch" if engine == "torch" else "openvino", "cpu")
    device = "mps" if machine.mps else "cuda"
    if not machine.mps and machine.driver_cuda is None and machine.driver_error is None:
        return _fits(on_cpu, precision, machine)
    wrong = _why_not(device, machine) or _unfit(Chosen("torch", device), precision, machine)
    if wrong is None:
        return Chosen("torch", device)
    return _fits(Chosen(on_cpu.engine, "cpu", fell_back=wrong), precision, machine)


def _why_not(device: str, machine: Machine) -> str | None:
    """What keeps a GPU from being used, with the remedy."""
    if device == "mps":
        return None if machine.mps else "only Macs with Apple silicon have it; take --device auto"
    if machine.torch_cuda is None:
        return f"the torch that is installed has no CUDA; {GUIDE}, or take --device cpu"
    if machine.driver_error is not None:
        return f"NVIDIA's driver does not work: {machine.driver_error}; {DRIVER_REMEDY}, or take --device cpu"
    if machine.driver_cuda is None:
        return "there is no NVIDIA driver that works here (does nvidia-smi?); install one, or take --device cpu"
    if machine.driver_cuda[0] < machine.torch_cuda[0]:
        has, needs = (".".join(map(str, version)) for version in (machine.driver_cuda, machine.torch_cuda))
        return f"the driver knows CUDA {has}, torch was built for {needs}; update it, or fit torch to it: {GUIDE}"
    if not machine.cards:
        return f"the driver sees no card (does CUDA_VISIBLE_DEVICES hide it?); {DRIVER_REMEDY}, or take --device cpu"
    if int(device.partition(":")[2] or 0) >= len(machine.cards):
        return f"there is no such card; those that are here: {_listed(machine.cards)}"
    return None


def _fits(chosen: Chosen, precision: str, machine: Machine) -> Chosen:
    if wrong := _unfit(chosen, precision, machine):
        raise UnusableDevice(wrong)
    return chosen


def _unfit(chosen: Chosen, precision: str, machine: Machine) -> str | None:
    """What keeps an engine from a precision."""
    if precision == "int8" and chosen.engine == "torch":
        return (
            "--precision int8 is OpenVINO's, on the CPU: leave --engine out and take --device cpu, or take auto, f32,"
            " f16 or bf16."
        )
    if precision == "f16" and chosen.engine != "torch":
        return (
            "--precision f16 is for GPUs, on CPUs it is slower than f32: take auto, f32 or bf16, or a GPU's --device."
        )
    if precision == "bf16" and chosen.device.startswith("cuda"):
        card = machine.cards[int(chosen.device.partition(":")[2] or 0)]
        if card.capability < BF16_CAPABILITY:
            return f"--precision bf16: {card.name} does not calculate in it; take auto, f32 or f16."
    return None


def machine() -> Machine:
    """This one. Costs a look for a library where there is no NVIDIA driver."""
    driver, cards, error = _nvidia()
    mps = sys.platform == "darwin" and platform.machine() == "arm64"
    return Machine(_torch_cuda(), driver, cards, mps, error)


def _torch_cuda() -> tuple[int, int] | None:
    """The CUDA that the installed torch was built for, as its `version.py` says."""
    spec = find_spec("torch")
    try:
        text = Path(str(spec and spec.origin)).with_name("version.py").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"^cuda\b.*=\s*'(\d+)\.(\d+)'", text, re.MULTILINE)
    return (int(found[1]), int(found[2])) if found else None


def _nvidia() -> tuple[tuple[int, int] | None, tuple[Card, ...], str | None]:
    """What the driver's own library says: the newest CUDA that it knows, the cards that this process may see; or what
    is wrong with it."""
    try:
        cuda = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None, (), None
    version, count = ctypes.c_int(), ctypes.c_int()
    code = (
        cuda.cuDriverGetVersion(ctypes.byref(version)) or cuda.cuInit(0) or cuda.cuDeviceGetCount(ctypes.byref(count))
    )
    if code not in (0, _NO_DEVICE):
        return None, (), _named(cuda, code)
    known = (version.value // 1000, version.value % 1000 // 10)
    return known, tuple(map(partial(_card, cuda), range(count.value))), None


def _named(cuda: ctypes.CDLL, code: int) -> str:
    """An error of the driver in its own words."""
    text = ctypes.c_char_p()
    cuda.cuGetErrorString(code, ctypes.byref(text))
    return (text.value or b"it gives no reason").decode() + f" ({code})"


def _card(cuda: ctypes.CDLL, number: int) -> Card:
    device, name = ctypes.c_int(), ctypes.create_string_buffer(100)
    cuda.cuDeviceGet(ctypes.byref(device), number)
    cuda.cuDeviceGetName(name, len(name), device)
    return Card(name.value.decode(), (_attribute(cuda, device, _MAJOR), _attribute(cuda, device, _MINOR)))


def _attribute(cuda: ctypes.CDLL, device: ctypes.c_int, which: int) -> int:
    value = ctypes.c_int()
    cuda.cuDeviceGetAttribute(ctypes.byref(value), which, device)
    return value.value


def _listed(cards: Sequence[Card]) -> str:
    return ", ".join(f"cuda:{number} ({card.name})" for number, card in enumerate(cards)) or "none"
