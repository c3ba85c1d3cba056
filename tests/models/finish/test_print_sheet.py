"""Copies of an ID photo on a sheet that can be cut."""

import numpy as np
import pytest

from models.finish.id_photo import SIZES
from models.finish.print_sheet import GAP_MM, MARK_COLOUR, PAPERS, layout, sheet


@pytest.mark.parametrize(("name", "paper", "copies"), [("cn_1", "6in", 10), ("cn_2", "6in", 4), ("icao", "a4", 30)])
def test_as_many_copies_as_fit_and_none_overlap(name: str, paper: str, copies: int) -> None:
    plan, (width, height) = layout(SIZES[name], paper), SIZES[name].pixels
    assert len(plan.corners) == copies
    covered = np.zeros(plan.sheet[::-1], int)
    for x, y in plan.corners:
        covered[y : y + height, x : x + width] += 1
    assert covered.max() == 1 and covered.sum() == copies * width * height


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("paper", PAPERS)
def test_crop_marks_lie_on_the_edges_of_every_photo_and_never_on_one(name: str, paper: str) -> None:
    width, height = SIZES[name].pixels
    page = sheet(np.zeros((height, width, 3), np.uint8), SIZES[name], paper)
    step = round(GAP_MM / 2 / 25.4 * SIZES[name].dpi)
    for x, y in layout(SIZES[name], paper).corners:
        assert not page[y : y + height, x : x + width].any()
        for column in (x, x + width - 1):
            assert {tuple(page[row, column]) for row in (y - step, y + height - 1 + step)} == {MARK_COLOUR}
        for row in (y, y + height - 1):
            assert {tuple(page[row, column]) for column in (x - step, x + width - 1 + step)} == {MARK_COLOUR}
