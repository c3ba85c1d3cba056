"""What torch.save wrote, read as tensors and nothing else: a pickle may name any function and have it called."""

import pickle
import zipfile
from pathlib import Path
from typing import Any

from models.errors import WeightsError


def read(path: Path) -> Any:
    """The tensors, mapped from the disk. Raises WeightsError for a pickle that would run a program; it is not run."""
    import torch

    try:
        # The format before torch 1.6 is no zip and cannot be mapped.
        return torch.load(path, map_location="cpu", mmap=zipfile.is_zipfile(path), weights_only=True)
    except pickle.UnpicklingError as error:
        message = f"{path} is no checkpoint of plain tensors. Delete it and get it from the model's own page."
        raise WeightsError(message, reason="hostile_file", file=path.name, folder=str(path.parent)) from error


def programs_in(path: Path) -> list[str]:
    """The functions that a zip of torch.save would call besides those that rebuild tensors, found without calling any.

    Raises ValueError when it is no such zip.
    """
    import torch

    try:
        return sorted(torch.serialization.get_unsafe_globals_in_checkpoint(path))
    # The edge to torch, which raises nearly anything on a damaged archive.
    except Exception as error:
        raise ValueError("not written by torch.save") from error
