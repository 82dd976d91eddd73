"""Backups, restores and moves to another database; each raises CopyRefused or OSError and changes nothing."""

from __future__ import annotations

from pathlib import Path

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
    with archive.opened(path) as source:
        return source.head, copying.fill(db, source, watch)


def move(db: Database, target: Database, *, watch: Watch) -> Tallies:
    """Copy one state of the database into the empty `target`."""
    with db.maintenance() as tx:
        return copying.fill(target, Snapshot(tx), watch)
