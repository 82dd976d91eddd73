"""The import of one file that waits, from its beginning to its end."""

from __future__ import annotations

import logging
import resource
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from api.errors import Unavailable
from api.imports import runs
from api.imports.errors import ImportRefused
from api.imports.uploads import rules
from api.imports.uploads.folder import Folder
from api.imports.uploads.records import Import, Progress, Refusal, Step
from api.storage import Database

NOTED_EVERY = 0.5
"""Seconds."""
MARGIN = 64_000_000
"""Bytes short of the limit of memory at which an error may be one of memory."""
_PAUSES = (1, 2, 5, 10, 30, 60)
"""Seconds before each further attempt while the database is busy or away."""
TOO_LARGE = Refusal(
    "The file takes more memory or time than an import over HTTP may have.",
    "Import it with `kiosque import`, or export fewer things at a time.",
)
FAILED = Refusal(
    "Kiosque has failed at this file, by a mistake of its own.",
    "Please report this, with what the log of the server says, and if you can with the part of the file.",
)

Row = TypeVar("Row")
log = logging.getLogger(__name__)


class TooLong(Exception):
    """The time that an import may take is over."""


def work(db: Database, folder: Folder, import_id: str, *, currency: str) -> None:
    """Import the file, or refuse it, and remove it. Raises Unavailable: then it is to be done once more."""
    folder.note(import_id, Progress("reading"))
    with db.write() as tx:
        begun = rules.begin(tx, import_id=import_id)
    if begun is not None:
        refusal = _import(db, folder, begun, currency)
        if refusal is not None:
            with db.write() as tx:
                rules.refuse(tx, begun, refusal)
    folder.remove(import_id)


def _import(db: Database, folder: Folder, begun: Import, currency: str) -> Refusal | None:
    """Import the file; the reason why nothing was imported, if so."""
    try:
        for pause in _PAUSES:
            try:
                _run(db, folder, begun, currency)
            except Unavailable:
                if is_memory_used_up():
                    return TOO_LARGE
                time.sleep(pause)
            else:
                return None
        _run(db, folder, begun, currency)
    except ImportRefused as error:
        return rules.refusal_of(error)
    except Unavailable:
        raise
    except (MemoryError, TooLong):
        return TOO_LARGE
    except Exception:
        log.exception("import %s failed", begun.id)
        return FAILED
    return None


def is_memory_used_up() -> bool:
    """Whether this process has come near the limit of its memory.

    A database that gets none reports a failing disk, or a server that is away: to wait would not help.
    """
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return False
    with suppress(OSError):  # of a system without that file
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmPeak:"):
                return int(line.split()[1]) * 1024 > limit - MARGIN
    return False


def _run(db: Database, folder: Folder, begun: Import, currency: str) -> None:
    report = runs.run(
        db,
        folder.path(begun.id),
        currency=currency,
        dry_run=begun.dry_run,
        progress=partial(_noted, folder, begun.id),
        lenient=begun.lenient,
        with_people=begun.people,
        at_end=partial(rules.finish, begun=begun),
    )
    if begun.dry_run:  # which undid that as well
        with db.write() as tx:
            rules.finish(tx, report, begun=begun)


def _noted(folder: Folder, import_id: str, doing: str, rows: Iterable[Row], count: int) -> Iterable[Row]:
    """The rows, and every now and then a note of how many are done."""
    step, due = cast(Step, doing), time.monotonic()
    for number, row in enumerate(rows):
        if time.monotonic() >= due:
            folder.note(import_id, Progress(step, number, count))
            due = time.monotonic() + NOTED_EVERY
        yield row
