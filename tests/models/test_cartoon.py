"""Cartoons: the same as stock on the same weights, in both precisions, whatever came before."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from models import parity
from models.cartoon import Cartoon
from models.engines import PRECISIONS, Compute
from models.weights.store import SAMPLES
from tests.helpers import pictures

PICTURES = {
    "odd size": pictures.odd_size,
    "above 720": lambda: pictures.portrait(811),
    "three faces": pictures.three_faces,
    "face at the border": pictures.face_at_the_border,
}


@pytest.fixture(scope="module", params=["sample", "stand-in"])
def cartoon_folder(request: pytest.FixtureRequest, standin_cartoon: Path) -> Path:
    return SAMPLES / "cartoon" if request.param == "sample" else standin_cartoon


@pytest.fixture(scope="module")
def stock_cartoons(cartoon_folder: Path) -> Iterator[dict[str, np.ndarray]]:
    """What stock answers to every picture; the pipeline is gone afterwards."""
    from models.reference import Cartoon as Stock

    stock = Stock(cartoon_folder, compute=Compute("f32", 2, cartoon_folder))
    return {name: np.rint(stock.raw(picture())) for name, picture in PICTURES.items()} | {
        "nobody": stock.raw(large_landscape())
    }


def large_landscape() -> np.ndarray:
    return cv2.resize(pictures.landscape(), (1100, 800))


@pytest.mark.stock
@pytest.mark.parametrize("precision", PRECISIONS)
def test_cartoons_equal_stock(
    precision: str, cartoon_folder: Path, stock_cartoons: dict[str, np.ndarray], tmp_path: Path
) -> None:
    ours = Cartoon(cartoon_folder, compute=Compute(precision, 2, tmp_path))
    for name, picture in PICTURES.items():
        rgb = picture()
        found = ours.stylize([rgb])[0]
        difference = parity.of_images(name, found.image, stock_cartoons[name], precision)
        print(precision, difference, len(found.faces), "faces")
        assert difference.within, difference


def test_the_samples_detector_finds_every_face_and_nobody_in_a_landscape(tmp_path: Path) -> None:
    ours = Cartoon(SAMPLES / "cartoon", compute=Compute("f32", 2, tmp_path))
    assert len(ours.stylize([pictures.three_faces()])[0].faces) == 3
    assert len(ours.stylize([pictures.face_at_the_border()])[0].faces) == 1
    assert ours.stylize([pictures.landscape()])[0].faces == ()


@pytest.mark.stock
def test_without_a_face_ours_keeps_the_size_that_stock_loses(
    cartoon_folder: Path, stock_cartoons: dict[str, np.ndarray], tmp_path: Path
) -> None:
    if cartoon_folder.parent != SAMPLES:
        pytest.skip("the stand-in's detector finds faces everywhere")
    rgb = large_landscape()
    ours = Cartoon(cartoon_folder, compute=Compute("f32", 2, tmp_path)).stylize([rgb])[0].image
    stock = stock_cartoons["nobody"]
    assert stock.shape == (720, 990, 3)
    assert ours.shape == rgb.shape
    resized = cv2.resize(np.ascontiguousarray(stock), (1100, 800), interpolation=cv2.INTER_AREA)
    assert parity.of_images("nobody", ours, resized, "f32").within


def test_the_answer_does_not_depend_on_the_picture_before(tmp_path: Path) -> None:
    ours = Cartoon(SAMPLES / "cartoon", compute=Compute("f32", 2, tmp_path))
    alone = ours.stylize([pictures.portrait()])[0]
    after = ours.stylize([pictures.three_faces(), pictures.portrait()])[1]
    assert np.array_equal(alone.image, after.image)
    assert alone.faces == after.faces


def test_a_cartoon_steps_aside_before_further_heads_and_pictures(asides: tuple[list[float], Compute]) -> None:
    seen, compute = asides
    ours = Cartoon(SAMPLES / "cartoon", compute=compute)
    ours.stylize([pictures.three_faces()])
    assert len(seen) == 2
    ours.stylize([pictures.landscape(), pictures.landscape()])
    assert len(seen) == 3
