"""Brings files into a database for the tests, and looks at what has become of it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from api.audit.tables import audit_events
from api.imports import runs
from api.imports.addresses import OldAddresses
from api.imports.articles import Articles, comment_html, text_of
from api.imports.items import Items, description_html
from api.imports.records import Article, Comment, Item, Withheld
from api.imports.report import Report
from api.imports.terms import Filed
from api.storage import Database, Transaction, metadata


def bring(db: Database, path: Path, *, dry_run: bool = False) -> Report:
    return runs.run(db, path, currency="EUR", dry_run=dry_run, progress=lambda _doing, rows, _count: rows)


def everything(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows but those of the audit, which grows with every import."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
            if table is not audit_events
        }


def created(report: Report) -> dict[str, int]:
    return {kind: count for (kind, outcome), count in report.done.items() if outcome == "created" and count}


def bring_rows(
    tx: Transaction, *rows: Article | Comment | Item | Withheld, source: str = "wordpress example.org"
) -> Report:
    """What a run does with these rows."""
    report = Report("rows")
    addresses = OldAddresses(tx, report)
    articles = Articles(tx, source, Filed(tx, source, report, addresses), report, addresses)
    items = Items(tx, "EUR", report, addresses)
    for row in rows:
        match row:
            case Article():
                articles.bring(row, text_of(row))
            case Comment():
                articles.bring_comment(row, comment_html(row))
            case Item():
                items.bring(row, description_html(row))
            case Withheld():
                articles.withdraw(row)
    articles.close()
    addresses.store()
    return report


def bring_table(db: Database, *lines: str, dry_run: bool = False) -> Report:
    """What a run does with a product table of these lines."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        path.write_text("\n".join(lines))
        return bring(db, path, dry_run=dry_run)
