"""The files of media in a backup, after its rows: the key, the bytes in lines of base64, a closing line.

    {"file": "originals/9f86…"}
    "/9j/4AAQSkZJRg…"
    {"bytes": 4310225, "sha256": "…"}

They are read and written a piece at a time, so that memory does not grow with their size.
"""

from __future__ import annotations

import hashlib
import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterator
from pathlib import Path

import msgspec

from api.backup.errors import CopyRefused
from api.errors import NotFound
from api.media import files
from api.media.store import FILE, ORIGINALS, SIZES, Store
from api.storage import Transaction

PIECE = 3 * 2**18

_KEY = re.compile(rf"(?:{ORIGINALS}/[0-9a-f]{{64}}|{SIZES}/{FILE})\Z")


class _Opening(msgspec.Struct, frozen=True):
    file: str


class _Closing(msgspec.Struct, frozen=True):
    bytes: int
    sha256: str


def dumped(tx: Transaction, where: Store) -> Iterator[bytes]:
    """The lines of every file that the rows name and that is there."""
    for key in sorted(files.named(tx)):
        try:
            file = where.open(key)
        except NotFound:  # `kiosque check` names it
            continue
        with file:
            digest, length = hashlib.sha256(), 0
            yield _line(_Opening(key))
            while piece := file.read(PIECE):
                digest.update(piece)
                length += len(piece)
                yield b'"' + b2a_base64(piece, newline=False) + b'"\n'
            yield _line(_Closing(length, digest.hexdigest()))


def load(lines: Iterator[bytes], where: Store) -> None:
    """Put the files of these lines into the store. Raises CopyRefused, StorageUnavailable."""
    with where.workshop() as folder:
        try:
            for line in lines:
                key = msgspec.json.decode(line, type=_Opening).file
                if not _KEY.match(key):
                    raise CopyRefused(f"The backup has a file with the name {key!r}.")
                where.put({key: _loaded(lines, folder / "file")})
        except (msgspec.DecodeError, ValueError, StopIteration) as error:
            raise CopyRefused(f"The files of the backup cannot be read: {error}.") from None


def _loaded(lines: Iterator[bytes], path: Path) -> Path:
    digest, length = hashlib.sha256(), 0
    with path.open("wb") as file:
        while (line := next(lines)).startswith(b'"'):
            piece = a2b_base64(line.strip(b'"\n'), strict_mode=True)
            file.write(piece)
            digest.update(piece)
            length += len(piece)
    if msgspec.json.decode(line, type=_Closing) != _Closing(length, digest.hexdigest()):
        raise ValueError("a file does not match its closing line")
    return path


def _line(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"
