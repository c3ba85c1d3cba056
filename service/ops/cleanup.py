"""Faces and voices do not stay: uploads and results go by age while the server runs."""

import asyncio
import logging
import time
from pathlib import Path

ROUND_SECONDS = 60.0

log = logging.getLogger(__name__)


def clean(folder: Path, *, minutes: float) -> int:
    """Remove every file untouched for `minutes`, whoever left it, and folders that are empty; how many files went."""
    removed = 0
    for path in _old(folder, time.time() - 60 * minutes):
        try:
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink()
                removed += 1
        except OSError:  # not empty, or gone already
            continue
    return removed


def _old(folder: Path, limit: float) -> list[Path]:
    """What was last changed before `limit`, deepest first. Listed as a whole: removing a file renews its folder."""
    found = []
    for path in folder.rglob("*"):
        try:
            if path.lstat().st_mtime < limit:
                found.append(path)
        except OSError:  # gone already
            continue
    return sorted(found, key=lambda path: len(path.parts), reverse=True)


async def keep_clean(folder: Path, *, minutes: float) -> None:
    """Clean every minute, until cancelled."""
    while True:
        await asyncio.sleep(ROUND_SECONDS)
        removed = await asyncio.to_thread(clean, folder, minutes=minutes)
        if removed:
            log.info("%d uploads and results older than %g minutes removed", removed, minutes)
