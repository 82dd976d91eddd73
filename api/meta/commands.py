"""The shell door of the server's description of itself: routes, settings, schema, checks."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import click

from api.meta.checks.records import State
from api.meta.checks.rules import all_checks
from api.meta.settings.rules import in_force
from api.settings import Settings
from api.storage import file_of, migrations, open_database
from api.web.operation import operations

MARKS: dict[State, str] = {"ok": "ok ", "warning": "ok ", "failed": "BAD", "skipped": "–  "}
INDENT = "\n                  "


def migrate() -> None:
    """Bring the schema up to date and report the revisions."""
    db = open_database(Settings.from_env())
    before = migrations.current(db)
    migrations.upgrade(db)
    after = migrations.current(db)
    db.dispose()
    click.echo(
        f"Already at {after}." if before == after else f"Migrated from {before or 'nothing'} to {after}."
    )


def routes(table: Iterable[tuple[str, object]]) -> None:
    """Print the route table: method, path, access, summary."""
    rows = [
        (method, path, operation.access.who, operation.summary)
        for path, resource in table
        for method, operation in operations(resource).items()
    ]
    _print_table(rows)


def settings() -> None:
    """Print every setting with its value; the password in a URL is left out."""
    rows = [("VARIABLE", "TYPE", "VALUE", "DEFAULT", "MEANING")]
    for each in in_force(Settings.from_env()):
        shown = each.value or ("***" if each.secret and each.set else "–")
        rows.append((each.variable, each.type, shown, each.default, each.description))
    _print_table(rows)


def check() -> None:
    """Print one line per check; exit with 1 if one is bad."""
    current = Settings.from_env()
    file = file_of(current.database_url)
    if file is not None and not file.exists():  # opening it would create it
        click.echo(f"BAD  database     there is none at {file}: `kiosque migrate` creates it")
        sys.exit(1)
    db = open_database(current)
    checks = []
    for each in all_checks(current, db):
        lines = [*each.detail.splitlines(), *([each.remedy] if each.remedy else [])]
        click.echo(f"{MARKS[each.state]}  {each.name:11}  {INDENT.join(lines)}")
        checks.append(each)
    db.dispose()
    sys.exit(1 if any(each.state == "failed" for each in checks) else 0)


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
