"""Backups, restores and moves to another database; each raises CopyRefused or OSError and changes nothing."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from api.audit import rules as audit
from api.audit.records import SHELL
from api.backup import archive, copying, files
from api.backup.archive import Head
from api.backup.copying import Snapshot, Tallies, Watch
from api.media.store import Store
from api.storage import Database


def back_up(db: Database, path: Path, *, watch: Watch, store: Store | None = None) -> Tallies:
    """Write one state of the database into a new file, while others may go on writing to it.

    With the files of its media, if there is a store; none of them is removed meanwhile.
    """
    with store.adding() if store else nullcontext(), db.maintenance() as tx:
        snapshot, lines = Snapshot(tx), files.dumped(tx, store) if store else ()
        return archive.write(path, snapshot, created_at=tx.now, watch=watch, files=lines)


def restore(db: Database, path: Path, *, watch: Watch, store: Store | None = None) -> tuple[Head, Tallies]:
    """Fill the empty database from a file whose seal matches, and the store, if there is one."""
    with archive.opened(path) as source, db.maintenance(write=True) as tx:
        tallies = copying.fill(tx, source, watch)
        if store is not None:
            files.load(source.rest(), store)
        head = source.head
        audit.note(tx, "restore", SHELL, command="kiosque restore", written_at=head.created_at)
    return head, tallies


def move(db: Database, target: Database, *, watch: Watch) -> Tallies:
    """Copy one state of the database into the empty `target`."""
    with db.maintenance() as tx, target.maintenance(write=True) as into:
        return copying.fill(into, Snapshot(tx), watch)
