"""Databases to copy, and empty ones of either kind to copy into."""

from __future__ import annotations

from contextlib import ExitStack
from uuid import uuid4

import pytest

from api.backup import rules
from api.storage import Database, migrations
from tests.backup.filling import every_row, fill


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """As elsewhere, but by the migrations: a copy asks for the revision."""
    path = tmp_path_factory.mktemp("migrated") / "kiosque.db"
    db = Database(f"sqlite:///{path}")
    migrations.upgrade(db)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()
    return path


@pytest.fixture
def make_file(tmp_path):
    """`make_file()` is an empty SQLite database."""
    with ExitStack() as used:

        def make():
            made = Database(f"sqlite:///{tmp_path / uuid4().hex}.db", synchronous="off")
            used.callback(made.dispose)
            return made

        yield make


@pytest.fixture
def filled(db):
    """A database in which no table is empty; a new table needs a row in `filling.py`."""
    fill(db)
    assert not [name for name, rows in every_row(db).items() if not rows]
    return db


@pytest.fixture
def other_kind(database, tmp_path, request):
    """An empty database of the kind that `db` is not."""
    if database == "postgresql":
        other = Database(f"sqlite:///{tmp_path / 'other.db'}", synchronous="off")
        yield other
        other.dispose()
        return
    with request.getfixturevalue("postgres").database(f"other_{uuid4().hex}", template="template0") as url:
        other = Database(url)
        yield other
        other.dispose()


@pytest.fixture
def archive(filled, tmp_path):
    """A backup of `filled`."""
    path = tmp_path / "a.kiosque"
    rules.back_up(filled, path, watch=lambda _table, _rows: None)
    return path
