"""The REST contract, against the real process on easy pipelines."""

import io
import re

import httpx
import numpy as np
import pytest
from PIL import Image

from models.media.audio import encode_wav
from tests.helpers.picture_makers import COLOURS, PNG, gps, saved, turned
from tests.helpers.running import metric

VOICE = encode_wav(0.1 * np.sin(np.arange(16_000) / 20).astype(np.float32))


def opened(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content))


def corners(image: np.ndarray) -> list[tuple[int, ...]]:
    height, width = image.shape[:2]
    places = [(height // 4, width // 4), (height // 4, 3 * width // 4), (3 * height // 4, width // 4)]
    return [tuple(image[place].tolist()) for place in places]


def test_a_cartoon_comes_back_with_the_headers_of_the_contract(studio: httpx.Client) -> None:
    answer = studio.post("/api/v1/cartoon", files={"image": PNG}, data={"strength": "1.0"})
    image = opened(answer)
    assert answer.headers["content-type"] == "image/png"
    assert corners(np.asarray(image)) == [tuple(255 - value for value in colour) for colour in COLOURS[:3]]
    stages = re.findall(r"(\w+);dur=[\d.]+", answer.headers["server-timing"])
    assert stages == ["decode", "queue", "forward", "finish", "encode"]
    assert answer.headers["x-model-source"] == "sample"
    assert answer.headers["x-faces"] == "0"
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("portrait.jpg", 'filename="portrait.cartoon.png"'),
        ("../../etc/passwd", 'filename="passwd.cartoon.png"'),
        ("张三.jpg", "filename*=UTF-8''%E5%BC%A0%E4%B8%89.cartoon.png"),
    ],
)
def test_a_result_is_named_after_its_source(studio: httpx.Client, source: str, told: str) -> None:
    answer = studio.post("/api/v1/cartoon", files={"image": (source, PNG)})
    assert answer.headers["content-disposition"].endswith(told)


@pytest.mark.parametrize(("format", "kind"), [("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP")])
def test_the_format_is_the_one_asked_for(studio: httpx.Client, format: str, kind: str) -> None:
    assert opened(studio.post("/api/v1/cartoon", files={"image": PNG}, data={"format": format})).format == kind


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_turned_photo_comes_out_upright(studio: httpx.Client, orientation: int) -> None:
    answer = studio.post("/api/v1/matting", files={"image": turned(orientation)}, data={"background": "#000000"})
    image = np.asarray(opened(answer))
    top, bottom = corners(image)[0], corners(image)[2]
    assert np.abs(np.subtract(top, COLOURS[0])).max() < 12
    assert np.abs(np.subtract(bottom, COLOURS[2])).max() < 12


@pytest.mark.parametrize("format", ["png", "jpg", "webp"])
def test_nothing_of_the_metadata_comes_back(studio: httpx.Client, format: str) -> None:
    assert Image.open(io.BytesIO(gps())).getexif()
    image = opened(studio.post("/api/v1/cartoon", files={"image": gps()}, data={"format": format}))
    assert not image.getexif()
    assert not set(image.info) & {"exif", "icc_profile", "xmp", "comment"}


def test_a_cut_out_is_before_nothing_a_colour_or_a_picture(studio: httpx.Client) -> None:
    def cut(files: dict[str, bytes], **fields: str) -> np.ndarray:
        return np.asarray(opened(studio.post("/api/v1/matting", files={"image": PNG, **files}, data=fields)))

    assert cut({})[10, 80].tolist()[3] == 0
    assert cut({}, background="#102030")[10, 80].tolist() == [16, 32, 48]
    behind = saved(Image.new("RGB", (50, 50), (1, 2, 3)), "PNG")
    assert cut({"background_image": behind})[10, 80].tolist() == [1, 2, 3]
    assert cut({}, background="#102030,#506070", gradient="right")[10, -1].tolist() == [80, 96, 112]
    assert cut({}, output="alpha").shape == (64, 96)


