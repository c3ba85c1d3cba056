"""A file that is not what its name says, or would do more than compute, is found before anything loads it."""

import os
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.catalog import Model
from models.errors import WeightsError
from models.weights.checkpoint import read
from models.weights.inspection import graph_operations, inspect_file
from models.weights.store import Store
from tests.helpers.fake_hub import FakeHub
from tests.helpers.fake_weights import ANIME, EMOTION, cached, checkpoint, contents, graph, message, refusal

HOSTILE = """ReadFile WriteFile MatchingFiles PyFunc EagerPyFunc SaveV2 DistributedSave TextLineDataset PrintV2
WriteSummary RpcCall _Recv CollectiveReduceV2 FixedUnigramCandidateSampler Skipgram DumpTensor ImmutableConst Abort"""


@pytest.mark.parametrize(
    ("model", "name", "data"),
    [
        (ANIME, "cartoon_h.pb", b"<!DOCTYPE html><html></html>"),
        (ANIME, "cartoon_h.pb", b""),
        (ANIME, "cartoon_h.pb", contents(ANIME)["cartoon_h.pb"][:-1]),
        (ANIME, "configuration.json", b'{"framework": '),
        (ANIME, "alpha.jpg", b"GET /"),
        (EMOTION, "model.pt", checkpoint()[:-30]),
        (EMOTION, "model.pt", b"<html>"),
        (EMOTION, "config.yaml", b"a: [1"),
        (EMOTION, "tokens.txt", b"<html>"),
    ],
)
def test_an_implausible_file_is_caught_at_first_sight(store: Store, model: Model, name: str, data: bytes) -> None:
    folder = cached(store, model)
    (folder / name).write_bytes(data)
    error = refusal(store, model)
    assert (error.reason, error.values["file"]) == ("implausible_file", name)


@pytest.mark.parametrize("op", HOSTILE.split())
def test_a_graph_that_touches_files_is_refused(store: Store, hub: FakeHub, op: str) -> None:
    folder = cached(store)
    inside = message(1, message(3, message(2, op.encode())))
    (folder / "cartoon_bg.pb").write_bytes(graph("Conv2D") + message(2, inside))
    error = refusal(replace(store, endpoint=hub.endpoint))
    assert (error.reason, error.values["file"]) == ("hostile_file", "cartoon_bg.pb")
    assert op in error.message
    assert hub.requests == []


class Program:
    """Pickled, it is a call of os.system."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (self.command,)


def test_a_pickle_that_would_run_a_program_is_refused_and_not_run(store: Store, hub: FakeHub, tmp_path: Path) -> None:
    folder, trace = cached(store, EMOTION), tmp_path / "ran"
    pickled = pickle.dumps({"weight": Program(f"touch {trace}")}, protocol=2)
    (folder / "model.pt").write_bytes(checkpoint(pickled))
    error = refusal(replace(store, endpoint=hub.endpoint), EMOTION)
    assert (error.reason, error.values["file"], hub.requests) == ("hostile_file", "model.pt", [])
    assert "posix.system" in error.message
    (folder / "model.pt").write_bytes(pickled)
    with pytest.raises(WeightsError, match=r"model\.pt is no checkpoint"):
        read(folder / "model.pt")
    assert not trace.exists()


@pytest.mark.parametrize("zipped", [True, False])
def test_a_checkpoint_of_plain_tensors_passes(tmp_path: Path, zipped: bool) -> None:
    half, whole = torch.ones(3, dtype=torch.bfloat16), torch.nn.Parameter(torch.ones(2))
    path = tmp_path / "model.pt"
    torch.save({"state_dict": {"a": half, "b": whole}, "epoch": 3}, path, _use_new_zipfile_serialization=zipped)
    inspect_file(path, "model.pt")
    assert torch.equal(read(path)["state_dict"]["a"], half)


def test_an_op_name_inside_constant_data_is_no_operation(tmp_path: Path) -> None:
    path = tmp_path / "graph.pb"
    path.write_bytes(graph("Const", "Conv2D", weight=message(2, b"WriteFile")))
    assert graph_operations(path) == {"Const", "Conv2D"}
