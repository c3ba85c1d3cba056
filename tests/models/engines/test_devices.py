"""What `--engine`, `--device` and `--precision` come to on any machine, and what is refused, with a remedy."""

import subprocess
import sys
from pathlib import Path

import pytest

from models.engines.devices import Card, Chosen, Machine, UnusableDevice, choose

AMPERE, TURING = Card("A10", (8, 6)), Card("T4", (7, 5))
NONE = Machine()
GPU = Machine(torch_cuda=(13, 0), driver_cuda=(13, 1), cards=(AMPERE, TURING))
OLD_DRIVER = Machine(torch_cuda=(13, 0), driver_cuda=(12, 4), cards=(AMPERE,))
CPU_TORCH = Machine(driver_cuda=(13, 0), cards=(AMPERE,))
NO_CARD = Machine(torch_cuda=(13, 0), driver_cuda=(13, 0))
MAC = Machine(mps=True)


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


@pytest.mark.parametrize("machine", [OLD_DRIVER, CPU_TORCH, NO_CARD])
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


def test_looking_does_not_import_torch() -> None:
    program = "import sys\nfrom models.engines import devices\nfound = devices.machine()\n"
    program += "print('torch' in sys.modules, 'numpy' in sys.modules)"
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"
