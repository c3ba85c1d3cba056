"""The answers beside the speed: ours against stock on the same weights, in the precision that is measured.

    python -m benchmarks.quality [--quick] [--out FOLDER]

Voices: voice-1.wav of the folder beside the project, if it is there, and 20 synthetic ones. Weights: the stand-ins of
full size, random, and the sample models, which were trained.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks import bench, inputs
from models import parity
from models.media import audio
from models.weights.store import SAMPLES
from tools.prosody import MANNERS, synthesize

SHARED = Path(__file__).parents[2] / "shared" / "data"
VOICES, SECONDS = 20, 3.0
SIDES = (400, 811)


def voices(count: int) -> Iterator[np.ndarray]:
    """float32 mono 16 kHz each."""
    if (SHARED / "voice-1.wav").is_file():
        yield audio.decode(SHARED / "voice-1.wav")
    labels = list(MANNERS)
    for number in range(count):
        yield synthesize(labels[number % len(labels)], seconds=SECONDS, rng=np.random.default_rng(number))


def pictures() -> Iterator[np.ndarray]:
    """RGB uint8: a real person where the file is there, else a drawing."""
    path = SHARED / "portrait-1.png"
    photo = cv2.imread(str(path))[:, :, ::-1] if path.is_file() else inputs.picture(1024, 1)
    for side in SIDES:
        yield cv2.resize(np.ascontiguousarray(photo), (side, side + 6), interpolation=cv2.INTER_AREA)


def emotion(ours: Any, stock: Any, given: bench.Options) -> dict[str, Any]:
    apart, same = [], 0
    for voice in voices(4 if given.quick else VOICES):
        mine, theirs = (pipeline.analyze([voice])[0].scores for pipeline in (ours, stock))
        apart.append(np.abs(mine - theirs))
        same += mine.argmax() == theirs.argmax()
    largest = float(np.max(apart))
    within = largest <= parity.SCORE_MAX[given.precision] and same == len(apart)
    return _told(f"{len(apart)} voices, same label {same} times", largest, float(np.mean(apart)), bool(within))


def images(ours: Any, stock: Any, given: bench.Options, task: str) -> dict[str, Any]:
    found = []
    for rgb in pictures():
        if task == "cartoon":
            pair = [pipeline.stylize([rgb])[0].image for pipeline in (ours, stock)]
        else:
            pair = [pipeline.matte([rgb])[0] * 255 for pipeline in (ours, stock)]
        found.append(parity.of_images(task, pair[0], pair[1], given.compute(task).precision))
    largest, mean = max(each.largest for each in found), max(each.mean for each in found)
    return _told(f"{len(found)} pictures, grey levels", largest, mean, all(each.within for each in found))


def _told(what: str, largest: float, mean: float, within: bool) -> dict[str, Any]:
    return {"what": what, "largest": f"{largest:.5f}", "mean": f"{mean:.5f}", "within tolerance": within}


def compare(task: str, weights: str, given: bench.Options) -> dict[str, Any]:
    ours, stock = given.ours(task), given.reference(task)
    row = emotion(ours, stock, given) if task == "emotion" else images(ours, stock, given, task)
    return {"task": task, "weights": weights} | row


def main() -> None:
    given = bench.options(__doc__)
    facts = bench.machine(given)
    sample = replace(given, standins=SAMPLES, artifacts=given.standins / "sample-artifacts")
    sets = {"stand-in": given, "sample": sample}
    rows = [compare(task, name, each) for task in given.only for name, each in sets.items()]
    if "emotion" in given.only and given.precision != "int8":
        rows += [compare("emotion", f"{name}, int8", replace(each, precision="int8")) for name, each in sets.items()]
    bench.publish("quality", given, facts, {"Ours against stock": rows})


if __name__ == "__main__":
    main()
