"""Batches whose work is done at once."""

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from models.errors import BadImage
from ui.batch.runner import Batch, Made
from ui.batch.sources import Source

PICTURE = cv2.imencode(".png", np.full((300, 400, 4), 120, np.uint8))[1].tobytes()


def files(folder: Path, *names: str) -> list[Source]:
    for name in names:
        (folder / name).write_bytes(name.encode())
    return [Source(name, folder / name) for name in names]


def draw(file: Path) -> Made:
    """Stands in for a tab: a file named bad is no picture."""
    if file.name.startswith("bad"):
        raise BadImage("This file is not an image: choose another.", reason="not_an_image")
    return Made(PICTURE, "cartoon.png", remark="No face", facts={"faces": 0})


def batch_of(
    folder: Path, *names: str, work: Callable[[Path], Made] = draw, at_once: Callable[[], int] = lambda: 1
) -> Batch:
    return Batch(files(folder, *names), work, parameters={"style": "anime"}, at_once=at_once)


def settled(batch: Batch) -> Batch:
    end = time.monotonic() + 10
    while batch.state in ("running", "stopping"):
        assert time.monotonic() < end
        time.sleep(0.005)
    return batch
