"""`deploy/nginx.conf` in a real nginx before two real servers: the page stays with one, REST goes to either."""

import concurrent.futures
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.helpers.picture_makers import PNG
from tests.helpers.running import free_port, metric, start_standin, wait_for
from tests.helpers.tools import find_tool

CONF = Path(__file__).parents[2] / "deploy" / "nginx.conf"

NGINX = find_tool("nginx")

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed: tests/deploy/install_tools.sh")


@dataclass
class Site:
    """The address before nginx, one as Gradio's guide has it, the ports behind them, and the processes there."""

    address: str
    guide: str
    ports: tuple[int, int]
    processes: list[subprocess.Popen[str]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    front, ports = free_port(), (free_port(), free_port())
    text = CONF.read_text().replace("/tmp/prewarm-nginx", str(folder / "nginx")).replace(":8080", f":{front}")
    for written, port in zip(("7861", "7862"), ports, strict=True):
        text = text.replace(f"127.0.0.1:{written}", f"127.0.0.1:{port}")
    guide = free_port()
    more = GUIDE.replace("FRONT", str(guide)).replace("BACK", str(ports[0]))
    (folder / "nginx.conf").write_text(text.rstrip().removesuffix("}") + more + "}\n")
    flags = ("--root-path", "/prewarm", "--trusted-proxy", "127.0.0.1", "--jobs-dir", str(folder / "jobs"))
    processes = [start_standin(port, folder, *flags, seconds=0.1, page=True) for port in ports]
    nginx = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    assert subprocess.run([*nginx, "-t"], capture_output=True).returncode == 0
    proxy = subprocess.Popen([*nginx, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    try:
        for port in ports:
            wait_for(port, "/readyz", 200)
        yield Site(f"http://127.0.0.1:{front}/prewarm", f"http://127.0.0.1:{guide}", ports, processes)
    finally:
        proxy.terminate()
        proxy.wait(10)
        for process in processes:
            process.kill()
            process.communicate()


# As Gradio's guide has it, before a server without a path: the host goes on without its port.
GUIDE = """
    server {
        listen 127.0.0.1:FRONT;
        location / {
            proxy_pass http://127.0.0.1:BACK;
            proxy_buffering off;
            proxy_redirect off;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-Host $host;
            proxy_set_header X-Forwarded-Proto $scheme;
        }
    }
"""


def served(port: int) -> float:
    return metric(httpx.get(f"http://127.0.0.1:{port}/metrics").text, "prewarm_requests_total", task="page")


def test_the_page_works_under_its_path_and_stays_with_one_server(site: Site) -> None:
    with httpx.Client(timeout=60) as visitor:
        page = visitor.get(f"{site.address}/").text
        assert set(re.findall(r'"root":"([^"]*)"', page)) == {site.address}
        before = [served(port) for port in site.ports]
        for _ in range(10):
            assert visitor.get(f"{site.address}/config").status_code == 200
        grown = sorted(served(port) - count for port, count in zip(site.ports, before, strict=True))
        path = visitor.post(f"{site.address}/gradio_api/upload", files={"files": ("a.png", PNG)}).json()[0]
        assert visitor.get(f"{site.address}/gradio_api/file={path}").content == PNG
        data = {"data": [{"path": path, "meta": {"_type": "gradio.FileData"}}, "anime", 0.7, 1024, "png", 90]}
        event = visitor.post(f"{site.address}/gradio_api/call/cartoon", json=data).json()["event_id"]
        assert "event: complete" in visitor.get(f"{site.address}/gradio_api/call/cartoon/{event}").text
    assert grown == [0, 10]


def test_the_inside_stays_inside_and_a_stranger_is_told_apart(site: Site) -> None:
    assert httpx.get(f"{site.address}/metrics").status_code == 404
    assert httpx.get(f"{site.address}/docs").status_code == 200
    forged = {"Origin": "https://evil.example"}
    assert httpx.post(f"{site.address}/api/v1/matting", files={"image": PNG}, headers=forged).status_code == 403


def test_uploads_work_as_gradios_guide_sets_nginx_up_and_foreign_pages_are_refused(site: Site) -> None:
    def upload(origin: str, **more: str) -> int:
        headers = {"Origin": origin, **more}
        return httpx.post(f"{site.guide}/gradio_api/upload", files={"files": PNG}, headers=headers).status_code

    assert upload(site.guide) == 200
    for foreign in ("https://evil.example", "null", site.guide.replace("127.0.0.1", "localhost")):
        assert upload(foreign) == 403
        assert upload(foreign, **{"X-Forwarded-Host": foreign.removeprefix("https://")}) == 403
    assert upload(site.guide.rpartition(":")[0] + ":1", **{"Sec-Fetch-Site": "same-site"}) == 403


def test_any_server_answers_for_a_job_and_one_drains_under_load_without_a_failed_request(site: Site) -> None:
    job = httpx.post(f"{site.address}/api/v1/jobs/cartoon", files=[("image", PNG)] * 3).json()["id"]
    assert {httpx.get(f"http://127.0.0.1:{port}/api/v1/jobs/{job}").status_code for port in site.ports} == {200}
    codes: list[int] = []
    ended = threading.Event()

    def visit(_: int) -> None:
        with httpx.Client(timeout=60) as client:
            while not ended.is_set():
                codes.append(client.post(f"{site.address}/api/v1/matting", files={"image": PNG}).status_code)

    def answered(count: int) -> None:
        while len(codes) < count:
            assert not any(each.done() for each in visits)
            time.sleep(0.02)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        visits = [pool.submit(visit, number) for number in range(4)]
        answered(8)
        site.processes[0].send_signal(signal.SIGTERM)
        assert site.processes[0].wait(30) == 0
        answered(len(codes) + 8)
        ended.set()
        for each in visits:
            each.result()
    assert set(codes) == {200}
    assert httpx.get(f"{site.address}/api/v1/jobs/{job}").json()["state"] == "done"
