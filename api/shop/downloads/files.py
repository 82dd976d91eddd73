"""The folder of files to download: what a variant names is resolved here, and nowhere else."""

from __future__ import annotations

import mimetypes
import os
import stat
from pathlib import Path
from typing import IO

from msgspec import Struct

from api.errors import NotFound
from api.settings import Settings

OTHER = "application/octet-stream"
_TYPES = mimetypes.MimeTypes(filenames=())
for _extension, _type in ((".epub", "application/epub+zip"), (".m4b", "audio/mp4"), (".flac", "audio/flac")):
    _TYPES.add_type(_type, _extension)


class File(Struct, frozen=True):
    """One version of a file."""

    real: str
    size: int
    modified: int

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


def folder_of(settings: Settings) -> Folder:
    """The folder that these settings name."""
    return Folder(settings.data / "files")


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
        return File(real, status.st_size, status.st_mtime_ns)

    def length(self, path: str) -> int | None:
        """The number of bytes of the file, or None if it is not there."""
        try:
            return self.find(path).size
        except NotFound:
            return None


def type_of(path: str) -> str:
    """The media type that the name of a file tells."""
    media_type, coding = _TYPES.guess_type(path.rpartition("/")[2])
    return OTHER if media_type is None or coding else media_type


def filename(path: str, name: str) -> str:
    """The name under which a buyer stores the file: that of the download, and the extension of the file."""
    extension = os.path.splitext(path)[1]  # noqa: PTH122
    return name if name.lower().endswith(extension.lower()) else name + extension
