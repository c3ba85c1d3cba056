"""Fetching the files of a model from the ModelScope hub: bounded in time, resumed, verified before they count.

ModelScope's own client takes its timeouts from the environment when it is imported and repeats a hanging request for
more than a minute, so the two requests that are needed are made here. modelscope_hub 0.5.1's downloader behind the same
tests failed 6 of 28 by its public calls, its pauses being fixed, and 2 by its internals; 4 and none where a resumed
answer names its range. By its internals it gave a silent file up after 37 s instead of 12, and a file whose connection
broke four times, each time after 2 MB or more.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent import futures
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from models.catalog import Model
from models.errors import WeightsError
from models.weights.inspection import inspect_file
from models.weights.lease import IdleError, Lease, LostError, exclusive
from models.weights.manifest import Entry, settled_stamp, sha256_of
from models.weights.partial_files import Meter, Progress, discard_parts, part_of, same, settle, size_of
from models.weights.proxies import NO_PROXIES, Proxies, ProxyError, without_login

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)
T = TypeVar("T")

ATTEMPTS = 3
ENOUGH_BYTES = 1 << 20  # an attempt that brought this much was worth it and does not count
LEAST_BYTES = 1 << 15  # less than this within one read timeout is a stall
REMEDY = "Try again later, give a folder that holds the files, or start with --models sample."


@dataclass(frozen=True)
class Patience:
    """Seconds: to connect, of silence, for the whole listing, between attempts, for a process that brings nothing."""

    connect: float = 10.0
    read: float = 12.0
    listing: float = 25.0
    pause: float = 1.0
    other: float = 60.0


class _WrongBytesError(Exception):
    """The hub sent something else than it lists."""


@dataclass(frozen=True)
class Hub:
    """The hub at `endpoint`. Every failure is a WeightsError that says what happened and what else can be done."""

    endpoint: str
    patience: Patience = field(default=Patience())
    proxies: Proxies = NO_PROXIES

    def fetch(self, model: Model, folder: Path, progress: Progress) -> dict[str, Entry]:
        """Brings the needed files into `folder`, leaving what is right there already; returns what they are."""
        with self._failures(model), self._client() as client:
            listed = self._listing(client, model)
            folder.mkdir(parents=True, exist_ok=True)
            while True:
                with suppress(LostError):
                    return self._bring_all(client, model, listed, folder, progress)

    def _bring_all(
        self, client: "httpx.Client", model: Model, listed: Mapping[str, Entry], folder: Path, progress: Progress
    ) -> dict[str, Entry]:
        with exclusive(folder, patience=self.patience.other, progress=progress) as lease:

            def report(done: int, total: int) -> None:
                lease.report(done, total)
                progress(done, total)

            meter = Meter(report, listed)
            files = [_File(self.patience, client, model, lease, name, entry, meter) for name, entry in listed.items()]
            return {file.name: file.ensure(folder / file.name) for file in files}

    def _listing(self, client: "httpx.Client", model: Model) -> dict[str, Entry]:
        answer = _within(self.patience.listing, lambda: _insist(lambda: _list(client, model), self.patience.pause))
        listed = {file["Path"]: Entry(int(file["Size"]), str(file.get("Sha256") or "").lower()) for file in answer}
        absent = [name for name in model.files if name not in listed]
        if absent:
            raise self._error("hub_incomplete", f"lists no {absent[0]} for {model.id} ({model.revision})")
        return {name: listed[name] for name in model.files}

    def _client(self) -> "httpx.Client":
        from models.weights.routed import client

        return client(self.endpoint, proxies=self.proxies, connect=self.patience.connect, read=self.patience.read)

    @contextmanager
    def _failures(self, model: Model) -> Iterator[None]:
        import httpx

        try:
            yield
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            reason = "hub_not_found" if status == 404 else "hub_failed"
            raise self._error(reason, f"answers HTTP {status} for {model.id} ({model.revision})") from error
        except IdleError as error:
            raise self._error("hub_unreachable", f"is asked for {model.id} elsewhere, but {error}") from error
        except (httpx.TimeoutException, futures.TimeoutError) as error:
            raise self._error("hub_unreachable", "does not answer") from error
        except ProxyError as error:
            raise self._error("hub_unreachable", f"cannot be asked: {error}") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._error("hub_unreachable", f"cannot be reached ({error})") from error
        except (_WrongBytesError, ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as error:
            raise self._error("hub_wrong_bytes", f"sends wrong content for {model.id} ({error})") from error
        except OSError as error:
            raise self._error("cannot_write", f"has {model.id}, but its files cannot be written ({error})") from error

    def _error(self, reason: str, what: str) -> WeightsError:
        shown = without_login(self.endpoint)
        return WeightsError(f"The hub {shown} {what}. {REMEDY}", reason=reason, endpoint=shown)


@dataclass(frozen=True)
class _File:
    """One file on its way."""

    patience: Patience
    client: "httpx.Client"
    model: Model
    lease: Lease
    name: str
    entry: Entry
    meter: Meter

    def ensure(self, target: Path) -> Entry:
        """Makes `target` the file that the hub lists; returns it with its stamp."""
        if same(target, self.entry):
            inspect_file(target, self.name)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._bring(part_of(target, self.lease), target)
        discard_parts(target)
        self.meter.finish(self.name)
        return replace(self.entry, sha256=self.entry.sha256 or sha256_of(target), stamp=settled_stamp(target))

    def _bring(self, part: Path, target: Path) -> None:
        """Verified into its place; a resumed file that comes out wrong is fetched once more from the start."""
        resumed = size_of(part) > 0
        self._complete(part)
        if self.entry.sha256 and sha256_of(part) != self.entry.sha256:
            part.unlink()
            if not resumed:
                raise _WrongBytesError(f"the sha256 of {self.name} differs")
            return self._bring(part, target)
        inspect_file(part, self.name)
        self.lease.require()
        settle(part, target)

    def _complete(self, part: Path) -> None:
        if size_of(part) > self.entry.size:
            part.unlink()
        part.touch()
        while size_of(part) < self.entry.size:
            _insist(lambda: self._stream(part), self.patience.pause)

    def _stream(self, part: Path) -> None:
        """One request for what is missing. A connection that breaks after a good deal is no failure."""
        import httpx

        start = size_of(part)
        url = f"/api/v1/models/{self.model.id}/repo"
        params = {"Revision": self.model.revision, "FilePath": self.name}
        headers = {"Range": f"bytes={start}-"} if start else {}
        try:
            with self.client.stream("GET", url, params=params, headers=headers) as answer:
                answer.raise_for_status()
                self._write(answer, part)
        except httpx.TransportError:
            if size_of(part) - start < ENOUGH_BYTES:
                raise

    def _write(self, answer: "httpx.Response", part: Path) -> None:
        resumed = answer.status_code == 206
        with part.open("ab" if resumed else "wb") as file:
            for block in _lively(answer.iter_raw(), self.patience.read):
                self.lease.require()
                file.write(block)
                self.meter.reach(self.name, min(file.tell(), self.entry.size))
                if file.tell() > self.entry.size:
                    break
        if size_of(part) != self.entry.size:
            part.unlink()
            raise _WrongBytesError(f"{self.name} has another size than listed")


def _list(client: "httpx.Client", model: Model) -> list[Mapping[str, Any]]:
    params = {"Revision": model.revision, "Recursive": "True"}
    answer = client.get(f"/api/v1/models/{model.id}/repo/files", params=params)
    answer.raise_for_status()
    return list(answer.json()["Data"]["Files"])


def _insist(request: Callable[[], T], pause: float) -> T:
    """A few attempts where the next one may well succeed: a broken connection, a server error; not a silence."""
    import httpx

    for _ in range(ATTEMPTS - 1):
        try:
            return request()
        except httpx.TimeoutException:
            raise
        except httpx.TransportError as error:
            log.debug("the connection to the hub broke (%s), trying again", type(error).__name__)
        except httpx.HTTPStatusError as error:
            if error.response.status_code < 500 and error.response.status_code != 429:
                raise
        time.sleep(pause)
    return request()


def _within(seconds: float, call: Callable[[], T]) -> T:
    """The answer of `call` or futures.TimeoutError: looking up a name obeys no timeout of its own."""
    future: futures.Future[T] = futures.Future()

    def work() -> None:
        try:
            future.set_result(call())
        except Exception as error:  # the edge of a thread; handed to the caller, who waits
            future.set_exception(error)

    threading.Thread(target=work, name="hub-listing", daemon=True).start()
    return future.result(timeout=seconds)


def _lively(blocks: Iterator[bytes], seconds: float) -> Iterator[bytes]:
    """The same blocks, given up when they only trickle."""
    import httpx

    since, arrived = time.monotonic(), 0
    for block in blocks:
        yield block
        arrived += len(block)
        if time.monotonic() - since > seconds:
            if arrived < LEAST_BYTES:
                raise httpx.ReadTimeout("the hub only trickles")
            since, arrived = time.monotonic(), 0
