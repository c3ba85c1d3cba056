"""The command line as a program: files in, files out, exit codes; by itself and against a running studio."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from cli.main import main
from models.finish.id_photo import SIZES
from models.media.audio import encode_wav
from models.tasks import TASKS
from tests.helpers.cut_recordings import cut_wav
from tests.helpers.drawings import png, portrait
from tests.helpers.picture_makers import PNG, quarters
from tests.helpers.running import ROOT, free_port
from tests.helpers.worn_recordings import torn

SHAPE = quarters().size[::-1]
VOICE = encode_wav(0.1 * np.sin(np.arange(16_000) / 20).astype(np.float32))
WAIT_SECONDS = 60
Call = Callable[..., subprocess.CompletedProcess[bytes]]


def command(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "cli"), *arguments]


def run(folder: Path, *arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command(*arguments), cwd=folder, input=given, capture_output=True, timeout=WAIT_SECONDS)


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Call:
    """The same in `tmp_path` within this process, for one that needs no models of its own."""
    monkeypatch.setattr("preload.check", lambda options: None)
    monkeypatch.setattr("preload._build", None)

    def call(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        monkeypatch.chdir(tmp_path)
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = ended.code  # type: ignore[assignment]
        return subprocess.CompletedProcess(arguments, code, *capsysbinary.readouterr())

    return call


def photos(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(PNG)


def test_a_folder_keeps_its_sub_folders_and_one_bad_file_ends_nothing(server: str, tmp_path: Path) -> None:
    photos(tmp_path, "in/a.png", "in/deep/b.png", "in/old.cartoon.png")
    (tmp_path / "in/bad.jpg").write_text("no picture")
    done = run(tmp_path, "cartoon", "in", "--out", "out", "--server", server, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [(line["input"], line["ok"]) for line in lines] == [
        ("in/a.png", True),
        ("in/bad.jpg", False),
        ("in/deep/b.png", True),
    ]
    assert lines[1]["error"]["code"] == "bad_image"
    assert lines[0]["source"] == "sample" and lines[0]["faces"] == 0
    assert sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")) == [
        "a.cartoon.png",
        "deep/b.cartoon.png",
    ]


def test_the_result_is_that_of_the_rest_route(server: str, tmp_path: Path, call: Call) -> None:
    photos(tmp_path, "a.png")
    fields = {"background": "#ff0000", "feather": "false", "format": "webp"}
    flags = ["--background", "#ff0000", "--no-feather", "--format", "webp"]
    assert call("matting", "a.png", *flags, "--server", server).returncode == 0
    answer = httpx.post(f"{server}/api/v1/matting", files={"image": PNG}, data=fields)
    assert (tmp_path / "a.cutout.webp").read_bytes() == answer.content


def test_names_that_are_no_text_and_files_of_the_system_end_nothing(server: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    name = os.fsdecode(b"in/caf\xe9.png")
    photos(tmp_path, "in/a.png", name, "in/._a.png")
    (tmp_path / "in/notes.txt").write_text("notes")
    done = run(tmp_path, "cartoon", "in", "--server", server)
    assert done.returncode == 0, done.stderr
    assert rb"in/caf\xe9.png -> in/caf\xe9.cartoon.png" in done.stdout
    assert b"left out: 1 hidden or of the system, 1 of other kinds" in done.stderr
    assert (tmp_path / os.fsdecode(b"in/caf\xe9.cartoon.png")).exists()
    told = run(tmp_path, "cartoon", name, "--out", "o/", "--json", "--server", server)
    assert os.fsencode(json.loads(told.stdout)["input"]) == b"in/caf\xe9.png"


def test_standard_input_to_standard_output(server: str, tmp_path: Path) -> None:
    done = run(tmp_path, "matting", "-", "--server", server, given=PNG)
    cutout = cv2.imdecode(np.frombuffer(done.stdout, np.uint8), cv2.IMREAD_UNCHANGED)
    assert done.returncode == 0
    assert cutout.shape == (*SHAPE, 4)
    assert list(tmp_path.iterdir()) == []


def test_an_emotion_is_told_in_words_and_written_on_request(server: str, tmp_path: Path, call: Call) -> None:
    (tmp_path / "voice.wav").write_bytes(VOICE)
    assert call("emotion", "voice.wav", "--server", server).stdout.startswith(b"voice.wav: happy 92 %")
    assert not (tmp_path / "voice.emotion.json").exists()
    call("emotion", "voice.wav", "--server", server, "--out", "results/")
    assert json.loads((tmp_path / "results/voice.emotion.json").read_text())["emotion"] == "happy"


def test_what_could_not_be_read_is_told(server: str, tmp_path: Path, call: Call) -> None:
    (tmp_path / "torn.mka").write_bytes(torn())
    said = rb"1.02 s of the recording could not be read and were heard as silence."
    assert call("emotion", "torn.mka", "--server", server).stdout.rstrip().endswith(said)
    written = call("emotion", "torn.mka", "--out", "o/", "--server", server)
    assert written.stdout.rstrip() == b"torn.mka -> o/torn.emotion.json: " + said
    assert json.loads((tmp_path / "o/torn.emotion.json").read_text())["skipped_seconds"] == pytest.approx(1, abs=0.05)


def test_what_is_missing_is_told(server: str, tmp_path: Path, call: Call) -> None:
    (tmp_path / "cut.wav").write_bytes(cut_wav())
    said = b"The recording is cut off: 1.00 s that the file announces are not in it."
    assert call("emotion", "cut.wav", "--server", server).stdout.rstrip().endswith(said)


def test_inputs_of_one_name_get_results_of_their_own(server: str, tmp_path: Path, call: Call) -> None:
    photos(tmp_path, "a/me.png", "b/me.png")
    call("cartoon", "*/me.png", "--out", "out", "--server", server)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["me-2.cartoon.png", "me.cartoon.png"]


def test_what_is_done_can_be_skipped(server: str, tmp_path: Path, call: Call) -> None:
    photos(tmp_path, "a.png", "b.png")
    (tmp_path / "a.cartoon.png").write_text("kept")
    done = call("cartoon", ".", "--skip-existing", "--server", server)
    assert (tmp_path / "a.cartoon.png").read_text() == "kept"
    assert done.stdout.decode().split() == ["b.png", "->", "b.cartoon.png"]
    assert b"1 done, 1 skipped" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["cartoon", "none.png"], "there is no file or folder 'none.png'"),
        (["cartoon", "."], "there is nothing of the right kind"),
        (["cartoon", "-", "--json"], "name a file with --out"),
        (["cartoon", "-", "--strength", "7"], "7 is not within 0.1 to 1"),
        (["matting", "-", "--background-image", "gone.png"], "'gone.png' is no file"),
        (["emotion", "voice.wav", "--watch"], "--watch needs folders"),
        (["matting", "-", "--background", "blue"], "background is 'blue'"),
        (["dance", "a.png"], "invalid choice: 'dance'"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_loaded(call: Call, arguments: list[str], sentence: str) -> None:
    done = call(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_no_studio_at_that_address(tmp_path: Path, call: Call) -> None:
    photos(tmp_path, "a.png")
    done = call("cartoon", "a.png", "--server", f"127.0.0.1:{free_port()}")
    assert done.returncode == 3
    assert b"no studio answers at" in done.stderr and b"Traceback" not in done.stderr


def test_without_a_server_the_models_are_loaded_here(tmp_path: Path, lent: Callable[[Path], Path]) -> None:
    lent(tmp_path / "cache")
    photos(tmp_path, "a.png")
    done = run(tmp_path, "matting", "a.png", "--models", "sample", "--cache", "cache", "--output", "alpha")
    assert done.returncode == 0, done.stderr
    assert cv2.imread(str(tmp_path / "a.alpha.png"), cv2.IMREAD_UNCHANGED).shape == SHAPE
    assert b"matting-portrait: ready" in done.stderr and b"sample model" in done.stderr


def test_an_id_photo_is_that_of_the_rest_route(server: str, tmp_path: Path, call: Call) -> None:
    (tmp_path / "me.png").write_bytes(png(portrait()))
    flags = ["--id-size", "us", "--output", "sheet", "--paper", "a4", "--server", server]
    done = call("id_photo", "me.png", *flags)
    assert done.stdout.decode() == "me.png -> me.print-sheet.jpg\n", done.stderr
    fields = {"id_size": "us", "output": "sheet", "paper": "a4"}
    answer = httpx.post(f"{server}/api/v1/id_photo", files={"image": png(portrait())}, data=fields)
    assert (tmp_path / "me.print-sheet.jpg").read_bytes() == answer.content


def test_a_limit_that_an_id_photo_cannot_meet_is_told(server: str, tmp_path: Path, call: Call) -> None:
    (tmp_path / "me.png").write_bytes(png(portrait()))
    flags = ["--id-size", "us", "--id-limit", "5", "--format", "png", "--server", server]
    done = call("id_photo", "me.png", *flags)
    assert done.returncode == 0
    assert b"me.png -> me.id-photo.png: " in done.stdout and b"more than --id-limit" in done.stdout


def test_an_id_photo_is_made_here(tmp_path: Path, lent: Callable[[Path], Path]) -> None:
    lent(tmp_path / "cache")
    (tmp_path / "me.png").write_bytes(png(portrait()))
    done = run(tmp_path, "id_photo", "me.png", "--models", "sample", "--cache", "cache")
    assert done.returncode == 0, done.stderr
    height, width = SIZES["cn_1"].pixels[::-1]
    assert cv2.imread(str(tmp_path / "me.id-photo.jpg")).shape == (height, width, 3)


def test_the_start_script_names_every_command_and_knows_a_typo() -> None:
    helped = subprocess.run([ROOT / "run.sh", "--help"], capture_output=True, text=True, timeout=WAIT_SECONDS)
    typo = subprocess.run([ROOT / "run.sh", "crtoon"], capture_output=True, text=True, timeout=WAIT_SECONDS)
    assert helped.returncode == 0 and typo.returncode == 2
    assert "there is no command 'crtoon'" in typo.stderr
    for name in ("serve", "preload", *TASKS, "test", "soak"):
        assert f"\n  {name} " in helped.stdout and f"\n  {name} " in typo.stderr


def test_the_start_script_works_where_the_caller_stands(server: str, tmp_path: Path) -> None:
    if not os.access(ROOT / ".venv/bin/python", os.X_OK):
        pytest.skip("this environment was not made by run.sh")
    photos(tmp_path, "a.png")
    done = subprocess.run([ROOT / "run.sh", "cartoon", "a.png", "--server", server], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.cartoon.png").exists()
