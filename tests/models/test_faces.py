"""Faces: found, ordered, aligned and pasted back."""

import cv2
import numpy as np
import pytest

from models import faces
from tests.helpers.standin_session import StandinSession

FIVE = np.array([[110, 120], [170, 118], [142, 155], [118, 190], [166, 188]], np.float32)


def box(x1: float, y1: float, x2: float, y2: float, score: float = 1.0) -> np.ndarray:
    return np.array([x1, y1, x2, y2, score], np.float32)


def found(*boxes: np.ndarray) -> StandinSession:
    """A detector that answers `boxes`, in pixels of its 512 px square."""
    rows = np.array(boxes).reshape(-1, 5)
    return StandinSession(
        {
            "tower_0/boxes": rows[None, :, [1, 0, 3, 2]] / faces.DETECTOR_SIDE,
            "tower_0/scores": rows[None, :, 4],
            "tower_0/num_detections": np.array([len(rows)]),
        }
    )


def test_boxes_are_in_pixels_of_the_photo_and_unsure_ones_are_left_out() -> None:
    detector = found(box(50, 20, 150, 140, 0.99), box(0, 0, 90, 90, 0.79))
    boxes = faces.detect(detector, np.zeros((512, 1024, 3), np.uint8))  # type: ignore[arg-type]
    np.testing.assert_allclose(boxes, [[100, 40, 300, 280, 0.99]], rtol=1e-5)
    assert detector.seen["tower_0/images"].shape == (1, 512, 512, 3)


def test_of_a_crowd_the_largest_faces_are_kept() -> None:
    crowd = [box(0, 0, side, side) for side in range(10, 22)]
    boxes = faces.detect(found(*crowd), np.zeros((512, 512, 3), np.uint8))  # type: ignore[arg-type]
    assert boxes[:, 2].round().tolist() == list(range(21, 11, -1))


def test_a_face_is_too_small_only_where_both_sides_are() -> None:
    assert not faces.big_enough(box(0, 0, 60, 60))
    assert faces.big_enough(box(0, 0, 61, 10)) and faces.big_enough(box(0, 0, 10, 61))


def test_landmarks_come_back_where_the_face_is() -> None:
    middle = StandinSession({"tower_0/prediction": np.full((1, 212), 0.5, np.float32)})
    (points,) = faces.landmarks(middle, np.zeros((400, 400, 3), np.uint8), [box(100, 200, 180, 280)])  # type: ignore[arg-type]
    assert points.shape == (68, 2)
    np.testing.assert_allclose(points, np.full((68, 2), (140, 240)), atol=1)


def test_the_smaller_of_two_faces_is_drawn_last() -> None:
    large, small = (np.array([[x, x], [x + side, x + side]], np.float32) for x, side in ((0, 90), (60, 30)))
    assert faces.drawing_order(np.empty((0, 5), np.float32), [small, large]).tolist() == [1, 0]


def test_a_pupil_is_the_dark_of_the_eye() -> None:
    rgb = np.full((80, 120, 3), 240, np.uint8)
    cv2.circle(rgb, (66, 40), 6, (20, 20, 20), -1)
    eye = np.array([[40, 40], [55, 30], [70, 30], [80, 40], [60, 52]], np.float32)
    points = np.zeros((68, 2), np.float32)
    points[faces.LEFT_EYE] = points[faces.RIGHT_EYE] = eye
    np.testing.assert_allclose(faces.five_points(rgb, points)[:2], [(66, 40)] * 2, atol=2)
    # Beyond the frame there is none: the middle of the contour.
    points[faces.LEFT_EYE] = eye + 1000
    np.testing.assert_allclose(faces.five_points(rgb, points)[0], eye.mean(axis=0) + 1000, rtol=1e-6)


@pytest.mark.parametrize("five", [FIVE, FIVE * 3 + 40])
def test_aligned_and_back_is_the_same_place(five: np.ndarray) -> None:
    there, back = faces.align(five)
    ahead = np.column_stack([five, np.ones(5)]) @ there.T
    assert (ahead > 0).all() and (ahead < faces.HEAD_SIDE).all()
    np.testing.assert_allclose(np.column_stack([ahead, np.ones(5)]) @ back.T, five, atol=1e-3)


def test_a_head_is_pasted_through_its_mask_and_nothing_else_changes() -> None:
    head = np.full((faces.HEAD_SIDE, faces.HEAD_SIDE, 3), 200, np.uint8)
    mask = np.ones((faces.HEAD_SIDE, faces.HEAD_SIDE), np.float32)
    frame = np.full((300, 400, 3), 50, np.float32)
    quarter = np.array([[0.25, 0, 100], [0, 0.25, 60]])
    faces.paste(head, mask, quarter, onto=frame)
    assert (frame[70:120, 110:160] == 200).all()
    assert (frame[:58] == 50).all() and (frame[:, :98] == 50).all() and (frame[140:] == 50).all()
    before = frame.copy()
    faces.paste(head, mask, np.array([[1.0, 0, 5000], [0, 1, 0]]), onto=frame)
    assert np.array_equal(frame, before)