def test_the_old_background_is_taken_out_of_the_edge_on_request(studio: httpx.Client) -> None:
    """The stand-in's matte is 1 up to the middle, where the colours change, and 0 from there."""
    hidden = [
        np.asarray(opened(studio.post("/api/v1/matting", files={"image": PNG}, data={"clean_edge": clean})))[4, 50]
        for clean in ("false", "true")
    ]
    assert hidden[0].tolist() == [*COLOURS[1], 0]
    assert np.abs(hidden[1][:3].astype(int) - COLOURS[0]).max() < 60


def test_a_voice_is_heard(studio: httpx.Client) -> None:
    response = studio.post("/api/v1/emotion", files={"audio": VOICE})
    plain = response.json()
    assert response.headers["X-Missing-Seconds"] == response.headers["X-Skipped-Seconds"] == "0.0"
    assert plain["emotion"] == "happy"
    assert len(plain["scores"]) == 9
    assert "embedding" not in plain
    answer = studio.post("/api/v1/emotion", files={"audio": VOICE}, data={"granularity": "frame", "embedding": "true"})
    assert answer.json()["frames"]["per_second"] == 50
    assert answer.json()["embedding"] == [16_000] * 4


REFUSALS = [
    ("cartoon", {"image": b"just text"}, {}, 400, "bad_image"),
    ("cartoon", {"image": b""}, {}, 400, "bad_image"),
    ("cartoon", {"image": PNG[:80]}, {}, 400, "bad_image"),
    ("cartoon", {"image": VOICE}, {}, 415, "wrong_kind"),
    ("cartoon", {"image": PNG}, {"style": "cubist"}, 422, "bad_field"),
    ("cartoon", {"image": PNG}, {"strength": "7"}, 422, "bad_field"),
    ("cartoon", {"image": PNG}, {"strength": "nan"}, 422, "bad_field"),
    ("cartoon", {"image": PNG}, {"resolution": "1e9"}, 422, "bad_field"),
    ("cartoon", {"image": PNG}, {"stile": "anime"}, 422, "bad_field"),
    ("cartoon", {"picture": PNG}, {}, 422, "bad_field"),
    ("cartoon", {}, {"image": "text, not a file"}, 415, "wrong_kind"),
    ("matting", {"image": PNG}, {"background": "red"}, 422, "bad_field"),
    ("matting", {"image": PNG}, {"background": "#ffffff,#12345"}, 422, "bad_field"),
    ("matting", {"image": PNG}, {"gradient": "up"}, 422, "bad_field"),
    ("matting", {"image": PNG}, {"background": "image"}, 422, "bad_field"),
    ("matting", {"image": PNG}, {"erode": "6"}, 422, "bad_field"),
    ("matting", {"image": PNG, "background_image": b"no"}, {}, 400, "bad_image"),
    ("emotion", {"audio": b"no sound"}, {}, 400, "bad_audio"),
    ("emotion", {"audio": PNG}, {}, 415, "wrong_kind"),
    ("emotion", {"audio": VOICE[:1000]}, {}, 400, "bad_audio"),
    ("emotion", {"audio": VOICE}, {"granularity": "word"}, 422, "bad_field"),
]


