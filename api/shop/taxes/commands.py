"""The shell door to tax rates."""

from __future__ import annotations

from api.shop.taxes import importing
from api.storage import Database


def import_rates(db: Database, *, area: str) -> str:
    """Fill the table of tax rates from the package, and say what has come of it."""
    table = importing.table_of(area)
    with db.write() as tx:
        outcomes = importing.apply(tx, table)
    counts = ", ".join(f"{outcomes[name]} {name}" for name in ("created", "changed", "unchanged", "skipped"))
    return f"Rates as of {table.as_of}: {counts}. They may have changed since: check those that you charge."
