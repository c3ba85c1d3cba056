"""What would stop a program later, found before anything is loaded."""

from importlib.util import find_spec
from pathlib import Path

from models.errors import UnusableError
from models.weights import cache_folder

# What the stock pipelines import, by the names of the packages; all are in requirements-dev.txt.
STOCK = ("tensorflow", "funasr", "datasets", "addict", "easydict", "simplejson")


def check(cache: Path, *, stock: bool) -> None:
    """`stock` says whether the stock pipelines will run. Raises UnusableError."""
    cache_folder.check(cache)
    absent = [name for name in STOCK if stock and find_spec(name) is None]
    if absent:
        raise UnusableError(
            f"the stock pipelines (--engine reference, --verify) need {', '.join(absent)}, which requirements.txt does "
            "not bring; install them with .venv/bin/pip install -r requirements-dev.txt -c constraints.txt."
        )
