"""What would stop a program later, found before anything is loaded."""

import os
import resource
from importlib.util import find_spec
from pathlib import Path

from models.errors import UnusableError
from models.weights import cache_folder

# What the stock pipelines import, by the names of the packages; all are in requirements-dev.txt.
STOCK = ("tensorflow", "funasr", "datasets", "addict", "easydict", "simplejson")

# What writing and checking ONNX files imports; both are in requirements-onnx.txt.
ONNX = ("onnx", "onnxruntime")

FILES_NEEDED, FILES_WANTED = 64, 4096  # open at once, connections among them: a start has some forty
MEMORY_NEEDED = 1 << 30  # addresses, not memory in use: libraries reserve more than they touch


def check(cache: Path, *, stock: bool, onnx: Path | None = None) -> None:
    """`stock` says whether the stock pipelines will run, `onnx` where files of ONNX are to be written. Raises
    UnusableError."""
    _own_what_is_made()
    _check_limits()
    cache_folder.check(cache)
    if onnx is not None:
        _check_export(onnx)
    absent = [name for name in STOCK if stock and find_spec(name) is None]
    if absent:
        raise UnusableError(
            f"the stock pipelines (--engine reference, --verify) need {', '.join(absent)}, which requirements.txt does "
            "not bring; install them with .venv/bin/pip install -r requirements-dev.txt -c constraints.txt."
        )


def _own_what_is_made() -> None:
    """A umask that shuts the user out of files and folders of their own, such as 777, no longer does so."""
    os.umask(os.umask(0o077) & 0o077)


def _check_limits() -> None:
    """Take as many open files as are wanted, where the system lets us."""
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= files < FILES_WANTED:
        files = FILES_WANTED if most < 0 else min(most, FILES_WANTED)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    if 0 <= files < FILES_NEEDED:
        raise UnusableError(f"only {files} files may be open at once; allow more, with ulimit -n {FILES_WANTED}.")
    memory = resource.getrlimit(resource.RLIMIT_AS)[0]
    if 0 <= memory < MEMORY_NEEDED:
        what = f"only {memory >> 20} MiB of memory may be taken, and {MEMORY_NEEDED >> 20} are the least"
        raise UnusableError(f"{what}; allow more, with ulimit -v unlimited.")


def _check_export(folder: Path) -> None:
    absent = [name for name in ONNX if find_spec(name) is None]
    if absent:
        raise UnusableError(
            f"--export-onnx needs {' and '.join(absent)}, which requirements.txt does not bring; install with "
            ".venv/bin/pip install -r requirements-onnx.txt -c constraints.txt."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableError(f"the folder {folder} of --export-onnx cannot be made ({error.strerror}).") from error
    if not cache_folder.is_writable(folder):
        raise UnusableError(f"the folder {folder} of --export-onnx cannot be written; name another.")
