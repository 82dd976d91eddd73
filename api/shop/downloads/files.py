"""The files of downloads: a path or a medium that a variant names is resolved here, and nowhere else."""

from __future__ import annotations

import mimetypes
import os
import stat
from pathlib import Path
from typing import IO

from msgspec import Struct

from api.errors import NotFound
from api.media import store
from api.media.files import place_of
from api.media.store import Store
from api.settings import Settings
from api.shop.downloads.records import Entitlement

FOLDER = "files"
"""Its name in the data."""

OTHER = "application/octet-stream"
_TYPES = mimetypes.MimeTypes(filenames=())
for _extension, _type in ((".epub", "application/epub+zip"), (".m4b", "audio/mp4"), (".flac", "audio/flac")):
    _TYPES.add_type(_type, _extension)


class File(Struct, frozen=True):
    """One version of a file in the folder."""

    root: str
    real: str
    size: int
    modified: int

    @property
    def place(self) -> str | None:
        """Its path below the data."""
        return f"{FOLDER}{self.real.removeprefix(self.root)}"

    @property
    def etag(self) -> str:
        """Its strong validator."""
        return f'"{self.modified:x}-{self.size:x}"'

    def open(self) -> IO[bytes]:
        """This very version, from its beginning; NotFound if it is gone since."""
        try:
            opened = os.fdopen(os.open(self.real, os.O_RDONLY | os.O_NOFOLLOW), "rb")
        except OSError:
            raise NotFound from None
        status = os.fstat(opened.fileno())
        if (status.st_size, status.st_mtime_ns) != (self.size, self.modified):
            opened.close()
            raise NotFound
        return opened


class Original(Struct, frozen=True):
    """A medium as it was uploaded, which never changes."""

    store: Store
    sha256: str
    size: int

    @property
    def place(self) -> str | None:
        """Its path below the data, if a proxy can read it there; NotFound if it is gone."""
        key = store.original(self.sha256)
        place = place_of(self.store, key)
        if place is not None and self.store.length(key) is None:
            raise NotFound
        return place

    @property
    def etag(self) -> str:
        """Its strong validator."""
        return f'"{self.sha256[:32]}"'

    def open(self) -> IO[bytes]:
        """The file, from its beginning; NotFound if it is gone."""
        return self.store.open(store.original(self.sha256))


def folder_of(settings: Settings) -> Folder:
    """The folder that these settings name."""
    return Folder(settings.data / FOLDER)


def files_of(settings: Settings, where: Store) -> Files:
    """The files that these settings name, and those of media."""
    return Files(folder_of(settings), where)


class Files:
    """The files of a folder and those of a store."""

    def __init__(self, folder: Folder, where: Store) -> None:
        self._folder = folder
        self._store = where

    def find(self, bought: Entitlement) -> File | Original:
        """The file that somebody has bought; NotFound if it is not there."""
        if bought.path is not None:
            return self._folder.find(bought.path)
        if bought.sha256 is None or bought.bytes is None:
            raise NotFound
        return Original(self._store, bought.sha256, bought.bytes)

    def length(self, bought: Entitlement) -> int | None:
        """The number of bytes of the file, or None if it is not there."""
        return bought.bytes if bought.path is None else self._folder.length(bought.path)


class Folder:
    """The folder `root`, and what is below it once links are followed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def find(self, path: str) -> File:
        """The file at that path; NotFound if there is none, or it is elsewhere, or not a regular file."""
        try:
            root = os.path.realpath(self._root)
            real = os.path.realpath(f"{root}/{path}")
            status = os.stat(real)  # noqa: PTH116  # the name is a string, and has been checked as one
        except (OSError, ValueError):
            raise NotFound from None
        if not real.startswith(root + os.sep) or not stat.S_ISREG(status.st_mode):
            raise NotFound
        return File(root, real, status.st_size, status.st_mtime_ns)

    def length(self, path: str) -> int | None:
        """The number of bytes of the file, or None if it is not there."""
        try:
            return self.find(path).size
        except NotFound:
            return None


def type_of(bought: Entitlement) -> str:
    """The media type of a file: that of its medium, or the one that its name tells."""
    return type_by_name(bought.path) if bought.path is not None else bought.media_type or OTHER


def attachment_name(bought: Entitlement) -> str:
    """The name under which a buyer stores the file."""
    return filename(bought.path or bought.filename or "", bought.name)


def type_by_name(path: str) -> str:
    """The media type that the name of a file tells."""
    media_type, coding = _TYPES.guess_type(path.rpartition("/")[2])
    return OTHER if media_type is None or coding else media_type


def filename(path: str, name: str) -> str:
    """The name of the download, with the extension of the file."""
    extension = os.path.splitext(path)[1]  # noqa: PTH122
    return name if name.lower().endswith(extension.lower()) else name + extension
