"""The site's folder, and which of its files everybody may have: no database, whatever its name."""

from __future__ import annotations

import os
import re
import stat
import time
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path

from api.errors import NotFound

MOST_KNOWN = 4_096
"""Files whose real path inside the folder is remembered."""
SETTLED_NS = 2_000_000_000
"""Age in ns from which size and time identify a version of a file, whose clock may be coarse."""

WELL_KNOWN = ".well-known"
"""The one name with a leading dot that is served, at the top (RFC 8615)."""

# Sources, settings and copies of data that somebody left beside the pages, compressed or numbered ones too.
_PRIVATE_NAME = re.compile(
    r"\.(db3?|sqlite3?|sql|dump|kiosque|py|pyc|bak|env)(-(wal|shm|journal))?(\.(part|bak|old|gz|br|bz2|xz|zst|zip|\d+))*~?$",
    re.IGNORECASE,
)
# SQLite's file, and its log in both byte orders (sqlite.org/fileformat2.html); PostgreSQL's dumps.
_PRIVATE_STARTS = (
    b"SQLite format 3\0",
    b"\x37\x7f\x06\x82",
    b"\x37\x7f\x06\x83",
    b"PGDMP",
    b"--\n-- PostgreSQL",
)
# The end of a backup of Kiosque's.
_SEAL, _SEAL_LENGTH = bytes.fromhex("1f8b0810 00000000 00ff"), 85


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One version of a file."""

    path: str
    size: int
    modified: int

    @property
    def etag(self) -> str:
        return f'"{self.modified:x}-{self.size:x}"'

    @property
    def last_modified(self) -> str:
        return _http_date(self.modified // 1_000_000_000)

    @property
    def is_settled(self) -> bool:
        """Whether another version would differ in size or time."""
        return time.time_ns() - self.modified > SETTLED_NS

    def read(self) -> bytes:
        """All of it, from memory if it was read lately; NotFound if it is gone since."""
        try:
            return _whole(self) if self.is_settled else _whole.__wrapped__(self)
        except OSError:
            raise NotFound from None


class Folder:
    """The folder `root` and everything below it."""

    def __init__(self, root: Path) -> None:
        self._root = os.path.realpath(root)
        self._known: dict[str, tuple[int, int, str]] = {}

    def at(self, path: str) -> File:
        """The file at this path of a URL; a final slash means the folder's index. Raises NotFound."""
        first, *others = path.removeprefix("/").split("/")
        if first != WELL_KNOWN:
            others.append(first)
        if any(name.startswith(".") or "\\" in name for name in others):
            raise NotFound
        return self.file(
            f"{self._root}/{path.removeprefix('/')}" + ("index.html" if path.endswith("/") else "")
        )

    def file(self, path: str) -> File:
        """The file at `path`, if it is a regular and public one inside the folder once links are followed."""
        try:
            status = os.stat(path)  # noqa: PTH116  # one call for type, size and time
        except (OSError, ValueError):
            raise NotFound from None
        if not stat.S_ISREG(status.st_mode):
            raise NotFound
        real = self._inside(path, status.st_dev, status.st_ino)
        file = File(path=real, size=status.st_size, modified=status.st_mtime_ns)
        if _is_private(file) if file.is_settled else _is_private.__wrapped__(file):
            raise NotFound
        return file

    def _inside(self, path: str, device: int, inode: int) -> str:
        """The real path of the file at `path`, resolved once for each file; NotFound outside the folder."""
        known = self._known.get(path)
        if known is not None and known[:2] == (device, inode):
            return known[2]
        real = os.path.realpath(path)
        if not real.startswith(self._root + os.sep):
            raise NotFound
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[path] = (device, inode, real)
        return real


@lru_cache(MOST_KNOWN)
def _is_private(file: File) -> bool:
    """Whether its name or its first bytes say that it was not meant for visitors."""
    if _PRIVATE_NAME.search(os.path.basename(file.path)):  # noqa: PTH119
        return True
    try:
        with Path(file.path).open("rb") as opened:
            start = opened.read(16)
            opened.seek(-min(_SEAL_LENGTH, file.size), os.SEEK_END)
            end = opened.read(len(_SEAL))
    except OSError:
        return True
    return start.startswith(_PRIVATE_STARTS) or end == _SEAL


@lru_cache(1_024)
def _http_date(since_1970: int) -> str:
    return formatdate(since_1970, usegmt=True)


@lru_cache(64)
def _whole(file: File) -> bytes:
    return Path(file.path).read_bytes()
