"""Errors of the database sorted by what a caller can do: come back, repeat, or wait for the operator."""

from __future__ import annotations

from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy import exc

from api.errors import Unavailable


class Busy(Unavailable):
    """The wait for the database was too long: it is locked, or every connection is in use."""

    code = "busy"
    title = "Busy"
    remedy = "Retry with the same Idempotency-Key after the seconds in Retry-After."
    retry_after = 1


class Overtaken(Busy):
    """The transaction was undone in favour of another one; nothing is left of it, so it may be repeated."""


class StorageUnavailable(Unavailable):
    """The database or the store of media cannot be reached, or its disk is full, failing or read-only."""

    code = "storage-unavailable"
    title = "Storage unavailable"
    remedy = "Try again later with the same Idempotency-Key; `kiosque check` shows the operator the cause."
    retry_after = 5


CONTRADICTIONS = (exc.IntegrityError, exc.DataError)
"""The database's refusals of a row, which a rule should have refused with a reason first."""

# SQLite's primary result codes (sqlite.org/rescode.html).
_SQLITE_BUSY = (5, 6)  # BUSY, LOCKED
_SQLITE_INTERRUPTED = 9
_SQLITE_BROKEN = (10, 11, 26)  # IOERR, CORRUPT, NOTADB
_SQLITE_STORAGE = (*_SQLITE_BROKEN, 8, 13, 14)  # READONLY, FULL, CANTOPEN

# PostgreSQL's error codes, or their beginnings (its Appendix A). A failed connect has none.
_LOCK_TIMEOUT = "55P03"
_OVERTAKEN = ("40001", "40P01")  # serialization failure, deadlock
_STATEMENT_TIMEOUT = "57014"
_LOST = ("08", "57P0", "25P03", "25P04")  # connection, shutdown, idle or open for too long
_STORAGE = (*_LOST, "40003", "53", "58", "25006", "XX001", "XX002")  # resources, I/O, read-only, corruption
_QUOTING = ("22", "42601")  # data exceptions and syntax errors may quote a value in the first line too
_MISSED = ("23503", "23505")  # a reference or a unique value that another transaction has changed


class translated:  # a function to its callers, at half the price of one that yields
    """Turn a driver's error about the state of the database into Busy, Overtaken or StorageUnavailable."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, exc.TimeoutError):
            raise Busy from error
        if isinstance(error, exc.DBAPIError):
            refusal = _refusal(error)
            if refusal is not None:
                raise refusal from error


def raise_wrapped(
    connection: sa.Connection, error: BaseException, statement: str, cursor: Any = None
) -> NoReturn:
    """Raise the error as if SQLAlchemy had run the statement, and let it drop lost connections."""
    connection._handle_dbapi_exception(error, statement, None, cursor, None)


def leaves_connection_unusable(error: BaseException) -> bool:
    """Whether the connection that raised the driver's `error` must not be used again.

    After a failed write SQLite's view of the disk is stale, and a connection opened read-only stays so.
    """
    return _sqlite_code(error) in _SQLITE_STORAGE or _state(error).startswith(_LOST)


def leaves_none_usable(error: BaseException) -> bool:
    """Whether that applies to every connection of the process, because the disk or the server has changed."""
    return _sqlite_code(error) in _SQLITE_BROKEN or _state(error).startswith(_LOST)


def is_locked(error: BaseException) -> bool:
    """Whether SQLite reports that another connection has its lock."""
    return _sqlite_code(error) in _SQLITE_BUSY


def leave_values_out(error: BaseException) -> None:
    """Remove the lines with rows and keys from PostgreSQL's `error`, so that no trace shows them."""
    said, state = getattr(getattr(error, "diag", None), "message_primary", None), _state(error)
    if said:
        error.args = (f"SQLSTATE {state}" if state.startswith(_QUOTING) else said,)


def undid_all(error: exc.DBAPIError) -> bool:
    """Whether PostgreSQL itself reports the refusal; after any other error a commit may have happened."""
    state = _state(error.orig)
    return bool(state) and not error.connection_invalidated and not state.startswith((*_LOST, "40003"))


def lock_timed_out(error: exc.DBAPIError) -> bool:
    """Whether PostgreSQL's limit on waiting for a lock was exceeded."""
    return _state(error.orig) == _LOCK_TIMEOUT


def cause_of(error: Exception) -> str:
    """What went wrong, on one line for the operator: in the database's own words if it has said anything."""
    reported = error.__cause__ if isinstance(error, Unavailable) else error
    if not isinstance(reported, exc.DBAPIError):
        return f"{type(error).__name__}: {error}".splitlines()[0]
    said = str(reported.orig).splitlines()[0]
    return f"cannot connect: {said}" if _is_a_failed_connect(reported) else said


def is_race(error: Exception) -> bool:
    """Whether `error` undid a transaction that could succeed, or be refused properly, if repeated now.

    On PostgreSQL an article can be deleted between a rule's check and the insertion of a comment; on SQLite,
    which has one writer, the same error is a mistake in the rule.
    """
    if isinstance(error, exc.IntegrityError):
        return _state(error.orig).startswith(_MISSED)
    return isinstance(error, Overtaken)


def _refusal(error: exc.DBAPIError) -> Unavailable | None:
    code, state = _sqlite_code(error.orig), _state(error.orig)
    if code in (*_SQLITE_BUSY, _SQLITE_INTERRUPTED) or state in (_LOCK_TIMEOUT, _STATEMENT_TIMEOUT):
        return Busy()
    if state in _OVERTAKEN:
        return Overtaken()
    if (
        _is_a_failed_connect(error)
        or error.connection_invalidated
        or code in _SQLITE_STORAGE
        or state.startswith(_STORAGE)
    ):
        return StorageUnavailable()
    return None


def _is_a_failed_connect(error: exc.DBAPIError) -> bool:
    """Whether PostgreSQL was not reached or let nobody in, for which there is no code."""
    nameless = _sqlite_code(error.orig) is None and not _state(error.orig)
    return isinstance(error, exc.OperationalError) and nameless


def _sqlite_code(error: BaseException | None) -> int | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _state(error: BaseException | None) -> str:
    return getattr(error, "sqlstate", None) or ""
