"""All checks, as the shell makes them, and those that a request has time for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import TypeAlias

from api.meta.checks import contents, machine
from api.meta.checks.records import Check, Finding
from api.settings import Settings
from api.shop.reconcile import rules as reconcile
from api.storage import Busy, Database, Transaction, cause_of, file_of, migrations

SECONDS = 2.0
"""The time that a request spends on sums."""
AT_THE_SHELL = "Run kiosque check at the shell, which takes the time that it needs."

Reading: TypeAlias = Callable[[], AbstractContextManager[Transaction]]
Named: TypeAlias = Iterable[tuple[str, Callable[[], Finding]]]


def all_checks(settings: Settings, db: Database) -> Iterator[Check]:
    """The result of every check, however long it takes."""
    yield from _results(_whole(settings, db))


def quick_checks(settings: Settings, db: Database) -> list[Check]:
    """The results of those that are quick, and of as many sums as the time allows; they write nothing."""
    ends = time.monotonic() + SECONDS
    return [*_results(_quick(settings, db, partial(_until, db, ends)))]


def _whole(settings: Settings, db: Database) -> Named:
    yield "settings", partial(machine.settings_read, settings)
    yield "database", partial(machine.database, db, settings.database_url)
    yield from _beside(settings, db)
    yield "media", partial(_once_migrated, db, partial(contents.media_files, settings, db))
    yield "files", partial(_once_migrated, db, partial(contents.files_to_sell, settings, db))
    yield from _sums(db, db.maintenance)


def _quick(settings: Settings, db: Database, reading: Reading) -> Named:
    yield "settings", partial(machine.settings_read, settings)
    yield from _beside(settings, db)
    for name in ("database", "media", "files"):
        yield name, lambda: Finding("skipped", "not looked at: it takes long", AT_THE_SHELL)
    yield from _sums(db, reading)


def _beside(settings: Settings, db: Database) -> Named:
    yield "schema", partial(machine.schema, db)
    file = file_of(settings.database_url)
    if file is not None:
        yield "permissions", partial(machine.permissions, settings, file)
        yield "sqlite", partial(machine.sqlite_version, settings)
        yield "disk", partial(machine.disk, settings.data)
    if settings.sendfile:
        yield "sendfile", partial(machine.sendfile, settings)
    yield "clock", machine.clock
    yield "jobs", partial(contents.background_work, db)
    yield "providers", partial(machine.providers, settings)


def _sums(db: Database, reading: Reading) -> Named:
    for name in reconcile.names():
        yield name, partial(_once_migrated, db, partial(contents.sums, reading, name))


def _once_migrated(db: Database, check: Callable[[], Finding]) -> Finding:
    if migrations.current(db) != migrations.HEAD:
        return Finding("skipped", "not looked at until the schema is up to date")
    return check()


@contextmanager
def _until(db: Database, ends: float) -> Iterator[Transaction]:
    with db.read() as tx, tx.at_most(ends - time.monotonic()):
        yield tx


def _results(checks: Named) -> Iterator[Check]:
    for name, check in checks:
        state, detail, remedy = _finding(check)
        yield Check(name=name, state=state, detail=detail, remedy=remedy)


def _finding(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Busy:
        return Finding("skipped", "not finished in time", AT_THE_SHELL)
    except Exception as error:  # noqa: BLE001  # one check that fails does not prevent the others
        return Finding("failed", cause_of(error))
