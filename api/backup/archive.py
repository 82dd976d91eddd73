"""The file of a backup, the same for SQLite and PostgreSQL: JSON lines, gzipped and sealed.

`gzip -dc FILE` shows it. The first line describes it:

    {"kiosque": "0.1.0", "format": 1, "revision": "0003", "created_at": "2026-11-22T09:30:00.000Z",
     "tables": [{"name": "accounts", "columns": [{"name": "id", "kind": "text"}, …], "key": ["id"], …}, …]}

Then, for each of these tables in this order, one JSON array per row, sorted by the key (strings and integers
as they are, bytes in base64), and a closing line with the SHA-256 of the rows' lines, newlines included:

    {"table": "accounts", "rows": 3, "sha256": "…"}

Then the files of media, if any: see `api.backup.files`.

The file ends with an empty gzip member (RFC 1952) of fixed length, whose comment is the SHA-256 of every byte
before it: the seal. It does not match if the file was truncated or altered anywhere.
"""

from __future__ import annotations

import errno
import fcntl
import gzip
import hashlib
import os
from binascii import a2b_base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from api import __version__
from api.backup.copying import Source, Tallies, Tally, Watch
from api.backup.errors import CopyRefused
from api.backup.queries import Row, outline_at
from api.backup.records import Table
from api.storage import migrations
from api.storage.private import OTHERS
from api.times import Instant

FORMAT = 1
LEVEL = 4
"""The compression level: files are little larger than with 9, and written several times faster."""

LONGEST_LINE = 2**26
PIECE = 2**20

SEAL = "1f8b0810 00000000 00ff"
"""A gzip header with a comment; the comment follows, then nothing at all, deflated."""
SEAL_LENGTH = 10 + 64 + 1 + 10


class Head(msgspec.Struct, frozen=True):
    """The first line."""

    kiosque: str
    format: int
    revision: str
    created_at: Instant
    tables: tuple[Table, ...]


class _Format(msgspec.Struct, frozen=True):
    """The part of the first line that every format has, also one of a newer Kiosque."""

    kiosque: str
    format: int
    revision: str


class _Closing(msgspec.Struct, frozen=True):
    table: str
    rows: int
    sha256: str


def write(
    path: Path, source: Source, *, created_at: Instant, watch: Watch, files: Iterable[bytes] = ()
) -> Tallies:
    """Write everything into a new file, completely or not at all; raises FileExistsError if it exists.

    `files` are further lines, those of the files of media.
    """
    tallies: Tallies = {}
    tables = source.outline.tables
    head = Head(__version__, FORMAT, source.outline.revision, created_at, tables)
    with _new_file(path) as file:
        sealed = _Sealed(file)
        with gzip.GzipFile("", "wb", LEVEL, sealed, mtime=0) as lines:
            lines.write(_line(head))
            for table in tables:
                tally = tallies[table.name] = Tally()
                watch(table.name, 0)
                for row in source.rows(table, tally):
                    lines.write(_line(row))
                    watch(table.name, 1)
                lines.write(_line(_Closing(table.name, tally.rows, tally.sha256)))
            lines.writelines(files)
        file.write(_seal(sealed.digest.hexdigest()))
    return tallies


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive in a file whose seal has been verified; raises CopyRefused."""
    with path.open("rb") as file:
        _check_seal(file, path)
        with gzip.GzipFile(fileobj=file) as lines:
            yield Archive(path, lines)


class Archive:
    """A sealed file as the source of rows."""

    def __init__(self, path: Path, lines: gzip.GzipFile) -> None:
        self._path = path
        self._lines = lines
        self.head = self._head(self._next())
        self.outline = outline_at(self.head.revision)
        if self.outline.tables != self.head.tables:
            raise CopyRefused(f"{path} does not have the tables of schema {self.head.revision}.")

    def rows(self, table: Table, tally: Tally) -> Iterable[Row]:
        """The rows of a table; raises CopyRefused if they differ from the table's closing line."""
        encoded = [index for index, column in enumerate(table.columns) if column.kind == "bytes"]
        while (line := self._next()).startswith(b"["):
            tally.add(line)
            row = self._decode(line, list[str | int | None])
            if len(row) != len(table.columns):
                raise self._refusal(f"a row of {table.name} has {len(row)} values")
            yield tuple(row) if not encoded else self._with_bytes(row, encoded)
        if self._decode(line, _Closing) != _Closing(table.name, tally.rows, tally.sha256):
            raise self._refusal(f"the rows of {table.name} do not match their closing line")

    def rest(self) -> Iterator[bytes]:
        """The lines after the last table: those of the files of media."""
        return iter(partial(self._lines.readline, LONGEST_LINE), b"")

    def _head(self, line: bytes) -> Head:
        known = self._decode(line, _Format)
        if known.format > FORMAT or not migrations.knows(known.revision):
            raise CopyRefused(
                f"{self._path} was written by Kiosque {known.kiosque} with schema {known.revision}, but this"
                f" Kiosque only knows {migrations.HEAD}: update it first."
            )
        head: Head = self._decode(line, Head)
        return head

    def _next(self) -> bytes:
        try:
            line = self._lines.readline(LONGEST_LINE)
        except (OSError, EOFError, ValueError) as error:
            raise self._refusal(str(error)) from None
        if not line.endswith(b"\n"):
            raise self._refusal("it ends too early")
        return line

    def _decode(self, line: bytes, expected: Any) -> Any:
        try:
            return msgspec.json.decode(line, type=expected)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise self._refusal(f"a line cannot be read: {line[:60]!r}") from None

    def _with_bytes(self, row: list[Any], encoded: list[int]) -> Row:
        try:
            for index in encoded:
                row[index] = None if row[index] is None else a2b_base64(row[index], strict_mode=True)
        except (TypeError, ValueError):
            raise self._refusal("bytes cannot be read") from None
        return tuple(row)

    def _refusal(self, why: str) -> CopyRefused:
        return CopyRefused(f"{self._path} is not a backup of Kiosque: {why}.")


