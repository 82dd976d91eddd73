"""The SQLite in use: pysqlite3's, or the standard library's, which is often unsafe with several workers."""

from __future__ import annotations

try:
    import pysqlite3.dbapi2 as driver
except ImportError:
    import sqlite3 as driver

# The driver looks for an adapter of every value that is not a number or text: this finds it at once. Else it
# would ask the value itself, which takes longer than all the rest of an INSERT with some NULLs.
driver.register_adapter(type(None), {}.get)
driver.register_adapter(bytes, bytes)

VERSION: tuple[int, int, int] = driver.sqlite_version_info


def version() -> str:
    """`3.53.4`"""
    return ".".join(map(str, VERSION))


def is_safe() -> bool:
    """Whether several processes may write: before 3.51.3, SQLite can corrupt a WAL file that two write."""
    return VERSION >= (3, 51, 3) or (3, 50, 7) <= VERSION < (3, 51) or (3, 44, 6) <= VERSION < (3, 45)


__all__ = ["VERSION", "driver", "is_safe", "version"]
