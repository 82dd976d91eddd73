"""The store of media in a bucket of a service that speaks S3, which any number of nodes may share.

Servers differ in what else they understand, so it uses no conditional writes, no ranges from the end, and no
deletion of several objects at once.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from api.errors import NotFound
from api.media import queries
from api.media.folder import Folder
from api.media.store import ORIGINALS, PUBLIC_CACHING, PUBLIC_TYPE, SIZES
from api.settings.media import BucketAddress
from api.storage import Busy, Database, StorageUnavailable

PART = 8 * 2**20
MOST_PARTS = 9_000
"""Of one file; services allow 10,000."""
PARTS_AT_ONCE = 2
READ_AT_ONCE = 2**20

CONNECT_SECONDS, READ_SECONDS, WRITE_SECONDS = 3, 10, 60
"""Of a request: to connect, to read a block, to write a part."""
RETRIES, RETRY_SECONDS = 2, 5

_PUBLIC = {"Content-Type": PUBLIC_TYPE, "Cache-Control": PUBLIC_CACHING}


class Bucket:
    """A bucket; `desk` is where this machine prepares files for it."""

    def __init__(self, address: BucketAddress, desk: Folder, db: Database) -> None:
        self.address = str(address)
        self.workshop, self.alone = desk.workshop, desk.alone
        self._desk, self._db = desk, db
        self._read, self._write = (_client(address, seconds) for seconds in (READ_SECONDS, WRITE_SECONDS))

    @contextmanager
    def adding(self) -> Iterator[None]:
        # The nodes share the database; one in a file means one machine.
        with self._desk.adding(), self._db.maintenance() if self._has_nodes else nullcontext() as tx:
            if tx:
                queries.hold_files(tx)
            yield

    @contextmanager
    def removing(self) -> Iterator[None]:
        with self._desk.removing(), self._db.maintenance() if self._has_nodes else nullcontext() as tx:
            if tx and not queries.claim_files(tx):
                raise Busy
            yield

    def put(self, files: Mapping[str, Path]) -> None:
        with _failures(of_bucket=True):
            for key, file in files.items():
                part = max(PART, -(-file.stat().st_size // MOST_PARTS))
                attributes: Any = _PUBLIC if key.startswith(SIZES) else None
                obstore.put(
                    self._write,
                    key,
                    file,
                    attributes=attributes,
                    chunk_size=part,
                    max_concurrency=PARTS_AT_ONCE,
                )

    def length(self, key: str) -> int | None:
        with _failures(), suppress(FileNotFoundError):
            return int(obstore.head(self._read, key)["size"])
        return None

    def open(self, key: str, length: int | None = None) -> BinaryIO:
        size = self.length(key) if length is None else length
        if size is None:
            raise NotFound
        return io.BufferedReader(_Object(self._read, key, size), READ_AT_ONCE)

    def place(self, key: str) -> str | None:  # noqa: ARG002
        return None

    def remove(self, keys: Iterable[str]) -> None:
        with _failures():
            for key in keys:
                with suppress(FileNotFoundError):
                    obstore.delete(self._write, key)

    def keys(self) -> Iterator[str]:
        with _failures(of_bucket=True):
            for kind in (ORIGINALS, SIZES):
                for some in obstore.list(self._read, prefix=kind, chunk_size=1_000):
                    yield from (one["path"] for one in some)

    @property
    def _has_nodes(self) -> bool:
        return self._db.engine.dialect.name == "postgresql"


class _Object(io.RawIOBase):
    """An object, of which each read is a request for a range: a slow reader holds no connection."""

    def __init__(self, client: S3Store, key: str, size: int) -> None:
        self._client, self._key, self._size, self._at = client, key, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(start + offset, 0)
        return self._at

    def readall(self) -> bytes:
        return self.read(max(self._size - self._at, 0)) or b""

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer)
        count = min(len(target), self._size - self._at)
        if count <= 0:
            return 0
        try:
            with _failures():
                block = obstore.get_range(self._client, self._key, start=self._at, length=count)
        except FileNotFoundError:
            raise NotFound from None
        target[: len(block)] = block
        self._at += len(block)
        return len(block)


def _client(address: BucketAddress, seconds: int) -> S3Store:
    """Its credentials come from the environment."""
    options: dict[str, Any] = {"endpoint": address.endpoint, "region": address.region}
    return S3Store(
        address.name,
        prefix=address.prefix or None,
        client_options={
            "allow_http": address.endpoint.startswith("http:"),
            "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
            "timeout": timedelta(seconds=seconds),
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=RETRY_SECONDS)},
        disable_bulk_delete=True,
        **{name: value for name, value in options.items() if value},
    )


@contextmanager
def _failures(*, of_bucket: bool = False) -> Iterator[None]:
    """Let whatever keeps a bucket out of reach be StorageUnavailable, and an object not there be its own.

    `of_bucket`: no object is asked for, so what is not there is the bucket.
    """
    try:
        yield
    except FileNotFoundError as error:
        if of_bucket:
            raise StorageUnavailable from error
        raise
    except (BaseError, OSError) as error:
        raise StorageUnavailable from error
