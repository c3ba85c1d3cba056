from pathlib import Path

import numpy as np
import pytest

from models.errors import WeightsError
from models.runtime import self_test

ANSWER = {"matte": np.linspace(0, 255, 4096).reshape(64, 64)}


def test_the_first_answer_is_kept_and_the_same_one_passes(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    self_test.check(ANSWER, path, model="matting")
    self_test.check({"matte": ANSWER["matte"] + 0.5}, path, model="matting")
    with pytest.raises(WeightsError, match="known answer"):
        self_test.check({"matte": ANSWER["matte"][::-1]}, path, model="matting")


@pytest.mark.parametrize("spoiled", [np.zeros((8, 8)), np.full((8, 8), np.nan)], ids=["constant", "nan"])
def test_nonsense_never_passes_and_is_never_kept(tmp_path: Path, spoiled: np.ndarray) -> None:
    path = tmp_path / "answer.json"
    with pytest.raises(WeightsError, match="nonsense"):
        self_test.check({"matte": spoiled}, path, model="matting")
    assert not path.exists()


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    self_test.check(ANSWER, blocked / "answer.json", model="matting")


@pytest.mark.parametrize("damaged", ["", "{[", "[1, 2]", "null", '{"matte": ["a"]}', '{"matte": {}}', "\0\0"])
def test_a_damaged_answer_is_as_if_there_were_none(tmp_path: Path, damaged: str) -> None:
    (path := tmp_path / "answer.json").write_text(damaged)
    self_test.check(ANSWER, path, model="matting")
    with pytest.raises(WeightsError, match="known answer"):
        self_test.check({"matte": ANSWER["matte"][::-1]}, path, model="matting")
