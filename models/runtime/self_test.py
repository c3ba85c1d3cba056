"""The known-answer check: what a model answered to a fixed probe when first prepared, it must answer at every start."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from models.errors import WeightsError
from models.weights import atomic_file

PROBES = 3  # part of the name of what is kept on the disk: raise it when a model is asked something else at its start
GRID = 8  # answers are kept as means over so many pieces, per array
TOLERANCE = 0.02  # of the answer's own spread; a wrong or damaged weight moves answers by far more


def check(answer: Mapping[str, np.ndarray], path: Path, *, model: str) -> None:
    """Compare `answer` with the one kept at `path`, or keep it there when it is the first.

    Raises WeightsError when the answer is constant, not finite, or not the known one.
    """
    found = {name: _digest(array) for name, array in answer.items() if array.size}
    for name, values in found.items():
        if not np.isfinite(values).all() or answer[name].min() == answer[name].max():
            raise WeightsError(f"{model} answers nonsense ('{name}' is constant or not finite).", reason="nonsense")
    known = _read(path)
    if known is None:
        _keep(found, path)
    elif known.keys() != found.keys() or any(_differs(known[name], found[name]) for name in found):
        raise WeightsError(
            f"{model} no longer gives its known answer; remove the folder {path.parent.name} from the cache if the"
            " weights were changed on purpose.",
            reason="known_answer",
        )


def _digest(array: np.ndarray) -> np.ndarray:
    return np.array([piece.mean() for piece in np.array_split(array.astype(np.float64).ravel(), GRID) if piece.size])


def _differs(known: np.ndarray, found: np.ndarray) -> bool:
    spread = max(np.abs(known).max(), 1e-6)
    return known.shape != found.shape or bool(np.abs(known - found).max() > TOLERANCE * spread)


def _read(path: Path) -> dict[str, np.ndarray] | None:
    try:
        return {name: np.array(values, np.float64) for name, values in json.loads(path.read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError):  # damaged: as if there were none
        return None


def _keep(found: Mapping[str, np.ndarray], path: Path) -> None:
    # A read-only cache has nowhere to keep it; the checks on the answer itself were made.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_file.write(path, json.dumps({name: values.tolist() for name, values in found.items()}))
