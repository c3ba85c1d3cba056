"""What `--engine`, `--device` and `--precision` come to on any machine, and what is refused, with a remedy."""

import subprocess
import sys
from typing import Any

import pytest

from models.engines import devices
from models.engines.devices import Card, Chosen, Machine, UnusableDevice, choose
from tests.helpers.running import ROOT

AMPERE, TURING = Card("A10", (8, 6)), Card("T4", (7, 5))
NONE = Machine()
GPU = Machine(torch_cuda=(13, 0), driver_cuda=(13, 1), cards=(AMPERE, TURING))
OLD_DRIVER = Machine(torch_cuda=(13, 0), driver_cuda=(12, 4), cards=(AMPERE,))
CPU_TORCH = Machine(driver_cuda=(13, 0), cards=(AMPERE,))
NO_CARD = Machine(torch_cuda=(13, 0), driver_cuda=(13, 0))
MAC = Machine(mps=True)
BROKEN = Machine(torch_cuda=(13, 0), driver_error="unknown error (999)")


@pytest.mark.parametrize(
    ("engine", "device", "precision", "machine", "chosen"),
    [
        ("auto", "auto", "auto", NONE, Chosen("openvino", "cpu")),
        ("auto", "auto", "int8", NONE, Chosen("openvino", "cpu")),
        ("auto", "auto", "auto", GPU, Chosen("torch", "cuda")),
        ("auto", "auto", "auto", MAC, Chosen("torch", "mps")),
        ("torch", "auto", "auto", NONE, Chosen("torch", "cpu")),
        ("openvino", "auto", "auto", GPU, Chosen("openvino", "cpu")),
        ("reference", "auto", "auto", GPU, Chosen("reference", "cpu")),
        ("auto", "cpu", "auto", GPU, Chosen("openvino", "cpu")),
        ("auto", "cuda:1", "f16", GPU, Chosen("torch", "cuda:1")),
        ("auto", "cuda", "bf16", GPU, Chosen("torch", "cuda")),
        ("torch", "cpu", "f16", NONE, Chosen("torch", "cpu")),
    ],
)
def test_what_is_chosen(engine: str, device: str, precision: str, machine: Machine, chosen: Chosen) -> None:
    assert choose(engine, device, precision, machine) == chosen


@pytest.mark.parametrize("machine", [OLD_DRIVER, CPU_TORCH, NO_CARD, BROKEN])
def test_auto_falls_back_to_the_cpu_and_says_why(machine: Machine) -> None:
    chosen = choose("auto", "auto", "auto", machine)
    assert (chosen.engine, chosen.device) == ("openvino", "cpu")
    assert chosen.fell_back


@pytest.mark.parametrize(
    ("engine", "device", "precision", "machine", "named"),
    [
        ("auto", "cuda:9", "auto", GPU, "cuda:0 (A10), cuda:1 (T4)"),
        ("auto", "cuda", "auto", CPU_TORCH, "has no CUDA"),
        ("auto", "cuda", "auto", NONE, "has no CUDA"),
        ("auto", "cuda", "auto", Machine(torch_cuda=(13, 0)), "no NVIDIA driver"),
        ("auto", "cuda", "auto", OLD_DRIVER, "the driver knows CUDA 12.4, torch was built for 13.0"),
        ("auto", "cuda", "auto", BROKEN, "driver does not work: unknown error (999); see what nvidia-smi says"),
        ("auto", "cuda:1", "auto", NO_CARD, "sees no card"),
        ("auto", "mps", "auto", GPU, "Apple silicon"),
        ("auto", "cuda:1", "bf16", GPU, "T4"),
        ("torch", "auto", "int8", NONE, "int8 is OpenVINO's"),
        ("auto", "cuda", "int8", GPU, "int8 is OpenVINO's"),
        ("auto", "auto", "f16", NONE, "f16 is for GPUs"),
        ("openvino", "cuda", "auto", GPU, "needs --engine torch"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    engine: str, device: str, precision: str, machine: Machine, named: str
) -> None:
    with pytest.raises(UnusableDevice) as refused:
        choose(engine, device, precision, machine)
    assert named in str(refused.value) and "\n" not in str(refused.value)
    assert "take" in str(refused.value) or "choices" in str(refused.value) or "install" in str(refused.value)


class FakeDriver:
    """Of two cards. `code` is what it answers at its start."""

    def __init__(self, code: int = 0) -> None:
        self.cuInit = lambda flags: code
        self.cuDriverGetVersion = lambda version: put(version, 13010)
        self.cuDeviceGetCount = lambda count: put(count, 2)
        self.cuDeviceGet = put
        self.cuDeviceGetName = lambda name, size, device: setattr(name, "value", b"A10")
        self.cuDeviceGetAttribute = lambda value, which, device: put(value, 8 if which == 75 else 6)
        self.cuGetErrorString = lambda code, text: put(text, b"unknown error")


def put(reference: Any, value: object) -> int:
    """As the driver's functions do: the answer where the reference points, and 0."""
    reference._obj.value = value
    return 0


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (0, Machine(None, (13, 1), (AMPERE, AMPERE))),
        (100, Machine(None, (13, 1))),
        (999, Machine(driver_error="unknown error (999)")),
    ],
)
def test_the_driver_is_asked_for_its_cards(code: int, found: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices.ctypes, "CDLL", lambda name: FakeDriver(code))
    monkeypatch.setattr(devices, "_torch_cuda", lambda: None)
    assert devices.machine() == found


# As on a machine with one card, too old for bf16.
PROGRAM = """
import runpy, sys
sys.argv.pop(0)
sys.path[0] = "."
from models.engines import devices
devices.machine = lambda: devices.Machine((13, 0), (13, 0), (devices.Card("T4", (7, 5)),))
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.parametrize("program", [["app.py"], ["preload.py"], ["cli", "cartoon", "README.md"]], ids=" ".join)
@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--device cuda:9", "there is no such card; those that are here: cuda:0 (T4) (choices: auto, cpu, cuda, "),
        ("--device cuda --precision bf16", "T4 does not calculate in it; take auto, f32 or f16"),
        ("--engine torch --precision int8", "leave --engine out and take --device cpu, or take auto, f32, f16 or bf16"),
        ("--device gpu", "'gpu' is none of auto, cpu, cuda, cuda:N, mps"),
        ("--device-memory 4GB", "'4GB' is no whole number from 0 to 1000000"),
    ],
)
def test_programs_end_with_one_sentence_and_the_choices(program: list[str], flags: str, said: str) -> None:
    command = [sys.executable, "-c", PROGRAM, *program, *flags.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2 and said in done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("prewarm") and not done.stdout


def test_looking_does_not_import_torch() -> None:
    program = "import sys\nfrom models.engines import devices\nfound = devices.machine()\n"
    program += "print('torch' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"
