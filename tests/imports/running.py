"""Brings files into a database for the tests, and looks at what has become of it."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.imports import runs
from api.storage import Database, metadata


def bring(db: Database, path: Path, *, dry_run: bool = False) -> runs.Report:
    return runs.run(db, path, currency="EUR", dry_run=dry_run, progress=lambda _doing, rows, _count: rows)


def everything(db: Database) -> dict[str, list[tuple[object, ...]]]:
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def created(report: runs.Report) -> dict[str, int]:
    return {kind: count for (kind, outcome), count in report.done.items() if outcome == "created" and count}
