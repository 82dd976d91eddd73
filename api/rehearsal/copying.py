"""Whole SQLite databases, copied page by page into files that others may have open."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from api import sqlite
from api.rehearsal import queries
from api.storage import Busy

PATIENCE = 5.0
"""Seconds to wait for those who write."""
_PAUSE = 0.001


def copy(source: Path, target: Path, *, is_final: bool) -> None:
    """All of `source` into `target`, whose readers see the old state, then the new; Busy.

    `is_final`: nobody will ever write to `source`, so that it needs no lock, nor a log of its own.
    """
    deadline = time.monotonic() + PATIENCE

    def check(_status: int, remaining: int, _total: int) -> None:
        if remaining and time.monotonic() > deadline:
            raise Busy

    read = _opened(source, "&immutable=1" if is_final else "")
    written = queries.connect(target, patience=0)
    try:
        read.backup(written, progress=check, sleep=_PAUSE)
    finally:
        written.close()
        read.close()


def _opened(path: Path, more: str) -> Any:
    return sqlite.driver.connect(f"{path.absolute().as_uri()}?mode=ro{more}", uri=True)
