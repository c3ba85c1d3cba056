"""A proxy on 127.0.0.1 that speaks HTTP (with CONNECT) and SOCKS5, and knows every name as this machine."""

import socket
import socketserver
import threading
from dataclasses import dataclass, field
from urllib.parse import urlsplit

GRANTED = b"\x05\x00\x00\x01" + bytes(6)


@dataclass
class FakeProxy:
    """`asked` lists the hosts and ports that it was asked for, as they came: looked up by nobody."""

    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> "FakeProxy":
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"proxy": self}))
        self.server.daemon_threads = True
        self.server.block_on_close = False
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server.server_address[1]}"


class _Handler(socketserver.BaseRequestHandler):
    proxy: FakeProxy

    def handle(self) -> None:
        """One connection, whichever it speaks."""
        first = self.request.recv(4096)
        if first.startswith(b"\x05"):
            self.request.sendall(b"\x05\x00")
            wanted = self.request.recv(4096)
            host, port = wanted[5 : 5 + wanted[4]].decode(), int.from_bytes(wanted[-2:], "big")
            self._pass_on(host, port, GRANTED, b"")
        elif first.startswith(b"CONNECT "):
            host, _, number = first.split()[1].decode().rpartition(":")
            self._pass_on(host, int(number), b"HTTP/1.1 200 OK\r\n\r\n", b"")
        elif first:
            url = urlsplit(first.split()[1].decode())
            self._pass_on(url.hostname or "", url.port or 80, b"", first)

    def _pass_on(self, host: str, port: int, answer: bytes, request: bytes) -> None:
        self.proxy.asked.append(f"{host}:{port}")
        with socket.create_connection(("127.0.0.1", port)) as target:
            self.request.sendall(answer)
            target.sendall(request)
            back = threading.Thread(target=_copy, args=(target, self.request), daemon=True)
            back.start()
            _copy(self.request, target)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:  # either end hung up
        return