class _Sealed:
    """Passes bytes on and computes their digest."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, piece: bytes) -> int:
        self.digest.update(piece)
        return self._file.write(piece)

    def flush(self) -> None:
        self._file.flush()


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """FILE.part, renamed to FILE once all of it is on the disk; only its owner can read it."""
    part = path.with_name(path.name + ".part")
    with _claimed(part) as file:
        try:
            _refuse_if_there(path)
            yield file
            file.flush()
            os.fsync(file.fileno())
            part.rename(path)
        except BaseException:
            part.unlink()
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _claimed(part: Path) -> Iterator[BinaryIO]:
    """A new file that no other backup is writing; a file that a killed backup left is replaced."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW
    while True:
        with os.fdopen(os.open(part, flags, 0o600), "wb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FileExistsError(errno.EEXIST, "is being written by another backup", str(part)) from None
            if not part.exists() or not os.path.samestat(part.stat(), os.fstat(file.fileno())):
                continue  # that backup has just ended
            if not flags & os.O_EXCL and not _is_new(os.fstat(file.fileno())):
                part.unlink()  # not overwritten: others may have it open
                flags |= os.O_EXCL
                continue
            yield file
            return


def _is_new(status: os.stat_result) -> bool:
    return status.st_size == 0 and status.st_uid == os.geteuid() and not status.st_mode & OTHERS


def _refuse_if_there(path: Path) -> None:
    if path.exists():
        raise FileExistsError(errno.EEXIST, "already exists; it is not overwritten", str(path))


def _check_seal(file: BinaryIO, path: Path) -> None:
    """Raise CopyRefused unless every byte is as it was written."""
    left = os.fstat(file.fileno()).st_size - SEAL_LENGTH
    digest = hashlib.sha256()
    while left > 0 and (piece := file.read(min(PIECE, left))):
        digest.update(piece)
        left -= len(piece)
    if left or file.read() != _seal(digest.hexdigest()):
        raise CopyRefused(
            f"{path} is truncated, altered, or not a backup of Kiosque: its seal does not match."
        )
    file.seek(0)


def _seal(digest: str) -> bytes:
    return bytes.fromhex(SEAL) + digest.encode() + b"\0" + b"\x03\x00" + bytes(8)


def _line(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"
