"""Equal pages are offered to the kernel, and what it merged is told."""

import subprocess
import sys
from pathlib import Path

import pytest

from models.runtime import ksm

ROOT = Path(__file__).parents[3]
OFFER = """
from pathlib import Path
from models.runtime import ksm
offered = ksm.offer()
stat = Path("/proc/self/ksm_stat")
assert offered == (stat.exists() and "ksm_merge_any: yes" in stat.read_text()), offered
"""


def test_a_process_offers_its_pages_where_the_kernel_merges():
    # In a process of its own: what is offered cannot be taken back.
    subprocess.run([sys.executable, "-c", OFFER], cwd=ROOT, check=True)


def test_a_host_that_does_not_merge_is_told(monkeypatch, tmp_path, caplog):
    monkeypatch.setattr(ksm, "_SWITCH", tmp_path / "run")
    monkeypatch.setattr(ksm.ctypes, "CDLL", lambda name: _Obeying())
    assert ksm.offer()
    assert "echo 1 >" in caplog.text


def test_a_machine_that_cannot_merge_is_told(monkeypatch, caplog):
    monkeypatch.setattr(ksm.ctypes, "CDLL", lambda name: object())
    assert not ksm.offer()
    assert "not merged" in caplog.text


@pytest.mark.parametrize(("text", "merged"), [("ksm_rmap_items 9\nksm_merging_pages 2\n", 8192), ("", 0)])
def test_merged_pages_are_counted(monkeypatch, tmp_path, text, merged):
    stat = tmp_path / "ksm_stat"
    stat.write_text(text)
    monkeypatch.setattr(ksm, "_MERGED", stat)
    assert ksm.merged_bytes() == merged


def test_a_kernel_that_does_not_tell_counts_as_none(monkeypatch, tmp_path):
    monkeypatch.setattr(ksm, "_MERGED", tmp_path / "missing")
    assert ksm.merged_bytes() == 0


class _Obeying:
    def prctl(self, *arguments):
        return 0

    def mallopt(self, *arguments):
        return 1