@pytest.mark.parametrize(("task", "files", "fields", "status", "code"), REFUSALS)
def test_every_mistake_has_its_code_and_a_sentence(
    studio: httpx.Client, task: str, files: dict[str, bytes], fields: dict[str, str], status: int, code: str
) -> None:
    answer = studio.post(f"/api/v1/{task}", files=files, data=fields)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code), error
    assert len(error["message"]) > 10
    assert not re.search(r"Traceback|/work|/tmp|site-packages|\.py", answer.text)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/cartoon"), ("POST", "/jobs/cartoon"), ("GET", "/models"), ("GET", f"/jobs/{'0' * 32}")],
)
def test_a_field_in_the_address_is_named(studio: httpx.Client, method: str, path: str) -> None:
    files = {"image": PNG} if method == "POST" else None
    answer = studio.request(method, f"/api/v1{path}?stlye=sketch", files=files)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_field")
    assert "'stlye'" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "name", "others"),
    [
        ("cartoon", "image", {}),
        ("matting", "background_image", {"image": PNG}),
        ("jobs/cartoon", "style", {"image": PNG}),
    ],
)
def test_a_field_that_was_sent_twice_is_named(
    studio: httpx.Client, path: str, name: str, others: dict[str, bytes]
) -> None:
    twice = [(name, (None, "anime"))] * 2 if name == "style" else [(name, PNG)] * 2
    answer = studio.post(f"/api/v1/{path}", files=[*others.items(), *twice])
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_field")
    assert answer.json()["error"]["message"] == f"{name} was sent 2 times: send it once."


def test_a_broken_form_a_json_body_and_a_wrong_method_are_told_apart(studio: httpx.Client) -> None:
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert studio.post("/api/v1/cartoon", content=b"--y", headers=broken).status_code in (400, 422)
    assert studio.post("/api/v1/cartoon", json={"image": "x"}).json()["error"]["code"] == "wrong_kind"
    assert studio.get("/api/v1/cartoon").json()["error"]["code"] == "method_not_allowed"
    assert studio.get("/api/v1/nothing").json()["error"]["code"] == "not_found"


def test_the_catalogue_and_the_documents_are_there(studio: httpx.Client) -> None:
    models = {model["name"]: model for model in studio.get("/api/v1/models").json()["models"]}
    assert len(models) == 10
    assert models["cartoon-anime"]["source"] == "sample"
    assert {"state", "revision", "licence"} <= models["emotion-large"].keys()
    paths = studio.get("/openapi.json").json()["paths"]
    assert {"/api/v1/cartoon", "/api/v1/matting", "/api/v1/emotion", "/api/v1/models"} <= paths.keys()
    page = studio.get("/docs").text
    assert "alpha_threshold" in page
    assert not re.search(r"(src|href)=.?https?:", page)


def test_the_first_request_for_a_style_waits_for_it(studio: httpx.Client) -> None:
    first = studio.post("/api/v1/cartoon", files={"image": PNG}, data={"style": "sketch"})
    assert (first.status_code, first.headers["content-type"]) == (200, "image/png")


def test_kserve_probes_answer_by_model(studio: httpx.Client) -> None:
    assert studio.head("/livez").status_code == studio.head("/readyz").status_code == 200
    assert studio.get("/v2/health/live").status_code == 200
    assert studio.get("/v2/health/ready").status_code == 200
    assert studio.get("/v2/models/cartoon/ready").json() == {"name": "cartoon-anime", "ready": True}
    assert studio.get("/v2/models/cartoon-artstyle/ready").status_code == 503
    assert studio.get("/v2/models/emotion-large").json()["versions"] == ["sample"]
    assert studio.get("/v2/models/nobody").status_code == 404


def test_metrics_move(studio: httpx.Client) -> None:
    before = studio.get("/metrics").text
    studio.post("/api/v1/cartoon", files={"image": PNG})
    studio.post("/api/v1/cartoon", files={"image": b"just text"})
    after = studio.get("/metrics").text

    def grown(name: str, **labels: str) -> float:
        return metric(after, name, **labels) - metric(before, name, **labels)

    assert grown("prewarm_requests_total", task="cartoon", code="200") == 1
    assert grown("prewarm_requests_total", task="cartoon", code="400") == 1
    assert grown("prewarm_rejected_total", reason="not_an_image") == 1
    assert grown("prewarm_stage_seconds_count", task="cartoon", stage="forward") == 1
    assert metric(after, "prewarm_model_ready", model="cartoon-anime") == 1
    assert metric(after, "process_resident_memory_bytes") > 1e7
