"""A list of rows in a temporary file, so that memory does not grow with their number."""

from __future__ import annotations

import weakref
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO, Generic, TypeVar

import msgspec

IN_MEMORY = 1_000_000
"""Up to this many bytes stay in memory."""

Row = TypeVar("Row")


class Spool(Generic[Row]):
    """Rows in their order, in an unnamed file that is deleted with this object."""

    def __init__(self, kind: type[Row], rows: Iterable[Row] = ()) -> None:
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed when this is let go
        self._ends = array("q", [0])
        weakref.finalize(self, _close, self._file)
        for row in rows:
            self.append(row)

    def append(self, row: Row) -> None:
        """Add a row at the end."""
        self._file.seek(self._ends[-1])
        self._file.write(msgspec.msgpack.encode(row))
        self._ends.append(self._file.tell())

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, at: int, /) -> Row:
        begin, end = self._ends[at], self._ends[at + 1]
        self._file.seek(begin)
        return self._decoder.decode(self._file.read(end - begin))

    def __iter__(self) -> Iterator[Row]:
        return map(self.__getitem__, range(len(self)))


def _close(file: IO[bytes]) -> None:
    with suppress(OSError):  # of a full disk, which was reported when the row was added
        file.close()
