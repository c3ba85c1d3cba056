"""What a matte's shape tells, each fault on a figure that has only it."""

import cv2
import numpy as np
import pytest

from models.finish.matte_quality import Finding, judge


def figure() -> np.ndarray:
    """Head and shoulders that end at the lower border, float32 [600,480]."""
    matte = np.zeros((600, 480), np.float32)
    cv2.ellipse(matte, (240, 600), (170, 220), 0, 0, 360, 1.0, -1)
    cv2.ellipse(matte, (240, 260), (80, 110), 0, 0, 360, 1.0, -1)
    return cv2.GaussianBlur(matte, (0, 0), 2)


def with_holes(count: int) -> np.ndarray:
    matte = figure()
    for index in range(count):
        cv2.circle(matte, (130 + 45 * index, 500), 12, 0.0, -1)
    return matte


def in_pieces() -> np.ndarray:
    matte = figure()
    for x in (40, 140, 340, 440):
        cv2.circle(matte, (x, 60), 24, 1.0, -1)
    return matte


FAULTS: list[tuple[np.ndarray, Finding]] = [
    (np.zeros((600, 480), np.float32), "empty"),
    (np.ones((600, 480), np.float32), "whole"),
    (figure() * 0.6, "faint"),
    (with_holes(5), "holes"),
    (in_pieces(), "pieces"),
    (np.roll(figure(), -200, axis=0), "cut_top"),
    (np.rot90(figure()).copy(), "cut_side"),
]


@pytest.mark.parametrize(("matte", "finding"), FAULTS, ids=[finding for _, finding in FAULTS])
def test_each_fault_is_told_alone(matte: np.ndarray, finding: Finding) -> None:
    assert judge(matte) == (finding,)


@pytest.mark.parametrize("matte", [figure(), with_holes(2), cv2.resize(figure(), (2400, 3000))])
def test_a_good_portrait_has_no_findings(matte: np.ndarray) -> None:
    assert judge(matte) == ()


def test_a_thing_may_not_touch_the_lower_border_but_a_person_may() -> None:
    assert judge(figure(), person=False) == ("cut",)
    assert judge(np.pad(figure(), 20), person=False) == ()


@pytest.mark.parametrize("shape", [(16, 16), (1, 20), (3000, 150)])
def test_any_size_is_judged(shape: tuple[int, int]) -> None:
    assert judge(np.random.default_rng(0).random(shape, np.float32)) != ("empty",)
