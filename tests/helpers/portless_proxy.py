"""A proxy that tells the server the host without its port, as nginx's `$host` does."""

import contextlib
import re
import socket
import socketserver
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def portless_proxy(port: int) -> Iterator[int]:
    """The port of a proxy before `port` of this machine."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(("127.0.0.1", port)) as server:
                back = threading.Thread(target=_copy, args=(server, self.request), daemon=True)
                back.start()
                _copy(self.request, server)
                back.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as proxy:
        proxy.daemon_threads, proxy.block_on_close = True, False
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy.server_address[1]
        proxy.shutdown()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(2**16):
            target.sendall(re.sub(rb"(?m)^(Host: [^:\r\n]+):\d+", rb"\1", data, count=1))
        target.shutdown(socket.SHUT_WR)
