"""A container's share of the processor bounds the threads."""

from pathlib import Path

import pytest

from models.runtime import cpu_count


@pytest.mark.parametrize(
    ("files", "share"),
    [
        ({"cpu.max": "250000 100000\n"}, 2.5),
        ({"cpu.max": "max 100000\n"}, float("inf")),
        ({"cpu/cpu.cfs_quota_us": "50000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 0.5),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, float("inf")),
        ({"cpu.max": ""}, float("inf")),
        ({}, float("inf")),
    ],
)
def test_share_of_a_container(files: dict[str, str], share: float, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert cpu_count._share(tmp_path) == share


def test_at_least_one_core_and_never_more_than_the_process_is_bound_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cpu_count, "CONTROL_GROUP", tmp_path)
    unlimited = cpu_count.usable()
    (tmp_path / "cpu.max").write_text("10000 100000")
    assert 1 == cpu_count.usable() <= unlimited
