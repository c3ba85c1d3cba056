"""On a machine with a GPU, in one run: how fast, how far from the networks alone and from the card, how much memory?

    python -m benchmarks.gpu [--standins FOLDER] [--device cuda] [--requests 2000] [--quick] [--out FOLDER]

Stand-ins that are not there are made, which needs TensorFlow; a folder that `benchmarks.make_standins` made elsewhere
does without. `--device cpu --tiny` shows whether it runs. Gradio and the page are not used.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import bench, inputs
from benchmarks.gpu_goals import judged, theirs
from benchmarks.make_standins import SUMS
from flag_values import device, whole
from models.engines import devices, precision_of

NEEDED = ("torch", "openvino", "yaml")
THEIRS = "Tutorials' figures: theirs, on their machines, not ours"


@dataclass(frozen=True)
class Sizes:
    """What is asked: sides in pixels, lengths in seconds; how often, and for how long."""

    sides: tuple[int, ...] = (512, 1024, 2048)
    lengths: tuple[float, ...] = (1, 4, 10, 30, 60)
    usual: tuple[int, float] = (1024, 4)
    clients: tuple[int, ...] = (1, 2, 4, 8, 16)
    pictures: int = 50
    long: float = 600
    matrix: int = 8192
    copied_mb: int = 256
    repeats: int = 30
    alone: int = 10
    case_seconds: float = 6.0
    crowd_seconds: float = 3.0
    firsts: int = 8


FULL = Sizes()
QUICK = replace(FULL, sides=(512, 1024), lengths=(1, 4), clients=(1, 8), repeats=8, case_seconds=2, crowd_seconds=1)
TINY = Sizes(
    sides=(48,),
    lengths=(0.5,),
    usual=(48, 0.5),
    clients=(1, 2),
    pictures=2,
    long=21,
    matrix=128,
    copied_mb=1,
    repeats=2,
    alone=1,
    case_seconds=0,
    crowd_seconds=0,
    firsts=2,
)


@dataclass(frozen=True)
class Options(bench.Options):
    """With the device and what is asked on it; `requests` of them are mixed to see whether memory stays flat."""

    device: str
    requests: int
    sizes: Sizes

    @property
    def is_judged(self) -> bool:
        """The goals are of a GPU, at full size."""
        return self.device != "cpu" and self.sizes is not TINY


def options(argv: Sequence[str] | None) -> Options:
    """Ends the program with one sentence where something is missing."""
    parser = bench.parser(__doc__)
    parser.add_argument("--device", type=device, default="cuda", help="cuda, cuda:N, mps; cpu with --tiny")
    asked = "how many mixed requests memory is watched over"
    parser.add_argument("--requests", type=whole(1, 1_000_000), default=2000, help=asked)
    parser.add_argument("--tiny", action="store_true", help="tiny sizes: whether it runs, not how fast")
    given = vars(parser.parse_args(argv))
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        sys.exit(f"benchmarks.gpu lacks {', '.join(missing)}: pip install -r requirements.txt has them.")
    given["device"] = _usable(given)
    _ensure(given["standins"])
    sizes = TINY if given.pop("tiny") else QUICK if given["quick"] else FULL
    given["precision"] = precision_of("cartoon", given["precision"] or "auto", device=given["device"], engine="torch")
    given["only"] = tuple(given["only"])
    return Options(**given, artifacts=given["standins"] / "artifacts", sizes=sizes)


def _usable(given: dict[str, Any]) -> str:
    """The device, before anything is made or loaded for it. Ends the program with one sentence and code 2."""
    try:
        chosen = devices.choose("torch", given["device"], given["precision"] or "auto", devices.machine())
        if chosen.device == "cpu" and not given["tiny"]:
            why = f" ({chosen.fell_back})" if chosen.fell_back else ""
            raise devices.UnusableDevice(f"on the CPU{why} take --tiny with --device cpu: at full size it takes hours.")
    except devices.UnusableDevice as error:
        print(f"benchmarks.gpu: {error}", file=sys.stderr)
        sys.exit(2)
    return chosen.device


def _ensure(folder: Path) -> None:
    if not (folder / SUMS).exists() and find_spec("tensorflow") is None:
        sys.exit(
            f"There are no stand-ins in {folder}, and making them needs TensorFlow: make them on another machine"
            " (python -m benchmarks.make_standins FOLDER), and give the folder by --standins."
        )
    bench.ensure(folder)


def no_stock(given: Options) -> str | None:
    """Why the stock pipelines are not measured beside ours."""
    if not given.stock:
        return "it was not asked for"
    if find_spec("tensorflow") is None or find_spec("modelscope") is None:
        return "TensorFlow or ModelScope is not installed"
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    import tensorflow as tf

    return None if tf.config.list_physical_devices("GPU") else "TensorFlow sees no GPU"


def cases(task: str, sizes: Sizes) -> dict[str, Any]:
    """Named inputs of a task."""
    if task == "emotion":
        return {f"emotion {length:g} s": inputs.clip(length) for length in sizes.lengths}
    return {f"{task} {side} px": inputs.picture(side, 1) for side in sizes.sides}


def starts(flags: list[str], given: Options) -> dict[str, list[dict[str, Any]]]:
    """The first start ever, asked at once, and the next one, asked after the usual passes; tiny, the first alone."""
    from benchmarks import gpu_start

    side, seconds = given.sizes.usual
    asked = {"side": side, "seconds": seconds, "count": given.sizes.firsts}
    found = [gpu_start.rows("first ever", gpu_start.started(flags, usual=False, **asked))]
    if given.sizes is not TINY:
        found.append(gpu_start.rows("next", gpu_start.started(flags, usual=True, **asked)))
    firsts = [row for _, rows in found for row in rows]
    return {"Starts": [start for start, _ in found], "First requests": firsts}


def measured(flags: list[str], given: Options, stock: bool) -> dict[str, list[dict[str, Any]]]:
    """Everything that one process with the models loaded can tell."""
    import torch

    import preload
    import settings
    from benchmarks import gpu_device, gpu_load, gpu_requests

    device, sizes, configured = torch.device(given.device), given.sizes, settings.parse(flags)
    preload.configure(configured)
    levels = [{"after": "start", **_whole(gpu_device.level_mb(device))}]
    for task in given.only:
        preload.RESIDENTS[task].load()  # type: ignore[index]
        levels.append({"after": task, **_whole(gpu_device.level_mb(device))})
    peaks = gpu_device.matrix_peaks(device, sizes.matrix)
    beside = {task: gpu_requests.others(task, configured, stock=stock) for task in given.only}
    requests = [
        gpu_requests.row(name, task, value, beside[task], given, peaks)
        for task in given.only
        for name, value in cases(task, sizes).items()
    ]
    side, length = sizes.usual
    values = {task: inputs.clip(length) if task == "emotion" else inputs.picture(side, 1) for task in given.only}
    pictures = [task for task in given.only if task != "emotion"]
    large = [gpu_load.many_pictures(task, sizes.pictures, side, given.precision) for task in pictures]
    if "emotion" in given.only:
        large.append(gpu_load.long_sound(sizes.long, beside["emotion"].eager, given.precision))
    return {
        "The device": [gpu_device.described(device)],
        "What it can do": [{f"{name} TFLOP/s": f"{peak:.3g}" for name, peak in peaks.items()}],
        "Copies": [gpu_device.copy_rates(device, sizes.copied_mb)],
        "One request": requests,
        "Clients": gpu_load.clients(values, sizes.clients, sizes.crowd_seconds, given.precision),
        "Many pictures, long sound": large,
        "Memory after each model": levels,
        "Memory over mixed requests": gpu_load.growth(given.requests, sizes.sides[:2], sizes.lengths[:2], device),
    }


def _whole(sizes: dict[str, float]) -> dict[str, str]:
    return {name: f"{size:.0f}" for name, size in sizes.items()}


def main(argv: Sequence[str] | None = None) -> None:
    given = options(argv)
    facts, why = bench.machine(given), no_stock(given)
    with tempfile.TemporaryDirectory() as folder:
        flags = [*bench.flags(given), "--engine", "torch", "--device", given.device, "--cache", folder]
        tables = starts(flags, given) | measured(flags, given, stock=why is None)
    tables["Stock"] = [{"stock": f"not measured: {why}" if why else "measured beside ours"}]
    tables["Goals"] = judged(tables, is_judged=given.is_judged)
    tables[THEIRS] = theirs()
    bench.publish("gpu", given, facts, tables)


if __name__ == "__main__":
    main()
