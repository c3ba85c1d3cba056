"""Damaged files at the decoding doors, thousands of them, in a process of its own so that a crash is seen.

    python -m tests.faults.fuzz picture|recording --cases N --seed S

Kept seeds found something once; they are tried by the tests for ever.
"""

import argparse
import json
import random
import subprocess
import sys
import time
import traceback
from pathlib import Path

from models.errors import PrewarmError
from models.media import audio, images
from tests.faults.servers import Figure, at_most, counted
from tests.helpers.odd_audio import SOUNDS, VOICES
from tests.helpers.odd_files import Damage, damaged, made, peak_mb_since_reset, reset_peak
from tests.helpers.odd_images import PICTURES

ACTS = ("set", "set", "fill", "repeat", "drop", "number", "cut")
VALUES = (0, 1, 2, 127, 128, 255)
KEPT_SEEDS = (1, 2, 3)
GROWTH_MB = 100
REFUSAL_MS = 100
TRIMMED = 1_000_000  # files beyond are only made once, not fuzzed

DOORS = {"picture": (images.decode, PICTURES), "recording": (audio.decode, VOICES + SOUNDS)}


def damages(chance: random.Random) -> list[Damage]:
    value = chance.choice(VALUES) if chance.random() < 0.5 else chance.randrange(256)
    return [
        Damage(chance.choice(ACTS), chance.random(), chance.randint(1, 64), value) for _ in range(chance.randint(1, 4))
    ]


def run(door: str, cases: int, seed: int) -> dict[str, float | str]:
    """Tries the cases in this process and says how they went."""
    decode, kinds = DOORS[door]
    files = [kind for kind in kinds if len(made(kind)) <= TRIMMED]
    chance = random.Random(seed)
    for kind in files:  # libraries and buffers are in place before growth is measured
        decode(made(kind))
    before, answered, refused, broken, slowest = reset_peak(), 0, 0, [], 0.0
    for number in range(cases):
        data = damaged(made(chance.choice(files)), damages(chance))
        started = time.thread_time()
        try:
            decode(data)
            answered += 1
        except PrewarmError:
            refused += 1
            slowest = max(slowest, time.thread_time() - started)
        except Exception:
            broken.append(f"case {number}: {traceback.format_exc(limit=3)}")
    return {
        "answered": answered,
        "refused": refused,
        "broken": len(broken),
        "first": broken[0] if broken else "",
        "growth_mb": peak_mb_since_reset() - before,
        "slowest_ms": 1000 * slowest,
    }


def fuzz(door: str, *, cases: int, seed: int) -> list[Figure]:
    """The same in a process of its own."""
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.faults.fuzz", door]
    command += ["--cases", str(cases), "--seed", str(seed)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    if done.returncode:
        return [
            Figure(f"{door}s damaged, seed {seed}", "no crash", f"exit {done.returncode}: {done.stderr[-600:]}", False)
        ]
    told = json.loads(done.stdout.splitlines()[-1])
    proper = told["answered"] + told["refused"]
    name = f"{door}s damaged, seed {seed}"
    return [
        counted(f"{name}: answered or refused properly", proper, cases),
        Figure(f"{name}: exceptions of another kind", "0", f"{told['broken']} {told['first']}", not told["broken"]),
        Figure(f"{name}: tracebacks printed", "0", str(done.stderr.count("Traceback")), "Traceback" not in done.stderr),
        at_most(f"{name}: memory growth", told["growth_mb"], GROWTH_MB, "MB"),
        at_most(f"{name}: slowest refusal (CPU)", told["slowest_ms"], REFUSAL_MS, "ms"),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("door", choices=DOORS)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(run(given.door, given.cases, given.seed)))
