"""Files that only their owner may open, whatever the umask, and whoever made them."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077
"""The bits of a mode that are not the owner's."""

_SUFFIXES = ("", "-wal", "-shm", "-journal")
"""Of the files that SQLite keeps for one database; those that it makes get the mode of the first."""


def make_database(path: Path) -> None:
    """Have a file for SQLite to open that nobody else may; one that cannot be changed is left as it is."""
    with suppress(OSError):  # SQLite is about to say it
        # Never opened when it is there: closing it would drop the locks that SQLite has on it.
        os.close(os.open(os.path.realpath(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    for file in database_files(path):
        _close_to_others(file)


def make_folder_of(database: Path) -> None:
    """Have a folder for the database that nobody else may enter; one used for other things stays as it is."""
    folder = database.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(OSError):
        is_shared = bool(folder.stat().st_mode & stat.S_ISVTX)
        if not is_shared and all(file.name.startswith(database.name) for file in folder.iterdir()):
            _close_to_others(folder)


def database_files(path: Path) -> list[Path]:
    """The files of a SQLite database that are there."""
    files = (path.with_name(path.name + suffix) for suffix in _SUFFIXES)
    return [file for file in files if file.exists()]


def is_open_to_others(path: Path) -> bool:
    """Whether its mode lets anyone but its owner do anything with it."""
    return bool(path.stat().st_mode & OTHERS)


def _close_to_others(path: Path) -> None:
    with suppress(OSError):  # another's, or gone by now
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)
