"""Which SQLite is in use: the one that pysqlite3 bundles, or the standard library's with one worker."""

from __future__ import annotations

try:
    import pysqlite3.dbapi2 as driver
except ImportError:
    import sqlite3 as driver

VERSION: tuple[int, int, int] = driver.sqlite_version_info


def version() -> str:
    """`3.53.4`"""
    return ".".join(map(str, VERSION))


def is_safe() -> bool:
    """Whether several processes may write: SQLite 3.7.0–3.51.2 can corrupt a WAL file that two write."""
    return VERSION >= (3, 51, 3) or (3, 50, 7) <= VERSION < (3, 51) or (3, 44, 6) <= VERSION < (3, 45)


__all__ = ["VERSION", "driver", "is_safe", "version"]
