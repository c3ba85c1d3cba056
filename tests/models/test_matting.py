"""Mattes: the same as stock on the same weights, in both precisions."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from models import parity
from models.engines import PRECISIONS, Compute
from models.matting import Matting
from models.weights.store import SAMPLES
from tests.helpers import pictures


@pytest.fixture(scope="module", params=["sample", "stand-in"])
def matting_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "sample":
        return SAMPLES / "matting"
    from benchmarks import standins

    return standins.write_matting(tmp_path_factory.mktemp("standin"))


@pytest.mark.stock
def test_mattes_equal_stock_side_by_side_with_another_matting_model(matting_folder: Path, tmp_path: Path) -> None:
    from models.reference import Matting as Stock

    stock = Stock(matting_folder, compute=Compute("f32", 2, tmp_path))
    # A second stock pipeline in one process answers with the first one's weights, unless it is fenced.
    Stock(SAMPLES / "matting-universal", compute=Compute("f32", 2, tmp_path))
    shown = [cv2.resize(pictures.portrait(), size) for size in ((511, 403), (256, 256), (97, 640))]
    expected = stock.matte(shown)
    for precision in PRECISIONS:
        ours = Matting(matting_folder, compute=Compute(precision, 2, tmp_path)).matte(shown)
        for rgb, mine, theirs in zip(shown, ours, expected, strict=True):
            difference = parity.of_images(f"{rgb.shape}", mine * 255, theirs * 255, precision)
            print(precision, difference)
            assert difference.within, difference


def test_mattes_step_aside_between_pictures(asides: tuple[list[float], Compute]) -> None:
    seen, compute = asides
    Matting(SAMPLES / "matting", compute=compute).matte([np.zeros((64, 64, 3), np.uint8)] * 3)
    assert len(seen) == 2
