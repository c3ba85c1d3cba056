"""What is said of a result."""

import json
from collections import Counter
from pathlib import Path

import pytest

from cli.client import Reply
from cli.files import Input
from cli.report import Report, plain

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


def test_what_a_terminal_cannot_show_is_escaped() -> None:
    assert plain("\u202egnp.exe\u2069") == r"\u202egnp.exe\u2069"
    assert plain("caf\udce9 张\u3000三\x1b[2J.jpg") == r"caf\xe9 张\u3000三\x1b[2J.jpg".replace(r"\u3000", "\u3000")


def test_what_was_left_out_is_told_when_it_changes(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(as_json=False, quiet=False)
    for count in (0, 2, 2, 3):
        report.left_out(Counter({"of other kinds": count} if count else {}))
    assert capsys.readouterr().err.splitlines() == [f"prewarm: left out: {n} of other kinds" for n in (2, 3)]


def test_an_unclear_emotion_is_not_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    segments = [{"start": 0, "end": 2, "emotion": "happy", "voiced": True}]
    result = {"emotion": "sad", "scores": {"sad": 0.21, "angry": 0.2, "happy": 0.19}, "segments": segments}
    Report(as_json=False, quiet=False).ok(SOURCE, None, Reply(json.dumps(result).encode(), {}), 1.0)
    told = capsys.readouterr().out
    assert told == "me.jpg: no clear emotion: sad 21 %, angry 20 %, happy 19 %; by parts mostly happy\n"


def test_files_that_were_replaced_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(as_json=False, quiet=False)
    report.done = report.replaced = 1
    report.end()
    assert capsys.readouterr().err == "prewarm: 1 done, 1 earlier files replaced\n"
