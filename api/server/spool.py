"""Large bodies on disk, each in a file without a name: it takes no memory and leaves nothing behind."""

import io
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO

from api.server.pool import Pool


class Spools:
    """The large bodies of a worker. One thread writes them all: a slow disk keeps nobody else waiting."""

    def __init__(self, folder: Path | None, most: int, pool: Pool) -> None:
        """`folder`: in place of the system's own for temporary files. `most`: bodies at a time."""
        self._folder = folder
        self._most = most
        self._pool = pool
        self._open: set[Spool] = set()

    def open(self, held: IO[bytes] | None = None) -> "Spool | None":
        """A place for one more body, if there is any; `held` is closed with it."""
        if len(self._open) >= self._most:
            return None
        spool = Spool(self._folder, self._pool, partial(self._ended, held))
        self._open.add(spool)
        return spool

    def _ended(self, held: IO[bytes] | None, spool: "Spool") -> None:
        self._open.discard(spool)
        if held is not None:
            held.close()


class Spool:
    """One body; its file is gone once it is closed, or the process has ended."""

    def __init__(self, folder: Path | None, pool: Pool, closed: Callable[["Spool"], None]) -> None:
        self._folder = folder
        self._pool = pool
        self._closed = closed
        self._file: io.FileIO | None = None

    def write(self, block: memoryview, done: Callable[[OSError | None], None]) -> None:
        """Add `block`, which must not change until the event loop calls `done`, with an error if any."""
        self._pool.submit(partial(self._write, block, done), "disk")

    def discard(self) -> None:
        """Close it as soon as what is being written has been written."""
        self._pool.submit(self.close, "disk")

    def reader(self) -> io.BufferedReader:
        """The whole file, from its beginning; closing it closes the spool."""
        assert self._file is not None  # noqa: S101
        self._file.seek(0)
        return _Reader(self._file, partial(self._closed, self))

    def close(self) -> None:
        """Give the space back."""
        if self._file is not None:
            self._file.close()
        self._closed(self)

    def _write(self, block: memoryview, done: Callable[[OSError | None], None]) -> None:
        failure = None
        try:
            if self._file is None:
                self._file = _new_file(self._folder)
            while block:
                block = block[self._file.write(block) :]
        except OSError as error:
            failure = error
        self._pool.post(done, failure)


class _Reader(io.BufferedReader):
    def __init__(self, file: io.FileIO, closed: Callable[[], None]) -> None:
        super().__init__(file)
        self._closed = closed

    def close(self) -> None:
        super().close()
        self._closed()


def _new_file(folder: Path | None) -> io.FileIO:
    if folder is not None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = tempfile.TemporaryFile(buffering=0, dir=folder)  # noqa: SIM115 (its spool closes it)
    assert isinstance(file, io.FileIO)  # noqa: S101
    return file
