"""The stage of a proof: an empty database, which is empty again afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.errors import OperatorError
from api.settings import Settings
from api.sights import sights
from api.storage import Database, migrations


@contextmanager
def emptied(database_url: str) -> Iterator[Database]:
    """The database with its schema; one that is not a file is empty again after a proof. OperatorError."""
    db = Database(database_url)
    db.sight_of = sights(Settings.from_env({}).public_site)
    if migrations.current(db) is not None:
        raise OperatorError("The proof needs an empty database; this one is in use.")
    migrations.upgrade(db)
    yield db
    if db.engine.dialect.name != "sqlite":
        migrations.downgrade(db, "base")
    db.dispose()
