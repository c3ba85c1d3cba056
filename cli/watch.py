"""Folders that are watched: one that is deleted or unmounted is waited for."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from cli import files
from models.media.file_types import Family


class Folders:
    """`names` as they were given; what becomes of them goes to `say`, once each time."""

    def __init__(self, names: Sequence[str], say: Callable[[str], None]) -> None:
        self._say = say
        self._mounts = {name: os.path.ismount(name) for name in names}
        self._away: set[str] = set()

    def expand(self, family: Family) -> files.Found:
        """What lies in those that are there."""
        there = [name for name in self._mounts if self._is_there(name)]
        try:
            return files.expand(there, family)
        except (files.Misuse, OSError):  # gone while it was looked through: the next look tells
            return files.Found()

    def _is_there(self, name: str) -> bool:
        there = self._is_folder(name)
        if not there and name not in self._away:
            self._away.add(name)
            self._say(f"'{name}' is not there any more: waiting for it, until Ctrl-C")
        elif there and name in self._away:
            self._away.discard(name)
            self._say(f"'{name}' is back")
        return there

    def _is_folder(self, name: str) -> bool:
        """An unmounted folder stays as an empty one."""
        try:
            return Path(name).is_dir() and (os.path.ismount(name) or not self._mounts[name])
        except OSError:  # a network drive whose server is gone
            return False
