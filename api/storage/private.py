"""Private files: only their owner can open the database, whatever the umask and whoever created it."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077
"""The bits of a mode for group and others."""

_SUFFIXES = ("", "-wal", "-shm", "-journal")
"""Suffixes of the files that one SQLite database; SQLite gives the others the mode of the first."""


def make_database(path: Path) -> None:
    """Create a private file for SQLite, or make an existing one private if its mode can be changed."""
    with suppress(OSError):  # SQLite will report it
        # An existing file is never opened: closing it would drop the locks that SQLite has on it.
        os.close(os.open(os.path.realpath(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    for file in database_files(path):
        _close_to_others(file)


def make_folder_of(database: Path) -> None:
    """Create a private folder for the database; an existing one with other files in it stays as it is."""
    folder = database.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(OSError):
        is_shared = bool(folder.stat().st_mode & stat.S_ISVTX)
        if not is_shared and all(file.name.startswith(database.name) for file in folder.iterdir()):
            _close_to_others(folder)


def database_files(path: Path) -> list[Path]:
    """The existing files of a SQLite database."""
    files = (path.with_name(path.name + suffix) for suffix in _SUFFIXES)
    return [file for file in files if file.exists()]


def is_open_to_others(path: Path, *, but: int = 0) -> bool:
    """Whether its mode gives anyone but its owner any access, `but` for these bits."""
    return bool(path.stat().st_mode & OTHERS & ~but)


def _close_to_others(path: Path) -> None:
    with suppress(OSError):  # someone else's file, or deleted by now
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)
