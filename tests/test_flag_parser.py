"""Whatever a flag or its variable says: taken, or one line that names it."""

import contextlib
import io

import pytest

import settings
from cli import arguments
from flag_parser import variable_of
from models.tasks import TASKS
from models.tasks.options import options_of

ODD = ("", " ", "\n", "nonsense", "-1", "0", "nan", "inf", "1e400", "9" * 30, "9" * 5000, "½", "٣", "1.5", "x,y", "[")
ODD += ("\udcff\udcfe", "a" * 5000, "~nobody.of.this.name/x", "/a\nb", "//evil.example", "%s", ":", "user:", "::1/129")
SERVE = [action for action in settings._parser({})._actions if action.option_strings and action.dest != "help"]
VALUED = [action.option_strings[0] for action in SERVE if action.nargs != 0]


def refused(call) -> str:  # type: ignore[no-untyped-def]
    """The line that it ends with; empty where it does not."""
    with contextlib.redirect_stderr(io.StringIO()) as said:
        try:
            call()
        except SystemExit as stop:
            assert stop.code == 2
            assert said.getvalue().count("\n") == 1 and len(said.getvalue()) < 600
    return said.getvalue()


@pytest.mark.parametrize("flag", VALUED)
def test_odd_values_of_the_server(flag: str) -> None:
    for value in ODD:
        for argv, environ in (([f"{flag}={value}"], {}), ([], {variable_of(flag): value})):
            line = refused(lambda argv=argv, environ=environ: settings.parse(argv, environ))
            assert not line or f"{flag} ({variable_of(flag)})" in line


@pytest.mark.parametrize("flag", ["--export", "--import", "--export-onnx"])
def test_odd_places_for_a_transfer(flag: str) -> None:
    for value in ODD:
        line = refused(lambda value=value: settings.parse([f"{flag}={value}"], {}, preloading=True))
        assert not line or line.startswith(f"prewarm: {flag}: ")


@pytest.mark.parametrize("task", TASKS)
def test_odd_values_of_the_commands_for_files(task: str) -> None:
    own = ["--" + option.name.replace("_", "-") for option in options_of(TASKS[task].options)]
    for flag in (*own, "--out", "--server", "--token", "--engine", "--cache", "--cartoon-dir"):
        for value in ODD[::4]:
            refused(lambda flag=flag, value=value: arguments.parse([task, "in.png", f"{flag}={value}"], {}))


@pytest.mark.parametrize("flag", ["--cache", "--outputs", "--jobs-dir", "--cartoon-dir", "--host", "--token", "--auth"])
def test_what_a_script_left_empty_is_not_taken_for_something_else(flag: str) -> None:
    assert refused(lambda: settings.parse([flag, ""], {}))
    assert refused(lambda: settings.parse([], {variable_of(flag): ""}))


@pytest.mark.parametrize("given", [["", "--quiet"], ["a.png", "--server", ""], ["a.png", "--out", ""]])
def test_an_empty_word_is_neither_this_folder_nor_this_machine(given: list[str]) -> None:
    assert refused(lambda: arguments.parse(["cartoon", *given], {}))


@pytest.mark.parametrize(("said", "on"), [("", False), ("0", False), ("False", False), ("1", True), ("YES", True)])
def test_the_variable_of_a_switch_says_yes_or_no(said: str, on: bool) -> None:
    assert settings.parse([], {"PREWARM_LOG_JSON": said}).log_json is on
    assert settings.parse(["--log-json"], {"PREWARM_LOG_JSON": said}).log_json
    assert "PREWARM_MERGE_MEMORY" in refused(lambda: settings.parse([], {"PREWARM_MERGE_MEMORY": "maybe"}))


def test_the_line_names_the_command_that_tells_more() -> None:
    assert "; ./run.sh serve --help" in refused(lambda: settings.parse(["--nothing"], {}))
    assert "; ./run.sh preload --help" in refused(lambda: settings.parse(["--nothing"], {}, preloading=True))
    assert "; ./run.sh emotion --help" in refused(lambda: arguments.parse(["emotion", "a", "--granularity", "x"], {}))
    assert "(PREWARM_ENGINE)" in refused(lambda: arguments.parse(["emotion", "a"], {"PREWARM_ENGINE": "x"}))
