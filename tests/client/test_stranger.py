"""Whoever installs Kiosque beside a project of their own tests it against the real server."""

from __future__ import annotations

import re
from zipfile import ZipFile

from tests.rehearsal.server import rehearsal


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
