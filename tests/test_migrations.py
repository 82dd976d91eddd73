"""The schema's history: up, down and up again, and equal to what the code believes."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from api import migrations
from api.database import Database, metadata


@pytest.fixture
def empty(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}", synchronous="off")
    yield database
    database.dispose()


def test_migrations_run_up_down_and_up(empty):
    migrations.upgrade(empty)
    migrations.downgrade(empty, "base")
    with empty.engine.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version"}

    migrations.upgrade(empty)

    assert migrations.current(empty) == migrations.HEAD


def test_migrations_build_what_the_tables_declare(empty):
    migrations.upgrade(empty)

    with empty.engine.connect() as connection:
        ours = {table.name for table in metadata.sorted_tables}
        context = MigrationContext.configure(
            connection, opts={"include_object": lambda thing, name, kind, *_: kind != "table" or name in ours}
        )
        assert compare_metadata(context, metadata) == []


def test_migrations_build_the_same_constraints_as_the_tables(empty, tmp_path):
    """Autogenerate does not see CHECKs, STRICT or triggers: the stored statements must be the same."""
    declared = Database(f"sqlite:///{tmp_path / 'declared.db'}", synchronous="off")
    metadata.create_all(declared.engine)
    migrations.upgrade(empty)

    assert _statements(empty) == _statements(declared)
    declared.dispose()


def test_an_up_to_date_database_is_left_alone(empty):
    migrations.upgrade(empty)
    before = _statements(empty)

    migrations.upgrade(empty)

    assert _statements(empty) == before


def _statements(db: Database) -> dict[str, list[str]]:
    """What creates each table, index and trigger: its lines without their order."""
    with db.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {
            name: sorted(line.replace('"', "").strip(" ,\t") for line in sql.splitlines())
            for name, sql in rows
            if not name.startswith("alembic")
        }
