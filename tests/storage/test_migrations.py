"""The schema's history: up, down and up again, and equal to what the code believes, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from api.storage import Database, metadata, migrations
from tests.postgres import url_of

SQLITE = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
POSTGRESQL = """
    SELECT table_name || '.' || column_name,
           concat_ws(' ', data_type, is_nullable, column_default, collation_name)
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def test_migrations_run_up_down_and_up(empty):
    migrations.upgrade(empty)
    migrations.downgrade(empty, "base")
    assert _kept(empty) == {}

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


def test_migrations_build_the_same_constraints_as_the_tables(empty, make_empty):
    """Autogenerate does not see CHECKs, STRICT, collations or triggers: what is kept must be the same."""
    declared = make_empty()
    with declared.engine.execution_options(write=True).begin() as connection:
        metadata.create_all(connection)
    migrations.upgrade(empty)

    assert _kept(empty) == _kept(declared)


def test_an_up_to_date_database_is_left_alone(empty):
    migrations.upgrade(empty)
    before = _kept(empty)

    migrations.upgrade(empty)

    assert _kept(empty) == before


def test_nodes_that_start_together_migrate_once(empty):
    nodes = [Database(url_of(empty)) for _ in range(4)]

    with ThreadPoolExecutor(len(nodes)) as pool:
        list(pool.map(migrations.upgrade, nodes))

    assert {migrations.current(node) for node in nodes} == {migrations.HEAD}
    for node in nodes:
        node.dispose()


@pytest.mark.only_on("postgresql")
def test_every_text_is_compared_by_code_point(empty):
    migrations.upgrade(empty)

    with empty.read() as tx:
        others = tx.rows(
            sa.text(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
                " AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'"
            )
        )

    assert [tuple(row) for row in others] == [("alembic_version", "version_num")]


def _kept(db: Database) -> dict[str, list[str]]:
    """What makes each thing of the schema, as the database keeps it: its lines without their order."""
    with db.read() as tx:
        rows = tx.rows(sa.text(SQLITE if tx.dialect == "sqlite" else POSTGRESQL))
    return {
        name: sorted(line.replace('"', "").strip(" ,\t") for line in made.splitlines())
        for name, made in rows
        if "alembic" not in name
    }
