"""Workers are as many as there are cores to run on, not as the machine has."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import cores


@pytest.mark.parametrize(
    ("own", "around", "usable"),
    [
        ("max 100000", "max 100000", 8),
        ("200000 100000", "max 100000", 2),
        ("max 100000", "150000 100000", 2),
        ("50000 100000", "400000 100000", 1),
    ],
)
def test_a_control_group_limits_the_cores(monkeypatch, tmp_path: Path, own: str, around: str, usable: int):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(8), raising=False)
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "cpu.max").write_text(f"{around}\n")
    (tmp_path / "a" / "b" / "cpu.max").write_text(f"{own}\n")
    (tmp_path / "cgroup").write_text("0::/a/b\n")

    assert cores.usable(tmp_path / "cgroup", tmp_path) == usable


def test_the_affinity_limits_them_too_where_there_are_no_control_groups(monkeypatch, tmp_path: Path):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {3}, raising=False)

    assert cores.usable(tmp_path / "none", tmp_path) == 1
