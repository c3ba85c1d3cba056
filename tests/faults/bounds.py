"""The model's own bound whatever the door, and what people leave behind: gone after its time."""

import concurrent.futures
import contextlib
import time
from pathlib import Path

import httpx

from tests.faults.doors import PNG, defaults
from tests.faults.servers import Figure, Running, at_most, none, server
from tests.helpers.running import metric

UPLOADS = 5


def limits(folder: Path, *, cancels: int, direct: int) -> list[Figure]:
    """Jobs begun and given up at once, and calls past the queue, at a model that takes one at a time."""
    tally = folder / "tally"
    environ = {"STANDIN_SECONDS": "0.05", "STANDIN_PAGE": "yes", "FAULTS_TALLY": str(tally)}
    with server(folder, "--queue", "8", **environ) as running:
        running.ready()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda number: _given_up(running, number), range(cancels)))
            codes = list(pool.map(lambda number: _direct(running, number), range(direct)))
        last = _quiet(running)
        most = int(tally.read_text())
        code = httpx.post(f"{running.address}/api/v1/cartoon", files={"image": PNG}, timeout=60).status_code
        tracebacks = running.tracebacks()
    shown = {code: codes.count(code) for code in sorted(set(codes))}
    under = f"{cancels} start-and-cancel and {direct} direct calls"
    orderly = all(code < 500 or code == 503 for code in codes)
    return [
        Figure(f"inside a model at once, under {under}", "1", str(most), most == 1),
        Figure("direct calls answered", "200 or refused", str(shown), orderly),
        Figure("works, with nothing under way, afterwards", "200", f"{code}, quiet after {last:.1f} s", code == 200),
        none("tracebacks in the log", ["Traceback"] * tracebacks),
    ]


def _given_up(running: Running, number: int) -> None:
    """Half of them over REST, by hanging up; half at the page, by its own cancel."""
    if number % 2:
        with contextlib.suppress(httpx.HTTPError):
            httpx.post(f"{running.address}/api/v1/cartoon", files={"image": PNG}, timeout=0.02)
        return
    with httpx.Client(base_url=running.address, timeout=30) as client:
        picture = _uploaded(client)
        dependency = _dependency(client, "cartoon")
        session = f"session{number}"
        job = {"data": [picture, *defaults(client, "cartoon")[1:]], "fn_index": dependency, "session_hash": session}
        began = client.post("/gradio_api/queue/join", json=job)
        if began.status_code == 200:
            cancel = {"session_hash": session, "fn_index": dependency, "event_id": began.json()["event_id"]}
            client.post("/gradio_api/cancel", json=cancel)


def _uploaded(client: httpx.Client, number: int = 0) -> dict[str, object]:
    """A picture on the server's disk; equal ones lie there once."""
    path = client.post("/gradio_api/upload", files={"files": ("a.png", PNG + bytes([number]))}).json()[0]
    return {"path": path, "meta": {"_type": "gradio.FileData"}}


def _dependency(client: httpx.Client, name: str) -> int:
    return next(one["id"] for one in client.get("/config").json()["dependencies"] if one["api_name"] == name)


def _direct(running: Running, number: int) -> int:
    """Past the page's queue: by Gradio's own route for that, and by REST."""
    with httpx.Client(base_url=running.address, timeout=120) as client:
        if number % 2:
            return client.post("/api/v1/cartoon", files={"image": PNG}).status_code
        data = {"data": [_uploaded(client), *defaults(client, "cartoon")[1:]]}
        return client.post("/gradio_api/run/cartoon", json=data).status_code


def _quiet(running: Running) -> float:
    """Seconds until nothing is under way."""
    started = time.monotonic()
    while time.monotonic() - started < 60:
        text = httpx.get(f"{running.address}/metrics").text
        if not metric(text, "prewarm_in_flight") and not metric(text, "prewarm_queue_depth"):
            break
        time.sleep(0.05)
    return time.monotonic() - started


def uploads(folder: Path, *, seconds: float = 4.0) -> list[Figure]:
    """With a retention of `seconds`: what was uploaded is there, and then it is not."""
    environ = {"STANDIN_PAGE": "yes", "FAULTS_LOOK_SECONDS": "0.2"}
    with (
        server(folder, "--retention", str(seconds / 60), **environ) as running,
        httpx.Client(base_url=running.address, timeout=30) as client,
    ):
        running.ready()
        for number in range(UPLOADS):
            _uploaded(client, number)
        put, started = _files(client), time.monotonic()
        while _files(client) and time.monotonic() - started < seconds + 20:
            time.sleep(0.1)
        left, took = _files(client), time.monotonic() - started
    found, gone = f"{put:.0f}, then {left:.0f}", put >= UPLOADS and not left
    return [
        Figure("uploads on disk, then after the retention", f"{UPLOADS}, then 0", found, gone),
        at_most(f"gone after, with a retention of {seconds:g} s looked at five times a second", took, seconds + 3, "s"),
    ]


def _files(client: httpx.Client) -> float:
    return metric(client.get("/metrics").text, "prewarm_uploads_files")
