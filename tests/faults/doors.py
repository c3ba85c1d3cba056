"""What strangers do at the doors: attacks, cancelling in a loop, calling past the queue, leaving their faces behind."""

import contextlib
import json
import socket
import time
from pathlib import Path

import httpx

from models.media import audio, images
from tests.faults.servers import Figure, Running, at_most, counted, none, server, told
from tests.helpers.odd_files import Odd, made
from tests.helpers.picture_makers import PNG

FOREIGN = {"Origin": "https://evil.example"}
SECRETS = ("root:", "argparse", "evil.example", "Traceback", "site-packages")
PATHS = (
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file=../../../../etc/passwd",
    "/gradio_api/file=settings.py",
    "/gradio_api/file=http://127.0.0.1:1/",
    "/gradio_api/file=//127.0.0.1/etc/passwd",
    "/gradio_api/proxy=http://127.0.0.1:1/",
    "/static/..%2f..%2f..%2fsettings.py",
    "/assets/..%2f..%2fsettings.py",
    "/..%2f..%2fetc%2fpasswd",
    "/theme.css/../../settings.py",
)
PAYLOADS = (
    {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}},
    {"path": "settings.py", "meta": {"_type": "gradio.FileData"}},
    {"path": "../../../../etc/hostname", "meta": {"_type": "gradio.FileData"}},
    {"url": "http://127.0.0.1:1/a.png", "path": "http://127.0.0.1:1/a.png", "meta": {"_type": "gradio.FileData"}},
    {"url": "data:image/png;base64,iVBORw0KGgo=", "path": "data:image/png;base64,iVBORw0KGgo="},
)
HEADS = (
    b'GET / HTTP/1.1\r\nHost: a"><script>\r\n\r\n',
    b"GET / HTTP/1.1\r\n\r\n",
    b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: x\r\nContent-Length: 52428800\r\n\r\n",
    b"POST /api/v1/cartoon HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
)


def attacks(folder: Path) -> list[Figure]:
    """Files, links, origins, headers and paths, against the page and REST."""
    with server(folder, STANDIN_PAGE="yes") as running, httpx.Client(base_url=running.address, timeout=30) as client:
        running.ready()
        tried = {path: _refused(client.get(path), 300) for path in PATHS}
        tried |= {str(payload["path"]): _payload_refused(client, payload) for payload in PAYLOADS}
        tried |= {repr(head[:40]): _head_refused(running, head) for head in HEADS}
        for path in ("/api/v1/cartoon", "/gradio_api/upload", "/gradio_api/queue/join"):
            tried[f"foreign origin {path}"] = (
                client.post(path, files={"image": PNG}, headers=FOREIGN).status_code == 403
            )
        poison = {"X-Forwarded-Host": "evil.example", "X-Gradio-Server": "http://evil.example"}
        tried["poisoned headers"] = "evil.example" not in client.get("/config", headers=poison).text
        alive = client.get("/livez").status_code == 200
    got_through = [name for name, refused in tried.items() if not refused]
    return [
        counted("attacks refused", len(tried) - len(got_through), len(tried)),
        none("got through", got_through),
        none("dead afterwards", [] if alive else ["yes"]),
    ]


def _refused(answer: httpx.Response, lowest: int) -> bool:
    return answer.status_code >= lowest and not any(secret in answer.text for secret in SECRETS)


def _payload_refused(client: httpx.Client, payload: dict[str, object]) -> bool:
    """Through the queue's API, as a program would; an error, and no picture."""
    began = client.post("/gradio_api/call/cartoon", json={"data": [payload, *defaults(client, "cartoon")[1:]]})
    if began.status_code != 200:
        return _refused(began, 400)
    told = client.get(f"/gradio_api/call/cartoon/{began.json()['event_id']}").text
    return "event: error" in told and not any(secret in told for secret in SECRETS)


def defaults(client: httpx.Client, name: str) -> list[object]:
    """The default of every parameter of the page's endpoint."""
    parameters = client.get("/gradio_api/info").json()["named_endpoints"][f"/{name}"]["parameters"]
    return [parameter.get("parameter_default") for parameter in parameters]


def _head_refused(running: Running, head: bytes) -> bool:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
        connection.sendall(head)
        with contextlib.suppress(ConnectionError):
            return connection.recv(4000).split(b" ")[1][:1] == b"4"
    return True


def strangers(folder: Path, pictures: list[Odd], recordings: list[Odd]) -> list[Figure]:
    """Every odd file through REST: an answer, or a refusal with a code, at once; nothing in the log."""
    names = ("../../etc/passwd", "名字.png", "a" * 400, "a\0b.png", '";.png')
    with server(folder) as running, httpx.Client(base_url=running.address, timeout=120) as client:
        running.ready()
        client.post("/api/v1/matting", files={"image": PNG})
        before, proper, wrong, slowest = running.memory_mb(), 0, [], 0.0
        for door, field, kinds in (("matting", "image", pictures), ("emotion", "audio", recordings)):
            for number, kind in enumerate(kinds):
                file = (names[number % len(names)], made(kind))
                answer = client.post(f"/api/v1/{door}", files={field: file})
                good = _is_proper(answer)
                proper += good
                wrong += [] if good else [f"{kind.name}: {answer.status_code}"]
                if answer.status_code != 200 and len(file[1]) < 2**20:
                    slowest = max(slowest, answer.elapsed.total_seconds())
        grown, log = running.memory_mb() - before, running.log.read_text()
        alive, tried = client.get("/livez").status_code == 200, len(pictures) + len(recordings)
    named = [name for name in names if name in log]
    return [
        counted(
            f"{len(pictures)} pictures and {len(recordings)} recordings over REST, answered properly", proper, tried
        ),
        none("answered otherwise", wrong),
        none("file names and tracebacks in the log", [*named, *["Traceback"] * log.count("Traceback")]),
        at_most("memory growth of the server", grown, 100, "MB"),
        told("slowest refusal over HTTP, of files below 1 MiB", f"{1000 * slowest:.0f} ms"),
        none("dead afterwards", [] if alive else ["yes"]),
    ]


def _is_proper(answer: httpx.Response) -> bool:
    if answer.status_code == 200:
        return True
    if answer.status_code not in (400, 413, 415, 422):
        return False
    error = json.loads(answer.text)["error"]
    return bool(error["code"]) and error["message"].endswith(".") and not any(word in answer.text for word in SECRETS)


def refusal_times(pictures: list[Odd], recordings: list[Odd]) -> list[Figure]:
    """CPU time of every refusal at the doors themselves, files in memory."""
    slowest = {}
    for decode, kinds in ((images.decode, pictures), (audio.decode, recordings)):
        for kind in kinds:
            data, started = made(kind), time.thread_time()
            with contextlib.suppress(Exception):
                decode(data)
            slowest[kind.name] = 1000 * (time.thread_time() - started)
    within = sum(took <= 100 for took in slowest.values())
    worst = sorted(slowest, key=lambda name: -slowest[name])[:3]
    shown = ", ".join(f"{name} {slowest[name]:.0f} ms" for name in worst)
    found = f"{within} of {len(slowest)}; slowest {shown}"
    return [Figure("odd files judged within 100 ms of CPU", f"{len(slowest)}", found, within == len(slowest))]
