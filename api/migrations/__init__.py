"""The schema's history, and the one way to bring a database up to date."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.database import Database, open_database
from api.settings import Settings

HEAD = "0003"
"""The newest revision; a test holds it against the files."""


def migrated(settings: Settings) -> Database:
    """The configured database, its schema up to date."""
    db = open_database(settings)
    upgrade(db)
    return db


def current(db: Database) -> str | None:
    """The revision that the database has, None for an empty one."""
    with db.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return revision


def upgrade(db: Database, revision: str = "head") -> None:
    """Run what is missing up to `revision`, in one transaction; nothing when up to date."""
    if revision == "head" and current(db) == HEAD:
        return
    _run(db, "upgrade", revision)


def downgrade(db: Database, revision: str) -> None:
    """Take the schema back to `revision`, `base` for an empty database."""
    _run(db, "downgrade", revision)


def _run(db: Database, direction: str, revision: str) -> None:
    from alembic import command  # half of a command's start-up time, and rarely needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with db.engine.execution_options(write=True).begin() as connection:
        config.attributes["connection"] = connection
        getattr(command, direction)(config, revision)
