"""A ModelScope hub on 127.0.0.1 with faults to order: enough of its two requests for a store to fetch from."""

import hashlib
import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qs, urlsplit

Fault = Literal["ok", "500", "404", "403", "429", "loop", "hang", "slow", "trickle", "cut", "wrong", "html"]
HTML = b"<!DOCTYPE html><html>Please log in to this network</html>"
SLOW_PIECES = 20


@dataclass
class FakeHub:
    """Serves `repos` (model id → path → bytes). `listing` and `file` name the fault of each request.

    `cuts` counts down the answers that are cut, `pace` is seconds between slow pieces; `sent` adds up bytes of files.
    """

    repos: dict[str, Mapping[str, bytes]]
    listing: Fault = "ok"
    file: Fault = "ok"
    cuts: int = 1
    pace: float = 0.01
    hashes: bool = True
    requests: list[str] = field(default_factory=list)
    sent: int = 0
    port: int = 0

    def __enter__(self) -> "FakeHub":
        self.closing = threading.Event()
        handler = type("Handler", (_Handler,), {"hub": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def endpoint(self) -> str:
        """Its address; refuses connections once the hub is closed."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def fetched(self) -> list[str]:
        """The files asked for, without the range."""
        return [request.split("@")[0] for request in self.requests if request != "listing"]


class _Handler(BaseHTTPRequestHandler):
    hub: FakeHub

    def do_GET(self) -> None:
        """Answers a listing or a file, with the fault ordered for it."""
        url, query = urlsplit(self.path), parse_qs(urlsplit(self.path).query)
        wanted = query.get("FilePath", ["listing"])[0]
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        self.hub.requests.append(wanted if start == 0 else f"{wanted}@{start}")
        files = self.hub.repos.get("/".join(url.path.split("/")[4:6]))
        fault: Fault = self.hub.listing if wanted == "listing" else self.hub.file
        if fault.isdigit() or files is None:
            self.send_error(404 if files is None else int(fault))
        elif fault == "loop":
            self.send_response(302)
            self.send_header("Location", self.path)
            self.end_headers()
        elif fault == "hang":
            self.hub.closing.wait()
        else:
            sent = self._send(self._listing(files) if wanted == "listing" else files[wanted], start, fault)
            self.hub.sent += 0 if wanted == "listing" else sent

    def _listing(self, files: Mapping[str, bytes]) -> bytes:
        entries = [{"Path": path, "Size": len(data), "Type": "blob"} for path, data in files.items()]
        for entry, data in zip(entries, files.values(), strict=True):
            entry["Sha256"] = hashlib.sha256(data).hexdigest() if self.hub.hashes else ""
        return json.dumps({"Code": 200, "Success": True, "Data": {"Files": entries}}).encode()

    def _send(self, data: bytes, start: int, fault: Fault) -> int:
        if fault == "html":
            data = HTML
        if fault == "wrong":
            data = data[:-1] + bytes([data[-1] ^ 1])
        body = data[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault == "cut" and self.hub.cuts > 0:
            self.hub.cuts -= 1
            body = body[: len(body) // 2]
        with suppress(ConnectionError):
            self._write(body, fault)
        return len(body)

    def _write(self, body: bytes, fault: Fault) -> None:
        pieces = {"slow": SLOW_PIECES, "trickle": len(body)}.get(fault, 1)
        size = max(1, -(-len(body) // pieces))
        for at in range(0, len(body), size):
            self.wfile.write(body[at : at + size])
            if pieces > 1:
                self.hub.closing.wait(self.hub.pace)

    def log_message(self, *_: object) -> None:
        """Quiet: the tests read `requests`."""
