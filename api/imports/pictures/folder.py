"""A folder: a copy of the old site's pictures, in which a file is found by the end of its path."""

from __future__ import annotations

import os
import shutil
import stat
import unicodedata
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from api.imports.pictures import getting
from api.imports.pictures.getting import CHUNK, MOST_BYTES, NotFetched

ENOUGH = 3
"""Parts in common of two paths that begin differently, such as `2020/05/boat.jpg`: two are in every year."""

Parts = tuple[str, ...]


class Folder:
    """The files below a folder; symbolic links are not followed, and no address leads out of it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, list[str]] = {}
        """Name → the paths of files with that name."""
        for folder, _, names in os.walk(root):
            for name in names:
                path = Path(folder, name).relative_to(root).as_posix()
                self._files.setdefault(_composed(name), []).append(path)

    def look(self, address: str) -> str:
        """The outcome to expect. Raises NotFetched."""
        self._find(address)
        return getting.WAITING

    def copy(self, address: str, target: BinaryIO) -> None:
        """Copy the file whose path ends like that of the address."""
        try:
            file = os.open(self._root / self._find(address), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise NotFetched(getting.NOT_IN_FOLDER, error.strerror or "") from error
        with os.fdopen(file, "rb") as source:
            about = os.fstat(file)
            if not stat.S_ISREG(about.st_mode):
                raise NotFetched(getting.NOT_IN_FOLDER, "not a file")
            if about.st_size > MOST_BYTES:
                raise NotFetched(getting.TOO_LARGE)
            shutil.copyfileobj(source, target, CHUNK)

    def _find(self, address: str) -> str:
        """The file whose path shares most with the end of the address. Raises NotFetched."""
        try:
            sought = _parts(unquote(urlsplit(address).path))
        except ValueError:
            raise NotFetched(getting.NO_SITE) from None
        if not sought or ".." in sought:
            raise NotFetched(getting.NOT_IN_FOLDER)
        fitting: dict[int, list[str]] = {}
        for path in self._files.get(sought[-1], ()):
            own = _parts(path)
            common = _common_end(own, sought)
            if common in (len(own), len(sought)) or common >= ENOUGH:
                fitting.setdefault(common, []).append(path)
        if not fitting:
            raise NotFetched(getting.NOT_IN_FOLDER)
        best = fitting[max(fitting)]
        if len(best) > 1:
            raise NotFetched(getting.SEVERAL, ", ".join(sorted(best)[:3]))
        return best[0]


def _parts(path: str) -> Parts:
    return tuple(part for part in PurePosixPath(_composed(path)).parts if part != "/")


def _composed(text: str) -> str:
    """Some systems store é as two characters."""
    return unicodedata.normalize("NFC", text)


def _common_end(one: Parts, other: Parts) -> int:
    common = 0
    for mine, others in zip(reversed(one), reversed(other), strict=False):
        if mine != others:
            break
        common += 1
    return common
