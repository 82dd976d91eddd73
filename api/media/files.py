"""The files of media: made of uploads, removed once no medium needs them, compared with the rows."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from api.jobs.records import Job
from api.jobs.worker import Handler
from api.media import pictures, queries, store
from api.media.folder import Folder
from api.media.formats import IMAGES
from api.media.records import Content, Size
from api.media.store import Store
from api.settings import Settings
from api.settings.media import BucketAddress
from api.storage import Database, Transaction
from api.text.folding import folded

FOLDER = "media"
"""Its name in the data."""


def store_of(settings: Settings, db: Database) -> Store:
    """The store that these settings name, for the rows in that database."""
    here = settings.data / FOLDER
    if isinstance(settings.media_url, BucketAddress):
        from api.media.bucket import Bucket  # its package is an extra

        return Bucket(settings.media_url, Folder(here), db)
    if settings.media_url is not None:
        return Folder(settings.media_url)
    return Folder(here, is_shared=bool(settings.sendfile))


def place_of(where: Store, key: str) -> str | None:
    """The path of a file below the data, if a proxy can read it there."""
    place = where.place(key)
    return None if place is None else f"{FOLDER}/{place}"


@contextmanager
def prepared(
    where: Store, file: BinaryIO, *, sha256: str, media_type: str, filename: str
) -> Iterator[tuple[Content, dict[str, Path]]]:
    """The description of an uploaded file, and its files by key, until the block ends.

    Raises ImageTooLarge, InvalidImage, StorageUnavailable.
    """
    with where.workshop() as folder:
        source = folder / "original"
        with store.disk_errors(), source.open("wb") as copy:
            shutil.copyfileobj(file, copy, 2**20)
        files = {store.original(sha256): source}
        content = Content(type=media_type, bytes=source.stat().st_size, sha256=sha256)
        if media_type in IMAGES:
            with where.alone():
                picture = pictures.resize(source, media_type, folder)
            name = _name(filename)
            sizes = tuple(_size(name, folder / made.file, made) for made in picture.sizes)
            files |= {
                store.size(size.file): folder / made.file
                for size, made in zip(sizes, picture.sizes, strict=True)
            }
            content = Content(
                type=media_type,
                bytes=content.bytes,
                sha256=sha256,
                width=picture.width,
                height=picture.height,
                sizes=sizes,
            )
        yield content, files


class Remover:
    """Removes the files of deleted media that no other medium has."""

    def __init__(self, db: Database, where: Store) -> None:
        self._db = db
        self._store = where
        self.handler = Handler(self._remove)

    def _remove(self, job: Job) -> None:
        sha256, sizes = job.facts["sha256"], job.facts["sizes"].split()
        keys = _keys(sha256, sizes)
        with self._store.removing():
            with self._db.read() as tx:
                needed = {key for row in queries.list_files_of(tx, sha256=sha256) for key in _keys(*row)}
                # Originals that differ only in what sizes leave out have the same sizes.
                needed |= set(map(store.size, queries.list_named(tx, files=sizes)))
            self._store.remove(keys - needed)


class Comparison(Struct, frozen=True):
    """Files that rows name: how many, which of them are not there; and those that no row names."""

    files: int
    absent: tuple[str, ...]
    orphans: tuple[str, ...]


def named(tx: Transaction) -> set[str]:
    """The keys of all files that rows name."""
    return {key for row in queries.list_files(tx) for key in _keys(*row)}


def compare(tx: Transaction, where: Store) -> Comparison:
    """Compare the store with the rows."""
    there, listed = set(where.keys()), named(tx)
    return Comparison(len(listed), tuple(sorted(listed - there)), tuple(sorted(there - listed)))


def _keys(sha256: str, sizes: list[str]) -> set[str]:
    return {store.original(sha256), *map(store.size, sizes)}


def _size(name: str, path: Path, made: pictures.Resized) -> Size:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[: store.HASH_LENGTH]
    return Size(f"{name}-{made.width}-{digest}.webp", made.width, made.height, len(content))


def _name(filename: str) -> str:
    """The part of an address that people read."""
    stem = re.sub(r"\.[A-Za-z0-9]{2,5}\Z", "", filename)
    words = re.sub(r"[^a-z0-9]+", "-", folded(stem)).strip("-")
    return words[: store.LONGEST_NAME].strip("-") or "image"
