"""The store of media in a folder."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from api.errors import NotFound
from api.media.store import HASH_LENGTH, ORIGINALS, SIZES, disk_errors
from api.storage import Busy

ABANDONED_SECONDS = 3_600
"""The age of a workshop in which nobody can still be busy."""


class Folder:
    """A folder, of this machine or shared by several."""

    def __init__(self, root: Path, *, is_shared: bool = False) -> None:
        """`is_shared`: the group may read the files, since the proxy is in it."""
        self._root = root
        self._is_shared = is_shared
        self.address = str(root)

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        with disk_errors():
            self._clear_workshops()
            made = tempfile.TemporaryDirectory(dir=_private(self._root / "tmp"), ignore_cleanup_errors=True)
        with made:
            yield Path(made.name)

    @contextmanager
    def adding(self) -> Iterator[None]:
        with self._locked("files", fcntl.LOCK_SH):
            yield

    @contextmanager
    def removing(self) -> Iterator[None]:
        with self._locked("files", fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self._locked("sizes", fcntl.LOCK_EX):
            yield

    def put(self, files: Mapping[str, Path]) -> None:
        with disk_errors():
            homes = {key: _private(self._path(key).parent) for key in files}
            for key, file in files.items():
                _flush(file)
                file.chmod(0o640 if self._is_shared else 0o600)
                file.replace(self._path(key))
            for home in {home: None for path in homes.values() for home in (path, path.parent)}:
                _flush(home)
                if self._is_shared:
                    home.chmod(0o750)
            if self._is_shared:
                self._root.chmod(0o750)

    def length(self, key: str) -> int | None:
        with suppress(FileNotFoundError):
            return self._path(key).stat().st_size
        return None

    def open(self, key: str, length: int | None = None) -> BinaryIO:  # noqa: ARG002
        try:
            return self._path(key).open("rb")
        except FileNotFoundError:
            raise NotFound from None

    def place(self, key: str) -> str | None:
        return str(self._path(key).relative_to(self._root)) if self._is_shared else None

    def remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._path(key).unlink(missing_ok=True)

    def keys(self) -> Iterator[str]:
        for kind in (ORIGINALS, SIZES):
            with suppress(FileNotFoundError):
                for home in sorted((self._root / kind).iterdir()):
                    yield from (f"{kind}/{file.name}" for file in sorted(home.iterdir()))

    def _clear_workshops(self) -> None:
        """Remove what killed processes have left."""
        with suppress(FileNotFoundError):
            for folder in (self._root / "tmp").iterdir():
                if folder.stat().st_mtime < time.time() - ABANDONED_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)

    def _path(self, key: str) -> Path:
        kind, _, name = key.partition("/")
        # A hash ends or is the name: no folder gets long.
        place = name if kind == ORIGINALS else name.removesuffix(".webp")[-HASH_LENGTH:]
        return self._root / kind / place[:2] / name

    @contextmanager
    def _locked(self, name: str, how: int) -> Iterator[None]:
        with disk_errors():
            lock = os.open(_private(self._root) / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(lock, how)
            except BlockingIOError:
                raise Busy from None
            yield
        finally:
            os.close(lock)


def _private(folder: Path) -> Path:
    if not folder.is_dir():
        if not folder.parent.is_dir():
            _private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _flush(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
