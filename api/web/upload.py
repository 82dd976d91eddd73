"""A body that is a file: large enough that it must not pass through memory as a whole."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from typing import BinaryIO, cast

STEP = 2**18


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
