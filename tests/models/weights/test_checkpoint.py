"""Checkpoints are tensors; what would run a program is not run."""

import os
import pickle
from pathlib import Path

import pytest
import torch

from models.errors import WeightsError
from models.weights.checkpoint import programs_in, read
from tests.helpers.fake_weights import checkpoint


class Program:
    """Makes the file `ran` when it is unpickled."""

    def __init__(self, ran: Path) -> None:
        self.ran = ran

    def __reduce__(self) -> object:
        return os.mkdir, (str(self.ran),)


@pytest.mark.parametrize("zipped", [True, False])
def test_tensors_come_back_from_both_formats(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "model.pt"
    torch.save({"model": {"weight": torch.arange(5.0)}}, path, _use_new_zipfile_serialization=zipped)
    assert read(path)["model"]["weight"].tolist() == [0, 1, 2, 3, 4]


def test_a_program_is_named_and_never_run(tmp_path: Path) -> None:
    path, ran = tmp_path / "model.pt", tmp_path / "ran"
    path.write_bytes(checkpoint(pickle.dumps(Program(ran), protocol=2)))
    with pytest.raises(WeightsError, match="no checkpoint of plain tensors") as caught:
        read(path)
    assert (caught.value.reason, caught.value.values["file"]) == ("hostile_file", "model.pt")
    assert programs_in(path) == ["posix.mkdir"] and not ran.exists()


def test_a_plain_checkpoint_has_no_programs_and_another_file_is_none(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(2)}, tmp_path / "model.pt")
    (tmp_path / "text.pt").write_text("hello")
    assert programs_in(tmp_path / "model.pt") == []
    with pytest.raises(ValueError, match=r"torch\.save"):
        programs_in(tmp_path / "text.pt")
