"""Twenty attacks on files, links, origins, headers and paths, against the real process with the page: all refused."""

import json
import socket
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.helpers.picture_makers import PNG
from tests.helpers.running import standin

SECRET = b"not for strangers"
FIELDS = ["anime", 0.7, 1024, "png", 90]


class Victim:
    """The server under attack, and a file that nobody must get."""

    def __init__(self, client: httpx.Client, folder: Path) -> None:
        self.client = client
        self.secret = folder / "secret.png"
        self.secret.write_bytes(PNG + SECRET)
        self.uploads = next(folder.glob("prewarm-temporary-*/uploads"))

    def upload(self, name: str = "a.png") -> Path:
        return Path(self.client.post("/gradio_api/upload", files={"files": (name, PNG)}).json()[0])

    def page_job(self, path: object, **more: object) -> bytes:
        """What comes of a job on the component payload `path`."""
        payload = {"path": path, "meta": {"_type": "gradio.FileData"}, **more}
        started = self.client.post("/gradio_api/call/cartoon", json={"data": [payload, *FIELDS]})
        if started.status_code != 200:
            return f"{started.status_code} {started.text}".encode()
        return self.client.get(f"/gradio_api/call/cartoon/{started.json()['event_id']}").content

    def get(self, path: str, **headers: str) -> bytes:
        answer = self.client.get(path, headers=headers)
        return f"{answer.status_code} ".encode() + answer.content

    def post(self, path: str, **headers: str) -> bytes:
        answer = self.client.post(path, files={"image": PNG}, headers=headers)
        return f"{answer.status_code} ".encode() + answer.content

    def raw(self, request: bytes) -> bytes:
        parts = urlsplit(str(self.client.base_url))
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
            connection.sendall(request)
            return connection.recv(100_000).removeprefix(b"HTTP/1.1 ")

    def linked(self) -> Path:
        """A link to the secret in the folder of an upload."""
        link = self.upload().with_name(f"{uuid.uuid4().hex}.png")
        link.symlink_to(self.secret)
        return link


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    folder = tmp_path_factory.mktemp("victim")
    with standin(folder, page=True) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield Victim(client, folder)


NAMES = ["../../evil.png", "..\\evil.png", "a\0b.png", "n" * 400 + ".png", "/etc/evil.png", "脸.png"]
PATHS = ["/", "/docs", "/nothing", "/api/v1/nothing", "/static/none", "/gradio_api/file=/x", "/theme.css"]
REFUSED = (b"400", b"403", b"404", b"405", b"413", b"422", b"event: error")
ATTACKS: dict[str, Callable[[Victim], bytes]] = {
    "a payload names a file outside the uploads": lambda v: v.page_job(str(v.secret)),
    "a payload names a system file": lambda v: v.page_job("/etc/passwd"),
    "a payload climbs out of the uploads": lambda v: v.page_job(f"{v.uploads}/../{v.secret.name}"),
    "a payload names a link to a file": lambda v: v.page_job(str(v.linked())),
    "a payload has a NUL in its path": lambda v: v.page_job(f"{v.uploads}/a\0.png"),
    "a payload is a data: URL": lambda v: v.page_job("data:image/png;base64,iVBORw0KGgo=", url="data:image/png,x"),
    "a payload is an address": lambda v: v.page_job("http://127.0.0.1:1/x.png", url="http://127.0.0.1:1/x.png"),
    "a payload is a list": lambda v: v.page_job(["/etc/passwd"]),
    "a payload is a folder": lambda v: v.page_job(str(v.uploads)),
    "file= reads a system file": lambda v: v.get("/gradio_api/file=/etc/passwd"),
    "file= climbs": lambda v: v.get(f"/gradio_api/file={v.uploads}/..%2f{v.secret.name}"),
    "file= follows a link": lambda v: v.get(f"/gradio_api/file={v.linked()}"),
    "file= fetches an address": lambda v: v.get("/gradio_api/file=http://127.0.0.1:1/"),
    "proxy= reaches another host": lambda v: v.get("/gradio_api/proxy=http://127.0.0.1:1/"),
    "static files climb": lambda v: v.get("/static/..%2f..%2f..%2fsettings.py"),
    "a job's id climbs": lambda v: v.get("/api/v1/jobs/..%2f..%2f..%2fetc%2fpasswd/result"),
    "a job's result climbs": lambda v: v.get(f"/api/v1/jobs/{'0' * 32}/results/..%2fsecret.png"),
    "a foreign page posts to REST": lambda v: v.post("/api/v1/cartoon", Origin="https://evil.example"),
    "a foreign page hands in a job": lambda v: v.post("/api/v1/jobs/cartoon", Origin="null"),
    "a foreign page joins the queue": lambda v: v.post("/gradio_api/queue/join", Origin="http://127.0.0.1:1"),
    "a Host that is markup": lambda v: v.raw(b'GET / HTTP/1.1\r\nHost: a"><script>\r\n\r\n'),
    "no Host at all": lambda v: v.raw(b"GET / HTTP/1.0\r\n\r\n"),
    "a header in two lengths": lambda v: v.raw(
        b"POST /api/v1/cartoon HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG"
    ),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_attack_is_refused_and_learns_nothing(victim: Victim, attack: Callable[[Victim], bytes]) -> None:
    answer = attack(victim)
    assert answer.startswith(REFUSED), answer[:200]
    for leaked in (SECRET, b"root:", b"argparse", b"Traceback", b"site-packages"):
        assert leaked not in answer
    assert victim.client.get("/livez").status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Gradio-Server", "X-Forwarded-Server", "Forwarded"])
def test_a_header_cannot_put_an_address_into_the_page(victim: Victim, header: str) -> None:
    for path in ("/", "/config", "/docs", "/openapi.json", "/gradio_api/info"):
        assert b"evil.example" not in victim.get(path, **{header: "evil.example"})


@pytest.mark.parametrize("name", NAMES)
def test_a_name_never_leaves_the_folder_of_its_upload(victim: Victim, name: str) -> None:
    answer = victim.client.post("/gradio_api/upload", files={"files": (name, PNG)})
    if answer.status_code == 200:
        path = Path(answer.json()[0])
        assert path.resolve().is_relative_to(victim.uploads.resolve())
        assert path.read_bytes() == PNG
    else:
        assert answer.status_code in (400, 413, 422), json.dumps(answer.text[:200])
    assert victim.client.post("/api/v1/cartoon", files={"image": (name, PNG)}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_forbids_what_a_page_does_not_need(victim: Victim, path: str) -> None:
    headers = victim.client.get(path).headers
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers
