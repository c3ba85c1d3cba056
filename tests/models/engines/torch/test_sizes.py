"""Arithmetic on shapes in Python."""

import numpy as np
import pytest

from models.engines.torch import sizes


@pytest.mark.parametrize(
    ("kind", "values", "answer"),
    [
        ("Add", ([3, 4], 1), [4, 5]),
        ("Divide", ([7, 8], [2, 2]), [3, 4]),
        ("Divide", ([7.0], [2.0]), [3.5]),
        ("Mod", ([17], [16]), [1]),
        ("Maximum", ([1, 9], [5, 5]), [5, 9]),
        ("Select", ([True, False], [1, 2], [3, 4]), [1, 4]),
        ("LogicalXor", ([True, True], [True, False]), [False, True]),
    ],
)
def test_operations_on_numbers(kind: str, values: tuple[object, ...], answer: list[float]) -> None:
    assert sizes.ARITHMETIC[kind](*map(sizes.boxed, values)).tolist() == answer


def test_one_number_stays_one() -> None:
    assert sizes.boxed(5).shape == () and sizes.plain(sizes.boxed(5)) == 5
    assert sizes.boxed(np.array([[1, 2]])).tolist() == [[1, 2]]
