"""What is said of a result."""

import json
from pathlib import Path

import pytest

from cli.client import Reply
from cli.files import Input
from cli.report import Report

SOURCE, TARGET = Input(Path("me.jpg")), Path("me.id-photo.jpg")
LARGE = Reply(b"x" * 28_000, {"x-fits": "0", "x-quality": "30", "x-copies": "1", "x-model-source": "hub"})


def test_a_limit_that_was_not_met_is_told_beside_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    Report(as_json=False, quiet=False).ok(SOURCE, TARGET, LARGE, 1.0)
    assert capsys.readouterr().out.startswith("me.jpg -> me.id-photo.jpg: 28 KB, more than --id-limit")


def test_on_the_way_to_standard_output_it_is_told_on_the_other_one(capsys: pytest.CaptureFixture[str]) -> None:
    Report(as_json=False, quiet=False).passed_on(SOURCE, LARGE)
    told = capsys.readouterr()
    assert told.out == "" and "more than --id-limit" in told.err


def test_programs_are_told_the_facts_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    Report(as_json=True, quiet=False).ok(SOURCE, TARGET, LARGE, 1.0)
    told = json.loads(capsys.readouterr().out)
    assert {name: told[name] for name in ("fits", "quality", "copies")} == {"fits": 0, "quality": 30, "copies": 1}


def test_a_result_without_a_limit_is_told_as_ever(capsys: pytest.CaptureFixture[str]) -> None:
    Report(as_json=False, quiet=False).ok(SOURCE, TARGET, Reply(b"x", {}), 1.0)
    assert capsys.readouterr().out == "me.jpg -> me.id-photo.jpg\n"


def test_an_unclear_emotion_is_not_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    segments = [{"start": 0, "end": 2, "emotion": "happy", "voiced": True}]
    result = {"emotion": "sad", "scores": {"sad": 0.21, "angry": 0.2, "happy": 0.19}, "segments": segments}
    Report(as_json=False, quiet=False).ok(SOURCE, None, Reply(json.dumps(result).encode(), {}), 1.0)
    told = capsys.readouterr().out
    assert told == "me.jpg: no clear emotion: sad 21 %, angry 20 %, happy 19 %; by parts mostly happy\n"
