"""What would stop a program later, found before anything is loaded."""

from importlib.util import find_spec
from pathlib import Path

from models.errors import UnusableError
from models.weights import cache_folder

# What the stock pipelines import, by the names of the packages; all are in requirements-dev.txt.
STOCK = ("tensorflow", "funasr", "datasets", "addict", "easydict", "simplejson")


# What writing and checking ONNX files imports; both are in requirements-onnx.txt.
ONNX = ("onnx", "onnxruntime")


def check(cache: Path, *, stock: bool, onnx: Path | None = None) -> None:
    """`stock` says whether the stock pipelines will run, `onnx` where files of ONNX are to be written. Raises
    UnusableError."""
    cache_folder.check(cache)
    if onnx is not None:
        _check_export(onnx)
    absent = [name for name in STOCK if stock and find_spec(name) is None]
    if absent:
        raise UnusableError(
            f"the stock pipelines (--engine reference, --verify) need {', '.join(absent)}, which requirements.txt does "
            "not bring; install them with .venv/bin/pip install -r requirements-dev.txt -c constraints.txt."
        )


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
