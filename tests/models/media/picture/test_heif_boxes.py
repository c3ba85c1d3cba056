"""What the boxes of a HEIC say."""

import numpy as np
import pytest

from models.media.picture import heif_boxes
from tests.helpers.heif_makers import heic
from tests.helpers.picture_makers import patched, quarters

RGB = np.asarray(quarters())


def test_the_main_picture_its_tiles_and_its_alpha_are_found() -> None:
    plain = heif_boxes.picture_of(heic(RGB))
    assert plain.tiles == [plain.main] and plain.size == (96, 64) and plain.alpha is None
    grid = heif_boxes.picture_of(heic(RGB, tile=(64, 32), alpha=RGB[..., :1]))
    assert (len(grid.tiles), grid.columns, grid.size) == (4, 2, (96, 64))
    assert grid.alpha is not None and all(tile.size() == (64, 32) for tile in grid.tiles)


def test_more_extents_or_bytes_than_a_file_has_are_refused() -> None:
    data = heic(RGB)
    at = data.index(b"iloc") + 4 + 4 + 2 + 2 + 2 + 2
    with pytest.raises(ValueError, match="extents"):
        heif_boxes.picture_of(patched(data, at, b"\xff\xff"))
    picture = heif_boxes.picture_of(data)
    picture.main.extents *= 20
    with pytest.raises(ValueError, match="share"):
        heif_boxes.content(data, picture.main)
