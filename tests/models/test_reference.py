"""The stock pipelines, fenced: they answer in our terms, and change nothing around them."""

import os
from pathlib import Path

import numpy as np
import pytest

from models import reference
from models.engines import Compute
from models.errors import TooLarge
from models.weights.store import SAMPLES
from tests.helpers import pictures

pytestmark = pytest.mark.stock


def compute(folder: Path) -> Compute:
    return Compute("f32", 2, folder)


def test_a_cartoon_has_the_size_of_the_photo_and_the_environment_is_as_before(tmp_path: Path) -> None:
    before = dict(os.environ)
    stock = reference.Cartoon(SAMPLES / "cartoon", compute=compute(tmp_path))
    photo = np.repeat(np.repeat(pictures.landscape(), 3, axis=0), 3, axis=1)
    (drawn,) = stock.stylize([photo])
    assert drawn.image.shape == photo.shape and drawn.image.dtype == np.uint8 and drawn.faces == ()
    assert dict(os.environ) == before


def test_colours_go_in_and_come_out_as_rgb(tmp_path: Path) -> None:
    """Blue sky above, green grass below, and no person."""
    stock = reference.Matting(SAMPLES / "matting", compute=compute(tmp_path))
    photo = pictures.landscape()
    assert np.array_equal(stock.raw(photo)[:, :, 2::-1], photo)
    (matte,) = stock.matte([photo])
    assert matte.dtype == np.float32 and matte.shape == photo.shape[:2] and 0 <= matte.min() <= matte.max() <= 1


def test_a_long_clip_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    stock = reference.Emotion(SAMPLES / "emotion", compute=compute(tmp_path))
    with pytest.raises(TooLarge, match="at most 60 s"):
        stock.analyze([np.zeros(61 * 16_000, np.float32)])
    assert stock.warm_up()["scores"].sum() == pytest.approx(1, abs=1e-3)
