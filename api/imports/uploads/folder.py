"""The folder of files that wait to be imported, which are private and on one machine only.

The lock on the folder is the lease of whoever imports: the kernel ends it with the process, in any case.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from api.ids import PATTERN
from api.imports.uploads.records import Progress
from api.media.store import disk_errors
from api.settings import Settings

ABANDONED_SECONDS = 3_600
"""The age of a file that nobody can still be writing."""
_ID = re.compile(rf"imp_{PATTERN}\Z")


def folder_of(settings: Settings) -> Folder:
    """The folder that these settings name."""
    return Folder(settings.data / "imports")


class Folder:
    """The files by the ids of their imports."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def add(self, import_id: str, file: BinaryIO) -> None:
        """Copy a file in, on the disk when this returns. Raises StorageUnavailable."""
        part = self._root / f"{import_id}.part"
        with disk_errors():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
                    shutil.copyfileobj(file, copy, 2**20)
                    copy.flush()
                    os.fsync(copy.fileno())
                part.replace(self.path(import_id))
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            folder = os.open(self._root, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def path(self, import_id: str) -> Path:
        """The file of an import, there or not."""
        return self._root / import_id

    def ids(self) -> list[str]:
        """Of the imports whose files are here, the oldest first."""
        try:
            names = os.listdir(self._root)  # noqa: PTH208  # asked every second by every worker
        except FileNotFoundError:
            return []
        return sorted(name for name in names if _ID.match(name))

    def is_abandoned(self, import_id: str) -> bool:
        """Whether the file is so old that the row of its import was stored, if ever."""
        with suppress(FileNotFoundError):
            return self.path(import_id).stat().st_mtime < time.time() - ABANDONED_SECONDS
        return False

    def remove(self, import_id: str) -> None:
        """Remove the file and its progress."""
        self.path(import_id).unlink(missing_ok=True)
        self._progress(import_id).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what killed processes have left unfinished."""
        with suppress(FileNotFoundError):
            for left in self._root.glob("*.part"):
                if left.stat().st_mtime < time.time() - ABANDONED_SECONDS:
                    left.unlink(missing_ok=True)

    def note(self, import_id: str, progress: Progress) -> None:
        """Note how far the import is: outside the database, in which others see nothing until it commits."""
        path = self._progress(import_id)
        with suppress(OSError):  # a full disk is not reported by what nobody needs
            path.with_suffix(".part").write_bytes(msgspec.json.encode(progress))
            path.with_suffix(".part").replace(path)

    def progress(self, import_id: str) -> Progress | None:
        """What was noted last, if the import is under way on this machine."""
        with suppress(OSError, msgspec.DecodeError):
            return msgspec.json.decode(self._progress(import_id).read_bytes(), type=Progress)
        return None

    @contextmanager
    def turn(self) -> Iterator[int | None]:
        """The only turn to import on this machine, or None while it is somebody else's.

        Whoever inherits the descriptor has the turn for as long as it lives.
        """
        lock = os.open(self._root / "turn.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
            else:
                yield lock
        finally:
            os.close(lock)

    def _progress(self, import_id: str) -> Path:
        return self._root / f"{import_id}.progress"
