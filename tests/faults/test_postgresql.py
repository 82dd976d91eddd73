"""PostgreSQL that is gone in the middle of everything, and comes back."""

from __future__ import annotations

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


def test_postgresql_that_crashes_again_and_again_loses_and_doubles_nothing(open_shop, own_postgres, full):
    with own_postgres.database("shop", template="template0") as url, open_shop(url=url) as shop:
        for _ in range(20 if full else 2):
            shop.sells()
            own_postgres.control("restart", "-m", "immediate")
            shop.is_back()
            shop.kills += 1
        own_postgres.control("stop", "-m", "immediate")
        shop.refuses()
        own_postgres.control("restart", "-m", "immediate")
        shop.is_back()

    assert {told[:3] for told in shop.not_shown} <= {"503"}
