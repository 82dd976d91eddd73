"""The shell door of the server's description of itself: routes, settings, schema, checks."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from api import sqlite
from api.jobs import queries as job_queries
from api.jobs import rules as jobs
from api.media import files as media
from api.meta import queries
from api.meta.settings.rules import in_force
from api.settings import SETTINGS, Settings
from api.shop.downloads import files as download_files
from api.shop.downloads import rules as downloads
from api.shop.reconcile import rules as reconcile
from api.storage import Database, cause_of, file_of, migrations, open_database, private
from api.web.operation import operations

ENOUGH_DISK = 100 * 2**20
"""Bytes below which the disk counts as full, since a WAL file needs room to grow."""

MOST_NAMED = 5


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
    bad = 0
    for name, run in _checks(current, db):
        try:
            fine, report = run()
        except Exception as error:  # noqa: BLE001  # one check that fails does not prevent the others
            fine, report = False, cause_of(error)
        bad += not fine
        click.echo(f"{'ok ' if fine else 'BAD'}  {name:11}  {report}")
    db.dispose()
    sys.exit(1 if bad else 0)


def _checks(current: Settings, db: Database) -> Iterator[tuple[str, Callable[[], tuple[bool, str]]]]:
    yield "settings", lambda: (True, f"{len(SETTINGS)} read{_unnamed_proxy(current)}")
    yield "database", partial(_database, current, db)
    yield (
        "schema",
        lambda: (
            migrations.current(db) == migrations.HEAD,
            f"{migrations.current(db)}, newest is {migrations.HEAD}",
        ),
    )
    file = file_of(current.database_url)
    if file is not None:
        yield "permissions", partial(_permissions, file)
        yield "sqlite", lambda: (sqlite.is_safe() or current.workers == 1, sqlite.version())
        yield "disk", lambda: _disk(current.data)
    yield "clock", _clock
    yield "jobs", partial(_jobs, db)
    yield "media", partial(_media, current, db)
    yield "payments", lambda: _payments(current)
    yield "files", partial(_files, current, db)
    for name in reconcile.names():
        yield name, partial(_sum, db, name)


def _unnamed_proxy(current: Settings) -> str:
    """A warning if a proxy must be there that is not named, since Kiosque itself speaks no TLS."""
    if current.proxy or not current.url.startswith("https:"):
        return ""
    return "; KIOSQUE_PROXY names no proxy: all visitors share one network, which may read /metrics"


def _database(current: Settings, db: Database) -> tuple[bool, str]:
    with db.write() as tx:
        if tx.dialect == "sqlite":
            damage = queries.sqlite_damage(tx)
            return damage is None, f"{file_of(current.database_url)}: {damage or 'ok'}"
        encoding = queries.postgresql_encoding(tx)
        return encoding == "UTF8", f"{queries.postgresql_version(tx)}, {encoding}"


def _permissions(path: Path) -> tuple[bool, str]:
    wrong = [file for file in (path.parent, *private.database_files(path)) if private.is_open_to_others(file)]
    if wrong:
        return False, f"others can open {', '.join(map(str, wrong))}: run chmod go= on it"
    return True, f"only the owner can open {path.parent}"


def _disk(folder: Path) -> tuple[bool, str]:
    free = shutil.disk_usage(folder).free
    return free >= ENOUGH_DISK, f"{free // 2**20} MiB free in {folder}"


def _jobs(db: Database) -> tuple[bool, str]:
    with db.read() as tx:
        late, failed = jobs.seconds_late(tx), job_queries.count_failed(tx)
    if late > jobs.LATE_AFTER:
        return False, f"one has waited for {late / 60:.0f} minutes: start a server, or `kiosque work`"
    return True, f"none waits; {failed} failed" if failed else "none waits or failed"


def _media(current: Settings, db: Database) -> tuple[bool, str]:
    if migrations.current(db) != migrations.HEAD:
        return False, "not checked until the schema is up to date"
    with db.maintenance() as tx:
        compared = media.compare(tx, media.store_of(current))
    lists = ((compared.absent, "not there"), (compared.orphans, "of no medium, which may be deleted"))
    named = [f"{len(keys)} {what}: {_some(keys)}" for keys, what in lists if keys]
    return not compared.absent, "; ".join([f"{compared.files} files", *named])


def _files(current: Settings, db: Database) -> tuple[bool, str]:
    if migrations.current(db) != migrations.HEAD:
        return False, "not checked until the schema is up to date"
    with db.maintenance() as tx:
        count, absent = downloads.compare(tx, download_files.folder_of(current))
    named = f"; {len(absent)} not there: {_some(absent)}" if absent else ""
    return not absent, f"{count} that buyers may download{named}"


def _some(keys: Sequence[str]) -> str:
    return ", ".join(keys[:MOST_NAMED]) + (", …" if len(keys) > MOST_NAMED else "")


def _payments(current: Settings) -> tuple[bool, str]:
    """Stripe sends the events of real payments by https alone."""
    is_live = "stripe" in current.payments and "_live_" in current.stripe_key
    if is_live and not current.url.startswith("https:"):
        return False, "Stripe reaches no webhook at a KIOSQUE_URL without https"
    return True, ", ".join(current.payments) + (" with a live key" if is_live else "")


def _clock() -> tuple[bool, str]:
    now = datetime.now(UTC)
    return now.year >= 2026, now.isoformat(timespec="seconds")


def _sum(db: Database, name: str) -> tuple[bool, str]:
    if migrations.current(db) != migrations.HEAD:
        return False, "not checked until the schema is up to date"
    with db.maintenance() as tx:
        compared = reconcile.compare(tx, name=name)
    if not compared.differing:
        return True, compared.rule
    more = compared.differing - len(compared.differences)
    rows = [*compared.differences, *([f"and {more} more"] if more else [])]
    return False, "\n                  ".join([f"{compared.differing} differ: {compared.rule}", *rows])


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
