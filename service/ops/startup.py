"""The port, taken before anything is loaded.

Imported before the models begin to load, so it imports nothing that takes time.
"""

import socket
import sys


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything is loaded: early visitors wait, a port in use ends the program."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only where the protocol is named does asyncio switch Nagle's algorithm off, which holds small answers for 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        sys.exit(f"prewarm: cannot listen on {host}:{port} ({error.strerror}); choose another with --host and --port.")
    return listener
