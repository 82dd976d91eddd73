"""Somebody to erase, and all that is stored of anybody."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import metadata

NAME, EMAIL = "Zephyrine Quill", "zephyrine@quills.test"


def everything(db) -> str:
    """All that the database holds, as text."""
    with db.read() as tx:
        rows = [row for table in metadata.sorted_tables for row in tx.rows(sa.select(table))]
    return " ".join(
        value.decode("latin-1") if isinstance(value, bytes) else str(value) for row in rows for value in row
    )
