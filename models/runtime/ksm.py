"""Weights that processes of one machine hold alike, kept once: the kernel's same-page merging (KSM), Linux ≥ 6.4."""

import ctypes
import logging
import mmap
from pathlib import Path

_PR_SET_MEMORY_MERGE = 67
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
# A block of its own mapping starts at the same place of its page in every process; only such pages are equal.
_OWN_MAPPING_BYTES = 2**20
_KEPT_BYTES = 128 * 2**20
_SWITCH = Path("/sys/kernel/mm/ksm/run")
_MERGED = Path("/proc/self/ksm_stat")

log = logging.getLogger(__name__)


def offer() -> bool:
    """Let the kernel merge this process's pages with equal ones of other processes that offer theirs; before the
    weights are loaded. False, with a line in the log, where the kernel cannot."""
    try:
        libc = ctypes.CDLL(None)
        refused = libc.prctl(_PR_SET_MEMORY_MERGE, 1, 0, 0, 0)
        libc.mallopt(_M_MMAP_THRESHOLD, _OWN_MAPPING_BYTES)
        libc.mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
    except (OSError, AttributeError):  # no Linux, or another C library
        refused = 1
    if refused:
        log.warning("memory is not merged with other processes': the kernel refuses, Linux 6.4 or later is needed")
    elif not _is_on():
        log.warning("memory is not merged with other processes' yet: the host must say echo 1 > %s", _SWITCH)
    return not refused


def merged_bytes() -> int:
    """Bytes of this process that stand in pages merged with others; 0 where the kernel does not tell."""
    try:
        facts = dict(line.split(maxsplit=1) for line in _MERGED.read_text().splitlines())
    except OSError:
        return 0
    return int(facts.get("ksm_merging_pages", 0)) * mmap.PAGESIZE


def _is_on() -> bool:
    try:
        return _SWITCH.read_text().strip() == "1"
    except OSError:
        return False
