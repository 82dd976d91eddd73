"""Checks of what Kiosque stores: background work, files, and figures that are stored twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from api.jobs import queries as job_queries
from api.jobs import rules as jobs
from api.media import files as media
from api.meta.checks.records import Finding
from api.settings import Settings
from api.shop.downloads import files as download_files
from api.shop.downloads import rules as downloads
from api.shop.reconcile import rules as reconcile
from api.storage import Database, Transaction

MOST_NAMED = 5


def background_work(db: Database) -> Finding:
    """Whether somebody does it."""
    with db.read() as tx:
        late, failed = jobs.seconds_late(tx), job_queries.count_failed(tx)
    if late > jobs.LATE_AFTER:
        detail = f"one has waited for {late / 60:.0f} minutes"
        return Finding("failed", detail, "Start a server, or kiosque work.")
    if failed:
        return Finding("warning", f"none waits; {failed} failed", "Look at GET /v1/jobs?state=failed.")
    return Finding("ok", "none waits or failed")


def media_files(settings: Settings, db: Database) -> Finding:
    """Whether all files of media are there, and no others."""
    store = media.store_of(settings, db)
    with db.maintenance() as tx:
        compared = media.compare(tx, store)
    lists = ((compared.absent, "not there"), (compared.orphans, "of no medium, which may be deleted"))
    named = [f"{len(keys)} {what}: {_some(keys)}" for keys, what in lists if keys]
    detail = "; ".join([f"{compared.files} files in {store.address}", *named])
    if compared.absent:
        return Finding("failed", detail, f"Bring the files back from a copy of {store.address}.")
    return Finding("warning" if named else "ok", detail)


def files_to_sell(settings: Settings, db: Database) -> Finding:
    """Whether all files that buyers may download are there."""
    with db.maintenance() as tx:
        count, absent = downloads.compare(tx, download_files.folder_of(settings))
    if not absent:
        return Finding("ok", f"{count} that buyers may download")
    detail = f"{count} that buyers may download; {len(absent)} not there: {_some(absent)}"
    return Finding("failed", detail, "Bring the files back from a copy of their folder.")


def sums(reading: Callable[[], AbstractContextManager[Transaction]], name: str) -> Finding:
    """Whether figures that are stored twice agree; each difference is a line of the detail."""
    with reading() as tx:
        compared = reconcile.compare(tx, name=name)
    if not compared.differing:
        return Finding("ok", compared.rule)
    more = compared.differing - len(compared.differences)
    rows = [*compared.differences, *([f"and {more} more"] if more else [])]
    return Finding("failed", "\n".join([f"{compared.differing} differ: {compared.rule}", *rows]))


def _some(keys: Sequence[str]) -> str:
    return ", ".join(keys[:MOST_NAMED]) + (", …" if len(keys) > MOST_NAMED else "")
