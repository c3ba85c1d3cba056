"""Every door keeps its results in the folder of outputs, and nothing that was sent: a real server on the samples."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client, handle_file

from models.runtime.outputs import LIST
from tests.browser.test_page import changed_picture, saved, upload
from tests.helpers.drawings import png, portrait, voice

pytestmark = pytest.mark.browser

PHOTO, VOICE = png(portrait()), voice()
SENT = {"cartoon": "image", "matting": "image", "id_photo": "image", "emotion": "audio"}


def kept(folder: Path) -> list[tuple[dict[str, Any], bytes]]:
    """Every line and its file."""
    told = [
        (json.loads(line), path.parent) for path in folder.glob(f"*/{LIST}") for line in path.read_text().splitlines()
    ]
    assert len(list(folder.glob("*/*"))) == len(told) + len(list(folder.glob(f"*/{LIST}")))
    return [(line, (day / line["file"]).read_bytes()) for line, day in told]


def newest(folder: Path) -> tuple[dict[str, Any], bytes]:
    return kept(folder)[-1]


@pytest.mark.parametrize("task", SENT)
def test_rest(ready_studio: str, outputs: Path, task: str) -> None:
    sent = {SENT[task]: ("secret-name.bin", VOICE if task == "emotion" else PHOTO)}
    answer = httpx.post(f"{ready_studio}/api/v1/{task}", files=sent, timeout=60).raise_for_status()
    line, file = newest(outputs)
    assert (file, line["task"], line["source"]) == (answer.content, task, "sample")
    assert line["bytes"] == len(file) and line["seconds"]["forward"] > 0 and "secret" not in json.dumps(line)
    assert line["model"].startswith(task.replace("id_photo", "matting")) and line["options"]


def test_options_are_told_and_files_among_them_are_not(ready_studio: str, outputs: Path) -> None:
    files, data = {"image": PHOTO, "background_image": PHOTO}, {"format": "webp", "erode": "2"}
    httpx.post(f"{ready_studio}/api/v1/matting", files=files, data=data, timeout=60).raise_for_status()
    options = newest(outputs)[0]["options"]
    assert (options["format"], options["erode"], options["background_image"]) == ("webp", 2, True)


def test_a_job(ready_studio: str, outputs: Path) -> None:
    before = len(kept(outputs))
    files = [("image", PHOTO), ("image", b"no picture"), ("image", PHOTO)]
    job = httpx.post(f"{ready_studio}/api/v1/jobs/cartoon", files=files).json()["id"]
    while httpx.get(f"{ready_studio}/api/v1/jobs/{job}/result").status_code == 409:
        time.sleep(0.05)
    first = httpx.get(f"{ready_studio}/api/v1/jobs/{job}/results/1").content
    assert [file for _, file in kept(outputs)[before:]] == [first, first]


def test_gradio_client(ready_studio: str, outputs: Path, tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(PHOTO)
    client = Client(ready_studio, verbose=False)
    drawn = client.predict(handle_file(tmp_path / "photo.png"), format="jpg", api_name="/cartoon")
    assert newest(outputs)[1] == Path(drawn).read_bytes()
    before = len(kept(outputs))
    client.predict(handle_file(tmp_path / "photo.png"), api_name="/matting")
    assert len(kept(outputs)) == before + 1 and newest(outputs)[0]["result"] == "cutout"


def test_the_page_says_so_and_the_metrics_count(ready_studio: str, outputs: Path) -> None:
    page, metrics = httpx.get(ready_studio).text, httpx.get(f"{ready_studio}/metrics").text
    assert "Results are also kept on this server in its outputs folder." in page
    assert f"prewarm_outputs_kept_total {len(kept(outputs))}.0" in metrics
    assert "prewarm_outputs_failed_total 0.0" in metrics


def test_the_page_keeps_what_it_shows_first_and_what_is_downloaded(
    ready_studio: str, outputs: Path, visit: Callable[..., Any]
) -> None:
    page, before = visit(ready_studio), len(kept(outputs))
    upload(page, "#cartoon-photo", PHOTO)
    page.wait_for_selector("#cartoon-result img")
    strength = page.locator("#cartoon-strength input[type=range]")
    for _ in range(3):
        changed_picture(page, "#cartoon-result img", lambda: strength.press("ArrowLeft"))
    files = [saved(page, "#cartoon-download"), saved(page, "#cartoon-download")]
    (shown, _), (line, file) = kept(outputs)[before:]
    assert files == [file, file] and (shown["result"], line["result"]) == ("cartoon", "cartoon")
    assert shown["options"]["strength"] - line["options"]["strength"] == pytest.approx(0.15)


def test_the_recording_itself_is_never_kept(ready_studio: str, outputs: Path, visit: Callable[..., Any]) -> None:
    page, before = visit(ready_studio), len(kept(outputs))
    page.get_by_role("tab", name="Emotion").click()
    upload(page, "#emotion-recording", VOICE, "voice.wav", "audio/wav")
    page.wait_for_selector("#emotion-result .bars")
    saved(page, "#emotion-wav")
    saved(page, "#emotion-csv")
    assert [line["result"] for line, _ in kept(outputs)[before:]] == ["emotion", "scores"]
