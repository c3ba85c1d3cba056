"""A folder that cannot be used ends the program at once, with one sentence and exit code 3."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.runtime.temporary_folder import PREFIX
from preload import EXIT_CODE
from service.ops import startup
from tests.helpers.running import ROOT, free_port

as_root = pytest.mark.skipif(os.getuid() != 0, reason="makes users")
NOBODY = 65534
PROGRAM = """
import os, sys, settings
import preload
from service.ops import startup
options = settings.parse(sys.argv[2:])
os.setuid(int(sys.argv[1]))
preload.check(options)
startup.check_folders(options)
"""


def checked(cache: Path, *, user: int = os.getuid(), **environ: str) -> str:
    """What the program says to that user; empty when all is well."""
    command = [sys.executable, "-c", PROGRAM, str(user), "--cache", str(cache)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True)
    assert (done.returncode, len(done.stderr.splitlines())) in {(0, 0), (EXIT_CODE, 1)}, done.stderr
    return done.stderr


def test_a_cache_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    assert checked(tmp_path) == ""
    assert checked(tmp_path / "cache").startswith(f"prewarm: the cache {tmp_path / 'cache'} is no folder; ")


def test_a_folder_of_outputs_that_would_be_cleaned(tmp_path: Path) -> None:
    uploads, jobs = tmp_path / f"{PREFIX}1", tmp_path / "jobs"
    for outputs in (uploads, uploads / "within", jobs):
        environ = {"GRADIO_TEMP_DIR": str(tmp_path), "PREWARM_OUTPUTS": str(outputs), "PREWARM_JOBS_DIR": str(jobs)}
        assert checked(tmp_path / "cache", **environ).startswith(f"prewarm: the outputs folder {outputs} lies in ")
        assert not outputs.exists()
    assert checked(tmp_path / "cache", PREWARM_OUTPUTS=str(tmp_path / "kept")) == ""


@pytest.mark.parametrize("name", ["a file", "a file/within", "/proc/none"])
def test_a_folder_of_jobs_that_cannot_be_made(name: str, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    line = checked(tmp_path / "cache", PREWARM_JOBS_DIR=str(tmp_path / name))
    assert line.startswith(f"prewarm: the jobs folder {tmp_path / name} ") and "--jobs-dir" in line
    assert checked(tmp_path / "cache", PREWARM_JOBS_DIR=str(tmp_path / "jobs")) == ""


@as_root
def test_a_folder_of_jobs_of_somebody_else(tmp_path: Path) -> None:
    for parent in (tmp_path, *tmp_path.parents[:3]):
        parent.chmod(0o755)
    jobs, cache = _mode(tmp_path / "jobs", 0o777), _mode(tmp_path / "cache", 0o777)
    line = checked(cache, user=NOBODY, PREWARM_JOBS_DIR=str(jobs), GRADIO_TEMP_DIR=str(cache))
    assert "belongs to user 0" in line


@as_root
def test_no_folder_for_uploads(tmp_path: Path) -> None:
    for parent in (tmp_path, *tmp_path.parents[:3]):
        parent.chmod(0o755)
    uploads = _mode(tmp_path / "uploads", 0o755)
    cache = _mode(tmp_path / "cache", 0o777)
    assert str(uploads) in checked(cache, user=NOBODY, GRADIO_TEMP_DIR=str(uploads))


def test_a_signal_before_the_page_is_built_ends_the_start(tmp_path: Path) -> None:
    command = [sys.executable, "app.py", "--models", "sample", "--cache", str(tmp_path), "--port", str(free_port())]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not (tmp_path / "artifacts").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.terminate()
    assert process.wait(10) in (0, 143)


def test_nothing_that_takes_time_is_imported_before_the_models_load() -> None:
    program = "import sys, service.ops.startup; print(sorted({'numpy', 'fastapi', 'starlette'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("error", "said"), [(MemoryError(), "no more memory"), (RuntimeError("can't start new thread"), "no more threads")]
)
def test_a_start_without_memory_or_threads_is_one_sentence(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop, startup.ending(sys.exit):
        raise error
    assert stop.value.code == EXIT_CODE
    assert said in (line := capsys.readouterr().err) and line.count("\n") == 1


def test_what_else_goes_wrong_in_a_start_keeps_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="of ours"), startup.ending(sys.exit):
        raise RuntimeError("a mistake of ours")


@pytest.mark.parametrize("host", ["no.such.invalid", "8.8.8.8", "http://x", "::1/129", "~"])
def test_a_host_that_cannot_be_listened_on_is_one_sentence(host: str) -> None:
    with pytest.raises(SystemExit) as stop:
        startup.listen(host, free_port())
    assert "choose another with --host and --port" in str(stop.value.code)


def test_small_answers_are_sent_at_once() -> None:
    async def accepted() -> int:
        taken: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
        listener = startup.listen("127.0.0.1", 0)
        async with await asyncio.start_server(lambda reader, writer: taken.set_result(writer), sock=listener):
            _, client = await asyncio.open_connection(*listener.getsockname())
            server = await taken
            without_delay = server.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            for writer in (client, server):
                writer.close()
                await writer.wait_closed()
        return without_delay

    assert asyncio.run(accepted())


def _mode(folder: Path, mode: int) -> Path:
    folder.mkdir()
    folder.chmod(mode)
    return folder
