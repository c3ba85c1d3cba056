"""The head is found from the outline, hands in the air or not."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from models.finish.head_position import FACE_TOLERANCE, Head, against_faces, find_head
from tests.helpers.outlines import CHIN, CROWN, MIDDLE, WIDTH, face_points, person
from tests.helpers.pictures import SHARED


@pytest.mark.parametrize("arms", [False, True])
@pytest.mark.parametrize("scale", [0.25, 1, 4])
def test_crown_chin_and_middle_are_found(arms: bool, scale: float) -> None:
    head = find_head(cv2.resize(person(arms), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    assert head is not None and head.sure
    assert head.crown / scale == pytest.approx(CROWN, abs=6)
    assert head.chin / scale == pytest.approx(CHIN, abs=22)
    assert head.middle / scale == pytest.approx(MIDDLE, abs=6)


def test_a_hidden_neck_or_a_cut_crown_is_an_estimate() -> None:
    veiled = person()
    cv2.rectangle(veiled, (MIDDLE - 70, 240), (MIDDLE + 70, 500), 1.0, -1)
    head = find_head(veiled)
    assert head is not None and not head.sure and head.chin == pytest.approx(CHIN, abs=30)
    cut = find_head(person()[200:])
    assert cut is not None and not cut.sure and cut.crown == 0


def bearded() -> np.ndarray:
    matte = person()
    cv2.rectangle(matte, (MIDDLE - 66, 240), (MIDDLE + 66, 440), 1.0, -1)
    return matte


def with_big_hair() -> np.ndarray:
    matte = person()
    cv2.ellipse(matte, (MIDDLE, 190), (110, 150), 0, 0, 360, 1.0, -1)
    return matte


def beside_another() -> np.ndarray:
    matte = person()
    cv2.ellipse(matte, (MIDDLE - 170, 330), (110, 330), 0, 0, 360, 1.0, -1)
    return matte


@pytest.mark.parametrize("drawn", [bearded, with_big_hair, beside_another])
def test_a_face_corrects_what_beards_hair_and_others_hide(drawn: Callable[[], np.ndarray]) -> None:
    matte, near = drawn(), FACE_TOLERANCE * (CHIN - CROWN)
    alone = find_head(matte)
    assert alone is not None and not (alone.sure and right(alone, near))
    head = against_faces(alone, [face_points()], matte)
    assert right(head, 1.2 * near) and (head.told, head.sure) == ("face", True)


def right(head: Head, near: float) -> bool:
    """Whether crown, chin and middle are those of the figure."""
    return max(abs(head.crown - CROWN), abs(head.chin - CHIN), abs(head.middle - MIDDLE)) <= near


def test_a_face_that_agrees_or_is_somebody_elses_changes_nothing() -> None:
    matte = person()
    alone = find_head(matte)
    assert alone is not None and alone.told == "outline"
    assert against_faces(alone, [face_points(WIDTH - 20)], matte) == alone
    agreed = against_faces(alone, [face_points(), face_points(WIDTH - 20)], matte)
    assert agreed.told == "both" and (agreed.crown, agreed.chin) == (alone.crown, alone.chin)


def test_nobody_has_no_head() -> None:
    assert find_head(np.zeros((40, 30), np.float32)) is None


@pytest.mark.parametrize("shape", [(16, 16), (1, 300), (300, 1)])
def test_a_frame_that_is_all_person_has_some_head(shape: tuple[int, int]) -> None:
    head = find_head(np.ones(shape, np.float32))
    assert head is not None and head.chin > head.crown


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data")
def test_the_mountain_portrait_has_its_head_below_the_hands() -> None:
    matte = cv2.imread(str(SHARED / "portrait-2.cutout.png"), cv2.IMREAD_UNCHANGED)[..., 3].astype(np.float32) / 255
    head = find_head(matte)
    assert head is not None and head.crown == pytest.approx(126, abs=4) and head.chin == pytest.approx(213, abs=20)
