"""Boxes around the faces of a picture."""

import numpy as np

from models.faces import Face
from models.finish.face_boxes import FACE_COLOUR, SMALL_FACE_COLOUR, with_boxes


def test_a_box_is_green_around_a_drawn_face_and_orange_around_a_small_one() -> None:
    image = np.zeros((100, 200, 3), np.uint8)
    faces = [Face(10, 10, 40, 40, 0.9, used=True), Face(60, 10, 80, 30, 0.9, used=False)]
    boxed = with_boxes(image, faces, scale=2.0)
    assert boxed[20, 50].tolist() == list(FACE_COLOUR) and boxed[20, 140].tolist() == list(SMALL_FACE_COLOUR)
    assert not boxed[50, 50].any() and not image.any()


def test_without_faces_the_picture_is_as_it_was() -> None:
    image = np.full((10, 10, 3), 7, np.uint8)
    assert np.array_equal(with_boxes(image, (), scale=1.0), image)
