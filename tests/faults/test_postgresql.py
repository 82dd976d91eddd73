"""PostgreSQL that is gone in the middle of everything, and comes back."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.postgres import Server, stop


@pytest.fixture
def own_postgres():
    """A server that a test may stop, with PostgreSQL's own settings."""
    folder = Path(tempfile.mkdtemp(prefix="kiosque-postgres-"))
    server = Server(folder)
    with server.admin() as admin:
        admin.execute("ALTER SYSTEM RESET ALL")
        admin.execute("SELECT pg_reload_conf()")
    yield server
    stop(folder)


def control(server, *arguments):
    """pg_ctl, as whoever runs the server."""
    own = server._server
    told = ("-D", own.pgdata, "-w", "-m", "immediate", "-l", own.log, *arguments)
    subprocess.run(
        [own.bin_path / "pg_ctl", *told], user=own.system_user, cwd="/", stdout=subprocess.DEVNULL, check=True
    )


def test_postgresql_that_crashes_again_and_again_loses_and_doubles_nothing(open_shop, own_postgres, full):
    with own_postgres.database("shop", template="template0") as url, open_shop(url=url) as shop:
        for _ in range(20 if full else 2):
            shop.sells()
            control(own_postgres, "restart")
            shop.is_back()
            shop.kills += 1
        control(own_postgres, "stop")
        shop.refuses()
        control(own_postgres, "restart")
        shop.is_back()

    assert {told[:3] for told in shop.not_shown} <= {"503"}
