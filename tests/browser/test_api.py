"""The named endpoints, called by gradio_client as other programs would."""

import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from models.tasks import TASKS
from tests.helpers.drawings import png, portrait, voice

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def client(ready_studio: str) -> Any:
    return Client(ready_studio, verbose=False)


@pytest.fixture
def photo(tmp_path: Path) -> Any:
    (tmp_path / "photo.png").write_bytes(png(portrait()))
    return handle_file(tmp_path / "photo.png")


@pytest.fixture
def recording(tmp_path: Path) -> Any:
    (tmp_path / "voice.wav").write_bytes(voice())
    return handle_file(tmp_path / "voice.wav")


def picture(file: str) -> Image.Image:
    return Image.open(io.BytesIO(Path(file).read_bytes()))


def test_cartoon(client: Any, photo: Any) -> None:
    drawn = picture(client.predict(photo, strength=0.5, resolution=600, format="jpg", api_name="/cartoon"))
    assert drawn.format == "JPEG" and max(drawn.size) == 600


def test_matting(client: Any, photo: Any) -> None:
    cutout, alpha = client.predict(photo, background="#ff0000", erode=2, api_name="/matting")
    assert picture(cutout).mode == "RGB" and picture(alpha).mode == "L"
    cutout, _ = client.predict(photo, background="#ff0000,#0000ff", gradient="right", api_name="/matting")
    cut = picture(cutout)
    assert cut.getpixel((0, 0)) == (255, 0, 0) and cut.getpixel((cut.width - 1, 0)) == (0, 0, 255)


def test_id_photo(client: Any, photo: Any) -> None:
    one = picture(client.predict(photo, id_size="us", api_name="/id_photo"))
    assert (one.format, one.size, one.info["dpi"]) == ("JPEG", (600, 600), (300, 300))
    assert picture(client.predict(photo, output="sheet", api_name="/id_photo")).size == (1800, 1200)


def test_emotion(client: Any, recording: Any) -> None:
    result = client.predict(recording, api_name="/emotion")
    assert len(result["scores"]) == 9 and result["duration"] == 2.0 and result["frames"] is None
    detailed = client.predict(recording, granularity="frame", embedding=True, api_name="/emotion")
    frames = len(detailed["frames"]["scores"]["happy"])
    assert 95 <= frames <= 100 and len(detailed["embedding"]) == frames
    assert detailed["scores"] == result["scores"]


def test_every_parameter_and_result_is_documented(client: Any) -> None:
    told = client.view_api(return_format="dict")["named_endpoints"]
    assert told.keys() == {f"/{name}" for name in TASKS}
    for name, endpoint in told.items():
        assert endpoint["description"], name
        for part in (*endpoint["parameters"], *endpoint["returns"]):
            assert part["python_type"]["description"] and part["python_type"]["type"], (name, part["label"])


@pytest.mark.parametrize("endpoint", ["/cartoon", "/matting", "/id_photo"])
def test_what_is_no_picture_gets_a_sentence(client: Any, recording: Any, endpoint: str) -> None:
    with pytest.raises(AppError, match="This is a WAV recording, not a picture"):
        client.predict(recording, api_name=endpoint)


def test_what_is_no_recording_gets_a_sentence(client: Any, photo: Any) -> None:
    with pytest.raises(AppError, match="This is a PNG picture, not a recording"):
        client.predict(photo, api_name="/emotion")


def test_a_style_without_sample_says_what_it_needs(client: Any, photo: Any) -> None:
    with pytest.raises(AppError, match="from the hub"):
        client.predict(photo, style="sd-design", api_name="/cartoon")


def test_a_wrong_value_is_named_with_its_limits(client: Any, photo: Any) -> None:
    with pytest.raises(AppError, match=r"strength .*0\.1 to 1\.0"):
        client.predict(photo, strength=7, api_name="/cartoon")


def test_files_that_were_not_uploaded_stay_unread(ready_studio: str) -> None:
    """A path on the server, as no browser sends it."""
    stranger = {"path": __file__, "meta": {"_type": "gradio.FileData"}}
    call = f"{ready_studio}/gradio_api/call/cartoon"
    event = httpx.post(call, json={"data": [stranger, "anime", 0.7, 1024, "png", 90]}).json()["event_id"]
    assert "event: error" in httpx.get(f"{call}/{event}").text
