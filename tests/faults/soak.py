"""The long run: every part of tests/faults at full length, and a report.

    ./run.sh soak --minutes N [--only PART ...] [--out FILE] [--seed S]

Everything happens on 127.0.0.1, in folders of its own, and stops by itself: `--minutes` is how long the load runs, the
other parts take some ten minutes together on a quiet machine.
"""

import argparse
import logging
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.faults import bounds, crowd, disk, doors, fuzz, heals, hubs, life, sizes, steady
from tests.faults.servers import Figure, server
from tests.helpers.odd_audio import REFUSED as ODD_RECORDINGS
from tests.helpers.odd_audio import SOUNDS, VOICES
from tests.helpers.odd_images import PICTURES
from tests.helpers.odd_images import REFUSED as ODD_PICTURES

Part = Callable[[Path, argparse.Namespace], list[Figure]]
CASES = 2500
PACKAGES = ("gradio", "fastapi", "uvicorn", "openvino", "pillow", "soundfile", "av", "numpy")


def mix(folder: Path, given: argparse.Namespace) -> list[Figure]:
    with server(folder, "--queue", "12", STANDIN_SECONDS="0.02") as running:
        running.ready()
        return crowd.mix_up(running.address, clients=100, requests=20)


def hub(folder: Path, given: argparse.Namespace) -> list[Figure]:
    return [
        *hubs.hub_and_cache(folder / "cache"),
        *hubs.hub_unasked(folder / "unasked"),
        *hubs.hub_alone(folder / "alone"),
    ]


def odd(folder: Path, given: argparse.Namespace) -> list[Figure]:
    recordings, pictures = VOICES + SOUNDS + ODD_RECORDINGS, PICTURES + ODD_PICTURES
    return [*doors.strangers(folder, pictures, recordings), *doors.refusal_times(ODD_PICTURES, ODD_RECORDINGS)]


def fuzzed(folder: Path, given: argparse.Namespace) -> list[Figure]:
    return [figure for door in fuzz.DOORS for figure in fuzz.fuzz(door, cases=CASES, seed=given.seed)]


PARTS: dict[str, tuple[str, Part]] = {
    "mix": ("Nothing is mixed up", mix),
    "drain": ("SIGTERM", lambda folder, given: life.drain(folder, rounds=20, chance=random.Random(given.seed))),
    "stops": ("Nothing stays", lambda folder, given: life.stops(folder, rounds=20)),
    "kill": ("kill -9", lambda folder, given: life.kill(folder, rounds=20, real=10, chance=random.Random(given.seed))),
    "hub": ("A broken hub", hub),
    "heals": ("What failed heals", lambda folder, given: heals.heals(folder, seconds=75)),
    "flips": ("Flipped bits", lambda folder, given: life.flips(folder, count=30, chance=random.Random(given.seed))),
    "check": ("How long a check of the weights takes", lambda folder, given: disk.check_times(folder)),
    "disk": ("A full disk", lambda folder, given: disk.full(folder)),
    "limits": ("Limits", lambda folder, given: bounds.limits(folder, cancels=500, direct=100)),
    "uploads": ("Uploads", lambda folder, given: bounds.uploads(folder)),
    "attacks": ("Attacks", lambda folder, given: doors.attacks(folder)),
    "odd": ("Odd files", odd),
    "fuzz": ("Damaged files", fuzzed),
    "sizes": (
        "Ever new sizes",
        lambda folder, given: sizes.new_sizes(folder, count=2000, chance=random.Random(given.seed)),
    ),
    "idle": ("Rest", lambda folder, given: steady.idle(folder, seconds=60)),
    "leak": ("A planted leak", lambda folder, given: steady.leak(folder, seconds=40)),
    "load": ("Memory under 80 % load", lambda folder, given: steady.load(folder, seconds=60 * given.minutes)),
}


def main() -> int:
    given = _arguments()
    logging.disable(logging.WARNING)  # every fault that is found says so
    sections, failed = [], 0
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        for name in given.only or PARTS:
            title, figures, line = _run(name, Path(place) / name, given)
            failed += sum(not figure.holds for figure in figures)
            sections.append(_section(title, figures, line))
            print(sections[-1], flush=True)
            given.out.parent.mkdir(parents=True, exist_ok=True)
            given.out.write_text("\n".join([_head(given), *sections]))
    print(f"{given.out}: {failed} figures do not hold" if failed else f"{given.out}: all figures hold")
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.sh soak", description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=30, help="how long the load runs")
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"some of: {', '.join(PARTS)}")
    parser.add_argument("--out", type=Path, default=Path("soak-report.md"))
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of damages and moments")
    return parser.parse_args()


def _run(name: str, folder: Path, given: argparse.Namespace) -> tuple[str, list[Figure], str]:
    title, part = PARTS[name]
    before, started = os.getloadavg()[0], time.monotonic()
    try:
        figures = part(folder, given)
    # A part that breaks is a finding; the others are still run.
    except Exception as error:
        figures = [Figure("the part itself", "runs", f"{type(error).__name__}: {error}", False)]
    took = time.monotonic() - started
    return title, figures, f"`{name}`: {took:.0f} s; load average {before:.1f} before, {os.getloadavg()[0]:.1f} after."


def _section(title: str, figures: list[Figure], line: str) -> str:
    rows = [f"| {one.name} | {one.goal} | {_cell(one.found)} | {'yes' if one.holds else '**no**'} |" for one in figures]
    return "\n".join([f"## {title}", "", line, "", "| | goal | found | holds |", "|---|---|---|---|", *rows, ""])


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "/")[:600]


def _head(given: argparse.Namespace) -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    now = datetime.now(UTC)
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return "\n".join(
        [
            "# Soak report",
            "",
            f"{now:%Y-%m-%d %H:%M} UTC, commit {commit or '-'}, `--minutes {given.minutes:g} --seed {given.seed}`."
            f" {_processor()}, {os.cpu_count()} cores, Linux {platform.release()}, Python {platform.python_version()};"
            f" {packages}.",
            "",
            "Load, idle and a part of the kills run the real program on its small sample models; the other parts run it"
            " on stand-ins whose answers are easy to check. Neither says anything of the real weights' speed or size.",
            "",
        ]
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    sys.exit(main())
