"""The flags: each option of a task as argparse has it, and what is wrong told before anything is done."""

from pathlib import Path

import pytest

from cli import arguments
from models.tasks import TASKS


def test_only_what_was_given_is_sent_and_the_rest_has_its_default() -> None:
    command = arguments.parse(["id_photo", "a.jpg", "--id-size", "us", "--id-zoom", "1.2", "--no-feather"], {})
    assert command.given == {"id_size": "us", "id_zoom": 1.2, "feather": False}
    assert command.options == TASKS["id_photo"].options(id_size="us", id_zoom=1.2, feather=False)


def test_a_file_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "beach.jpg").write_bytes(b"")
    command = arguments.parse(["matting", "a.jpg", "--background-image", str(tmp_path / "beach.jpg")], {})
    assert command.given == {"background_image": tmp_path / "beach.jpg"}


@pytest.mark.parametrize(
    ("flags", "result"),
    [
        (["cartoon", "--format", "webp"], "cartoon.webp"),
        (["matting", "--output", "alpha"], "alpha.png"),
        (["id_photo"], "id-photo.jpg"),
        (["id_photo", "--output", "sheet", "--format", "png"], "print-sheet.png"),
        (["emotion"], "emotion.json"),
    ],
)
def test_the_name_of_the_result_is_known_before_it_is_there(flags: list[str], result: str) -> None:
    assert arguments.parse([*flags, "input"], {}).result == result


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["cartoon", "--resolution", "512.5"], "'512.5' is no whole number"),
        (["cartoon", "--strength", "nan"], "nan is not within 0.1 to 1"),
        (["matting", "--background", "blue"], "background is 'blue'; choose transparent"),
        (["matting", "--background", "image"], "send the picture as background_image"),
        (["id_photo", "--id-limit", "3"], "id_limit is '3'; give a number from 5 to 10000"),
        (["id_photo", "--id-size", "moon"], "invalid choice: 'moon'"),
        (["cartoon", "-"], "stands alone"),
    ],
)
def test_a_wrong_value_is_wrong_usage(capsys: pytest.CaptureFixture[str], flags: list[str], sentence: str) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments.parse([*flags, "input"], {})
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


def test_the_token_may_come_from_the_environment() -> None:
    assert arguments.parse(["emotion", "a.wav"], {"PREWARM_TOKEN": "secret"}).token == "secret"


@pytest.mark.parametrize("server", ["", " ", "http://[::1", "studio:99999", "ftp://studio", "http://", ":7860", "a\nb"])
def test_what_is_no_address_of_a_studio_is_wrong_usage(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        arguments.parse(["cartoon", "a.jpg", "--server", server], {})
    assert stop.value.code == 2 and "such as http://studio:7860" in capsys.readouterr().err
