"""The port of media: files that are named after their content, beside rows that say what they are.

A file is there before its row, and goes after it, so that a crash leaves a file without a row and never a row
without its file. `kiosque check` names both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from api.storage import StorageUnavailable

ORIGINALS, SIZES = "originals", "sizes"

HASH_LENGTH = 32
"""Of the hash in the name of a public file."""

LONGEST_NAME = 60
"""Of the words in it."""

FILE = rf"[a-z0-9-]{{1,{LONGEST_NAME}}}-[1-9][0-9]{{0,4}}-[0-9a-f]{{{HASH_LENGTH}}}\.webp"
"""The pattern of such a name: words, width, hash."""

PUBLIC_TYPE = "image/webp"
PUBLIC_CACHING = "public, max-age=31536000, immutable"
"""Of public files, whoever serves them."""


def original(sha256: str) -> str:
    """The key of a file as it was uploaded, which is private."""
    return f"{ORIGINALS}/{sha256}"


def size(file: str) -> str:
    """The key of a public file."""
    return f"{SIZES}/{file}"


class Store(Protocol):
    """Files by key. What is stored under a key has always the same bytes.

    Whatever asks for files raises StorageUnavailable when they are out of reach.
    """

    address: str
    """Where they are, for people."""

    def workshop(self) -> AbstractContextManager[Path]:
        """A folder of files that are not stored yet; it goes with all that is left in it."""

    def alone(self) -> AbstractContextManager[None]:
        """One block at a time on this machine, since a large picture takes much memory."""

    def adding(self) -> AbstractContextManager[None]:
        """Until the block ends, nobody removes anything: from `put` to the commit of the row."""

    def removing(self) -> AbstractContextManager[None]:
        """Until the block ends, nobody adds anything: from the question who needs a file to `remove`.

        Raises Busy while somebody does, such as a backup.
        """

    def put(self, files: Mapping[str, Path]) -> None:
        """Move these files in, key → file; none is lost any more when it returns."""

    def length(self, key: str) -> int | None:
        """The number of bytes of a file, or None if it is not there."""

    def open(self, key: str, length: int | None = None) -> BinaryIO:
        """The file, from its beginning; `length`, if it is known, spares a question. Raises NotFound."""

    def place(self, key: str) -> str | None:
        """The path of a file below the folder that a proxy can read, or None if there is no such folder."""

    def remove(self, keys: Iterable[str]) -> None:
        """Remove what is there of these."""

    def keys(self) -> Iterator[str]:
        """Every key."""


@contextmanager
def disk_errors() -> Iterator[None]:
    """Let a disk that is full or failing be StorageUnavailable."""
    try:
        yield
    except OSError as error:
        raise StorageUnavailable from error
