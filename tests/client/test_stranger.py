"""Whoever installs Kiosque beside a project of their own tests it against the real server."""

from __future__ import annotations

import re
import subprocess
import sys
from zipfile import ZipFile

import pytest

from tests.rehearsal.server import rehearsal

pytestmark = pytest.mark.xdist_group("stranger")  # one wheel and one environment for all


def test_the_wheel_has_the_client_with_its_types_the_plugin_and_nothing_else(wheel):
    with ZipFile(wheel) as archive:
        names = archive.namelist()
        (entry_points,) = (name for name in names if name.endswith(".dist-info/entry_points.txt"))
        declared = archive.read(entry_points).decode()

    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {
        "api",
        "kiosque_client",
    }
    assert {f"kiosque_client/{name}" for name in ("py.typed", "answers.py", "client.py")} <= {*names}
    assert "[pytest11]\nkiosque = kiosque_client.pytest_plugin\n" in declared
    assert "[console_scripts]\nkiosque = api.__main__:main\n" in declared


def test_a_project_with_a_package_api_of_its_own_runs_its_flows(stranger):
    assert re.search(r"18 passed in ", stranger())


def test_each_worker_of_xdist_has_a_server_of_its_own(stranger):
    assert "4 passed" in stranger("-n", "2", "-k", "purchase or buyers or session or comment")


def test_workers_of_xdist_share_a_server_that_is_already_there(stranger):
    with rehearsal("--sandboxes", "1") as ready:
        printed = stranger("-n", "2", "--kiosque-url", ready["url"], "-k", "purchase or buyers or comment")

    assert "3 passed" in printed


def test_a_server_that_does_not_start_says_why(tmp_path):
    (tmp_path / "test_shop.py").write_text("def test_shop(kiosque):\n    pass\n")

    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "--kiosque-seed", "shop.kiosque"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert tests.returncode == 1
    assert f"There is no backup {tmp_path}/shop.kiosque" in tests.stdout
