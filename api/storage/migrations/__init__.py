"""The history of the schema, and the one way to bring a database up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from api.settings import Settings
from api.storage import Database, Transaction, open_database

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent

HEAD = max(path.name for path in (FOLDER / "versions").glob("[0-9]*.py")).partition("_")[0]
"""The newest revision."""

TURN = 0x6B696F73717565
"""The advisory lock of whoever changes the schema: `kiosque`, in bytes."""
LONGEST_LOCK = "15s"
"""While a migration waits for a table, everyone else who uses it queues up behind."""


def migrated(settings: Settings) -> Database:
    """The configured database, its schema up to date."""
    db = open_database(settings)
    upgrade(db)
    return db


def current(db: Database) -> str | None:
    """The revision that the database has, None for an empty one."""
    with db.maintenance() as tx:
        return revision_of(tx)


def revision_of(tx: Transaction) -> str | None:
    """The revision as of an open transaction, None for an empty database."""
    if not sa.inspect(tx.connection).has_table("alembic_version"):
        return None
    revision: str | None = tx.value(sa.text("SELECT version_num FROM alembic_version"))
    return revision


def knows(revision: str) -> bool:
    """Whether this is a revision of ours, and not one of a newer Kiosque."""
    from alembic.script import ScriptDirectory

    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(db: Database, revision: str = "head") -> None:
    """Run what is missing up to `revision`, in one transaction; nothing when up to date."""
    if revision == "head" and current(db) == HEAD:
        return
    _run(db, "upgrade", revision)


def downgrade(db: Database, revision: str) -> None:
    """Take the schema back to `revision`, `base` for an empty database."""
    _run(db, "downgrade", revision)


def run_on(connection: sa.Connection, direction: str, revision: str) -> None:
    """`upgrade` or `downgrade` within the open transaction of a connection."""
    from alembic import command  # half of a command's start-up time, and rarely needed

    config = _config()
    config.attributes["connection"] = connection
    getattr(command, direction)(config, revision)


def _run(db: Database, direction: str, revision: str) -> None:
    with db.maintenance(write=True) as tx:
        if tx.dialect == "postgresql":
            # Nodes that start together take turns; SQLite's do by themselves.
            tx.run(sa.text(f"SELECT pg_advisory_xact_lock({TURN})"))
            tx.run(sa.text(f"SET LOCAL lock_timeout = '{LONGEST_LOCK}'"))
        run_on(tx.connection, direction, revision)


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config
