"""Starting, watching and killing the server under test; figures with their goals."""

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.catalog import CATALOG, DEFAULT_VARIANT, Model
from tests.helpers.fake_weights import contents
from tests.helpers.running import free_port, get, start, wait_for

DEFAULTS: list[Model] = [CATALOG[task][variant] for task, variant in DEFAULT_VARIANT.items()]
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Figure:
    """One line of a report: what was promised, what was found, whether it holds."""

    name: str
    goal: str
    found: str
    holds: bool


def none(name: str, found: Sequence[str]) -> Figure:
    """Nothing of the kind should have been found."""
    return Figure(name, "none", ", ".join(found) or "none", not found)


def told(name: str, found: str) -> Figure:
    """A figure without a goal."""
    return Figure(name, "-", found, True)


def counted(name: str, good: int, of: int) -> Figure:
    """`good` of `of`, all of which should be."""
    return Figure(name, f"{of} of {of}", f"{good} of {of}", good == of)


def at_most(name: str, found: float, limit: float, unit: str) -> Figure:
    return Figure(name, f"≤ {limit:g} {unit}", f"{found:.3g} {unit}", found <= limit)


@dataclass
class Running:
    """A server in a process of its own; its log is a file beside its cache."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def states(self) -> dict[str, tuple[str, str | None]]:
        """State and error of each task's default model; empty while nobody answers."""
        body = get(self.port, "/readyz")[1]
        models = json.loads(body)["models"] if body else {}
        return {task: (status["state"], status["error"]) for task, status in models.items()}

    def ready(self) -> None:
        wait_for(self.port, "/readyz", 200)

    def memory_mb(self) -> float:
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE_BYTES / 2**20

    def device_memory_mb(self) -> float:
        """What it keeps of GPUs; 0 on the CPU."""
        body = get(self.port, "/readyz")[1]
        devices = json.loads(body)["devices"] if body else {}
        return sum(memory["kept"] for memory in devices.values()) / 1e6

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def tracebacks(self) -> int:
        return self.log.read_text().count("Traceback")


@contextlib.contextmanager
def server(folder: Path, *flags: str, program: str = "tests/faults/standin.py", port: int = 0, **environ: str):  # type: ignore[no-untyped-def]
    """A Running on its way up, killed at the end if it still runs."""
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    defaults = {"STANDIN_SECONDS": "0", "STANDIN_PAGE": "no", "MODELSCOPE_CACHE": str(folder / "models")}
    log = folder / "log.txt"
    with start(port, folder, *flags, program=program, **{**defaults, **environ}) as process:
        reader = threading.Thread(target=_copy, args=(process, log), daemon=True)
        reader.start()
        try:
            yield Running(process, port, log)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(30)
            reader.join(10)


def _copy(process: subprocess.Popen[str], log: Path) -> None:
    with log.open("a") as file:
        for line in process.stderr or ():
            file.write(line)
            file.flush()


def fill_cache(root: Path) -> list[Path]:
    """Weights of every default model where ModelScope keeps them; the folders."""
    folders = []
    for model in DEFAULTS:
        folder = root / "hub" / "models" / model.id
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in contents(model).items():
            (folder / name).write_bytes(data)
        folders.append(folder)
    return folders


def repos(padding: int = 0) -> dict[str, Mapping[str, bytes]]:
    """What a hub has of them; `padding` makes one file of each larger, so that fetching takes its time."""
    name, space = "configuration.json", b" " * padding
    return {model.id: contents(model) | {name: contents(model)[name] + space} for model in DEFAULTS}


def leftovers(folder: Path) -> list[str]:
    """What should not be left: half-made files, leases, temporary folders."""
    return sorted(str(path.relative_to(folder)) for path in _found(folder))


def _found(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        name = path.name
        if "~" in name or "lease" in name or name.endswith(".incomplete") or name.startswith("tmp"):
            yield path
