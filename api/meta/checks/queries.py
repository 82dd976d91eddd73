"""The SQL of checks."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Transaction

_QUICK_CHECK = sa.text("PRAGMA quick_check")


def sqlite_damage(tx: Transaction) -> str | None:
    """The first damage that SQLite finds in its file."""
    result = str(tx.value(_QUICK_CHECK))
    return None if result == "ok" else result


_ENCODING = sa.text("SHOW server_encoding")
_VERSION = sa.text("SELECT version()")


def postgresql_encoding(tx: Transaction) -> str:
    """The encoding of the database, which must be UTF8 to hold every text."""
    return str(tx.value(_ENCODING))


def postgresql_version(tx: Transaction) -> str:
    """The version of the server in its own words."""
    return str(tx.value(_VERSION))
