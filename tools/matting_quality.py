"""How well sample mattes fit drawn scenes that they were not fitted on: the soft IoU by kind of scene.

    python -m tools.matting_quality [FOLDER ...] [--scenes 24]

FOLDER: matting models in ModelScope's format, by default the portrait sample. Soft IoU: the sum of the smaller alphas
over the sum of the larger, 1 where both mattes are the same.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from models.engines import Compute
from models.matting import Matting
from models.weights.store import SAMPLES
from tools.unseen_people import KINDS, draw_scene


def soft_iou(alpha: np.ndarray, truth: np.ndarray) -> float:
    return float(np.minimum(alpha, truth).sum() / np.maximum(alpha, truth).sum())


def overlaps(matte: Callable[[np.ndarray], np.ndarray], kind: str, scenes: int) -> list[float]:
    """The soft IoU of so many scenes of one kind: always the same ones."""
    drawn = (draw_scene(np.random.default_rng([KINDS.index(kind), number]), kind) for number in range(scenes))
    return [soft_iou(matte(rgb), truth) for rgb, truth in drawn]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[SAMPLES / "matting"])
    parser.add_argument("--scenes", type=int, default=24, help="scenes of each kind")
    asked = parser.parse_args()
    print("| scenes |", *(f"{folder} |" for folder in asked.folders))
    print("|---|" + "---|" * len(asked.folders))
    with tempfile.TemporaryDirectory() as work:
        models = [Matting(folder, compute=Compute("f32", 1, Path(work))) for folder in asked.folders]
        for kind in KINDS:
            rows = [overlaps(lambda rgb, model=model: model.matte([rgb])[0], kind, asked.scenes) for model in models]
            print(f"| {kind} |", *(f"{np.mean(row):.2f} (least {min(row):.2f}) |" for row in rows), flush=True)


if __name__ == "__main__":
    main()
