"""Our own FastAPI and uvicorn: the page is mounted by the caller, Ctrl-C and SIGTERM let running requests end."""

import logging
import socket
import sys
from collections.abc import Mapping
from typing import Any

import uvicorn
from fastapi import FastAPI

from models.catalog import Task
from models.resident import Resident
from service import health

DRAIN_SECONDS = 60

log = logging.getLogger(__name__)


def create(residents: Mapping[Task, Resident[Any]]) -> FastAPI:
    """The application without a page."""
    app = FastAPI(title="Prewarm", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(health.router(residents))
    return app


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything is loaded: early visitors wait, a port in use ends the program."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        sys.exit(f"prewarm: cannot listen on {host}:{port} ({error.strerror}); choose another with --host and --port.")
    return listener


def serve(app: FastAPI, listener: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, then finish what runs."""
    config = uvicorn.Config(
        app, access_log=False, log_level="warning", timeout_graceful_shutdown=DRAIN_SECONDS, server_header=False
    )
    log.info("Page on http://%s:%d", *_shown(listener))
    uvicorn.Server(config).run(sockets=[listener])


def _shown(listener: socket.socket) -> tuple[str, int]:
    host, port = listener.getsockname()[:2]
    return ("localhost" if host in ("0.0.0.0", "::") else host), port
