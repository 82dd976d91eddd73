"""A body that is a file: large enough that it must not pass through memory as a whole."""

from __future__ import annotations

import fcntl
import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from api.errors import TooMany
from api.storage import StorageUnavailable

STEP = 2**18

UNFINISHED = 4
"""Uploads of one account at a time."""
RETRY_SECONDS = 10


class Places:
    """Locks for the uploads of each account, which end with the process that has them, whatever ends it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, account_id: str) -> IO[bytes]:
        """A place for one more upload until it is closed. Raises TooMany, StorageUnavailable."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for number in range(UNFINISHED):
                place = (self._folder / f"{account_id}-{number}").open("ab")
                try:
                    fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    place.close()
                else:
                    return place
        except OSError as error:
            raise StorageUnavailable from error
        raise TooMany(f"You have {UNFINISHED} unfinished uploads: wait for one.", retry_after=RETRY_SECONDS)


@dataclass(frozen=True, slots=True)
class Upload:
    """All bytes of a body, in a file without a name that ends with the request."""

    file: BinaryIO
    length: int
    sha256: bytes
    """The digest, made before any transaction begins."""
    is_copy: bool

    def close(self) -> None:
        """Close a copy; a file of the server is the server's to close."""
        if self.is_copy:
            self.file.close()


def received(stream: BinaryIO, length: int | None, limit: int) -> Upload:
    """The body that can be read from `stream`, with one byte more than `limit` at most.

    Our own server hands over a file that holds exactly the body. Other streams are copied to one.
    """
    left = limit + 1 if length is None else length
    is_whole = length is not None and _size_of(stream) == length
    block = stream.read(min(left, STEP))  # first, since a body that cannot be read needs no file
    file = stream if is_whole else cast(BinaryIO, tempfile.SpooledTemporaryFile(STEP))  # noqa: SIM115
    digest, size = hashlib.sha256(), 0
    while block:
        digest.update(block)
        if not is_whole:
            file.write(block)
        size += len(block)
        block = stream.read(min(left - size, STEP))
    return Upload(file, size, digest.digest(), is_copy=not is_whole)


def _size_of(stream: BinaryIO) -> int | None:
    if not (hasattr(stream, "seekable") and stream.seekable()):
        return None
    size = stream.seek(0, 2)
    stream.seek(0)
    return size
