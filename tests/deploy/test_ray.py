"""Ray Serve on this machine: answers as from the single process, none lost when replicas die or are replaced."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from models.catalog import FAMILIES
from tests.helpers.drawings import png, portrait, voice
from tests.helpers.running import ROOT, free_port, start, wait_for

ray = pytest.importorskip("ray", reason="Ray is not in this environment: tests/deploy/ray.sh makes one and runs these")
from ray import serve  # noqa: E402

from deploy import ray_serve  # noqa: E402

START_SECONDS = 240
FLAGS = ["--models", "sample", "--precision", "f32"]
Addresses = tuple[httpx.Client, httpx.Client]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Two replicas of each model, all started at once on one empty cache; REST and the page before them."""
    cache = tmp_path_factory.mktemp("cluster")
    port = free_port()
    ray.init(num_cpus=32, include_dashboard=False, runtime_env={"env_vars": {"PYTHONPATH": str(ROOT)}})
    serve.start(http_options={"host": "127.0.0.1", "port": port})
    deploy(cache, [])
    serve.run(ray_serve.page(plan(cache, [])), name="page", route_prefix="/")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
        until(lambda: all(client.get(path).status_code == 200 for path in ("/readyz", "/api/v1/models")))
        client.headers["x-cache"] = str(cache)
        yield client
    serve.shutdown()
    ray.shutdown()


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The ordinary program."""
    port = free_port()
    process = start(port, tmp_path_factory.mktemp("single"), *FLAGS, "--threads", "1")
    wait_for(port, "/readyz", 200)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
        yield client
    process.terminate()
    process.communicate()


def test_a_replica_asks_for_its_share_of_a_gpu() -> None:
    """Asked of the plan alone: nothing is started."""
    for gpus, flags in ((0, []), (0.5, ["--device", "cuda"])):
        replicas = ray_serve.replicas(ray_serve.Plan(cpus=3, gpus=gpus))
        assert replicas.ray_actor_options == {"num_cpus": 3, "num_gpus": gpus}
        assert ray_serve.replica_flags(ray_serve.Plan(cpus=3, gpus=gpus)) == ["--threads", "3", *flags]


def plan(cache: Path, flags: list[str]) -> ray_serve.Plan:
    return ray_serve.Plan(flags=[*FLAGS, "--cache", str(cache), *flags], cpus=1, min_replicas=2, max_replicas=2)


def deploy(cache: Path, flags: list[str]) -> None:
    serve.run(ray_serve.rest(plan(cache, flags)), name=ray_serve.REST, route_prefix="/api")


def until(true) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + START_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def photo(seed: int = 0) -> bytes:
    return png(cv2.resize(np.roll(portrait(), 30 * seed, axis=1), (450, 550)))


def ask(client: httpx.Client, task: str, content: bytes, **fields: str) -> httpx.Response:
    kind = "audio" if task == "emotion" else "image"
    return client.post(f"/api/v1/{task}", files={kind: content}, data=fields)


@contextmanager
def load(client: httpx.Client, codes: list[int]) -> Iterator[None]:
    """Four clients that never stop asking, for the length of the block; `codes` are their answers."""
    done = threading.Event()

    def one(number: int) -> None:
        while not done.is_set():
            codes.append(ask(client, "matting", photo(number)).status_code)

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(one, number) for number in range(4)]
        try:
            yield
        finally:
            done.set()
        for each in asking:
            each.result()


def replicas(family: str) -> list[str]:
    """The names of the actors that hold this model."""
    actors = ray.util.list_named_actors(all_namespaces=True)
    return [actor["name"] for actor in actors if actor["name"].startswith(f"SERVE_REPLICA::rest#{family}#")]


def test_pictures_are_those_of_the_single_process_bit_by_bit(cluster: httpx.Client, single: httpx.Client) -> None:
    for task, fields in (
        ("cartoon", {"style": "anime"}),
        ("cartoon", {"style": "sketch"}),
        ("matting", {}),
        ("id_photo", {}),
    ):
        ours, reference = (ask(client, task, photo(), **fields) for client in (cluster, single))
        while ours.status_code == 503 or reference.status_code == 503:  # a style is loaded when first asked for
            time.sleep(1)
            ours, reference = (ask(client, task, photo(), **fields) for client in (cluster, single))
        assert (ours.status_code, reference.status_code) == (200, 200)
        assert ours.content == reference.content
        assert ours.headers["x-model-source"] == "sample"


def test_scores_are_those_of_the_single_process_bit_by_bit(cluster: httpx.Client, single: httpx.Client) -> None:
    ours, reference = (
        ask(client, "emotion", voice(), granularity="frame", embedding="true").json() for client in (cluster, single)
    )
    assert reference["embedding"]
    assert {**ours, "timestamp": ""} == {**reference, "timestamp": ""}


def test_refusals_are_those_of_the_single_process(cluster: httpx.Client, single: httpx.Client) -> None:
    cases = [
        ("matting", b"text", {}),
        ("matting", photo(), {"erode": "9"}),
        ("id_photo", photo(), {"id_size": "moon"}),
        ("emotion", voice(0.1), {}),
    ]
    for task, content, fields in cases:
        ours, reference = (ask(client, task, content, **fields) for client in (cluster, single))
        assert ours.status_code == reference.status_code >= 400
        assert ours.json() == reference.json()


def test_the_page_calls_the_same_models(cluster: httpx.Client) -> None:
    path = cluster.post("/gradio_api/upload", files={"files": ("a.png", photo())}).json()[0]
    picture = {"path": path, "meta": {"_type": "gradio.FileData"}}
    parameters = cluster.get("/gradio_api/info").json()["named_endpoints"]["/matting"]["parameters"]
    data = [picture, *(parameter["parameter_default"] for parameter in parameters[1:])]
    event = cluster.post("/gradio_api/call/matting", json={"data": data}).json()["event_id"]
    told = cluster.get(f"/gradio_api/call/matting/{event}").text
    assert "event: complete" in told
    result = json.loads(told.rsplit("data: ", 1)[1])[0]
    assert cluster.get(f"/gradio_api/file={result['path']}").content.startswith(b"\x89PNG")


def test_one_cache_was_filled_once(cluster: httpx.Client) -> None:
    artifacts = Path(cluster.headers["x-cache"]) / "artifacts"
    files = [path for path in artifacts.rglob("*") if path.is_file()]
    assert len([path for path in files if path.name == "emotion.bin"]) == 1
    assert not [path for path in artifacts.rglob("*") if path.name.startswith(("tmp", ".tmp"))]


def test_a_replica_killed_under_load_loses_nothing(cluster: httpx.Client) -> None:
    codes: list[int] = []
    with load(cluster, codes):
        until(lambda: len(codes) > 4)
        ray.kill(ray.get_actor(replicas("matting")[0], namespace="serve"))
        killed = len(codes)
        until(lambda: len(codes) > killed + 8 and len(replicas("matting")) == 2)
    assert set(codes) == {200}


def test_a_rolling_update_fails_no_request(cluster: httpx.Client) -> None:
    before = {family: set(replicas(family)) for family in FAMILIES}
    codes: list[int] = []
    with load(cluster, codes):
        deploy(Path(cluster.headers["x-cache"]), ["--queue", "63"])
        until(lambda: not any(before[family] & set(replicas(family)) for family in FAMILIES))
    assert set(codes) == {200}
    assert len(codes) > 4


def test_a_full_line_is_answered_with_429(cluster: httpx.Client) -> None:
    deploy(Path(cluster.headers["x-cache"]), ["--queue", "1"])
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda number: ask(cluster, "cartoon", photo(number)), range(24)))
    assert {answer.status_code for answer in answers} == {200, 429}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["error"]["code"] == "busy"
    assert int(refused.headers["retry-after"]) >= 1
