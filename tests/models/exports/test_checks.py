"""A difference is found whatever it is: of a value, of a shape, of a type, a number that is none."""

import numpy as np
import pytest

from models.exports import checks
from models.exports.parts import PARTS

EXACT = {"features": np.ones((1, 4, 3), np.float32), "logits": np.array([[[0, 1, 2.0]] * 4], np.float32)}


def rows(monkeypatch: pytest.MonkeyPatch, **ours: np.ndarray) -> list[bool]:
    """Whether features and logits are within tolerance where these are what the file answers."""
    monkeypatch.setattr(checks, "answers", lambda path, probes, threads: [{**EXACT, **ours}] * 3)
    (part,) = PARTS["emotion"]
    found = checks.compare(None, part, [EXACT] * 3, precision="f32", threads=1)  # type: ignore[arg-type]
    return [row.within for row in found]


def test_equal_answers_are_within(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rows(monkeypatch) == [True, True]


@pytest.mark.parametrize(
    "wrong",
    [
        EXACT["features"] * 1.001,
        EXACT["features"][:, :3],
        EXACT["features"].astype(np.float64),
        np.full_like(EXACT["features"], np.nan),
    ],
    ids=["value", "shape", "type", "nan"],
)
def test_others_are_not(wrong: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rows(monkeypatch, features=wrong) == [False, True]
