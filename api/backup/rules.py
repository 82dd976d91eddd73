"""Backups, restores and moves to another database; each raises CopyRefused or OSError and changes nothing."""

from __future__ import annotations

from pathlib import Path

from api.audit import rules as audit
from api.audit.records import SHELL
from api.backup import archive, copying
from api.backup.archive import Head
from api.backup.copying import Snapshot, Tallies, Watch
from api.storage import Database


def back_up(db: Database, path: Path, *, watch: Watch) -> Tallies:
    """Write one state of the database into a new file, while others may go on writing to it."""
    with db.maintenance() as tx:
        return archive.write(path, Snapshot(tx), created_at=tx.now, watch=watch)


def restore(db: Database, path: Path, *, watch: Watch) -> tuple[Head, Tallies]:
    """Fill the empty database from a file whose seal matches."""
    with archive.opened(path) as source, db.maintenance(write=True) as tx:
        tallies = copying.fill(tx, source, watch)
        head = source.head
        audit.note(tx, "restore", SHELL, command="kiosque restore", written_at=head.created_at)
    return head, tallies


def move(db: Database, target: Database, *, watch: Watch) -> Tallies:
    """Copy one state of the database into the empty `target`."""
    with db.maintenance() as tx, target.maintenance(write=True) as into:
        return copying.fill(into, Snapshot(tx), watch)
