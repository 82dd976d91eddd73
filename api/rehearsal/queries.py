"""The SQL of a sandbox's state, in a file beside its data: what all workers must know at once.

It is read before every request and whenever the time is asked for, so it goes to the driver itself.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from api import sqlite
from api.rehearsal.records import SYSTEM, Clock, Fault, SeenRequest, Snapshot, Step

MOST_REQUESTS = 1_000
PATIENCE = 5.0
"""Seconds that a change waits for another one."""

_TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE sandbox (
  ahead_ms INTEGER NOT NULL DEFAULT 0, frozen_at TEXT, is_closed INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO sandbox DEFAULT VALUES;
CREATE TABLE faults (
  id TEXT PRIMARY KEY, method TEXT, path TEXT NOT NULL, sequence TEXT NOT NULL, length INTEGER NOT NULL,
  used INTEGER NOT NULL
) STRICT;
CREATE TABLE snapshots (name TEXT PRIMARY KEY, snapshot TEXT NOT NULL) STRICT;
CREATE TABLE requests (number INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT NOT NULL) STRICT;
"""

_sequences = msgspec.json.Decoder(tuple[Step, ...])
_snapshots = msgspec.json.Decoder(Snapshot)
_requests = msgspec.json.Decoder(SeenRequest)


class Candidate(NamedTuple):
    """A fault with steps left."""

    id: str
    method: str | None
    path: str


def create(path: Path) -> None:
    """Make the file of a new sandbox."""
    connection = connect(path, patience=0)
    connection.executescript(_TABLES)
    connection.close()


def connect(path: Path, *, patience: float) -> Any:
    """A connection that writes without waiting for the disk, since all of it is thrown away."""
    connection = sqlite.driver.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = OFF")
    return connection


class State:
    """The state of one sandbox, as a worker has it open."""

    def __init__(self, path: Path) -> None:
        # Apart, since whoever restores data waits for its writers, who ask for the time meanwhile.
        self._reading, self._writing = _Connection(path), _Connection(path)

    def close(self) -> None:
        """Close the file."""
        self._reading.close()
        self._writing.close()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Change state and data as one: whoever else changes the state waits, in any worker."""
        with self._writing.transaction():
            yield

    def clock(self) -> Clock:
        """The clock."""
        ((ahead_ms, frozen_at),) = self._reading.rows("SELECT ahead_ms, frozen_at FROM sandbox")
        return Clock(ahead_ms, frozen_at) if ahead_ms or frozen_at else SYSTEM

    def set_clock(self, clock: Clock) -> None:
        """Set the clock."""
        self._writing.rows("UPDATE sandbox SET ahead_ms = ?, frozen_at = ?", clock.ahead_ms, clock.frozen_at)

    def candidates(self) -> list[Candidate] | None:
        """The faults with steps left, the oldest first; None when the sandbox has been closed."""
        rows = self._reading.rows(
            "SELECT is_closed, id, method, path FROM sandbox LEFT JOIN faults ON used < length"
            " ORDER BY faults.rowid"
        )
        return None if rows[0][0] else [Candidate(*row[1:]) for row in rows if row[1] is not None]

    def mark_closed(self) -> None:
        """Let every worker that has the sandbox open know that it is no more."""
        self._writing.rows("UPDATE sandbox SET is_closed = 1")

    def insert_fault(self, fault: Fault) -> None:
        """Add a script."""
        self._writing.rows(
            "INSERT INTO faults (id, method, path, sequence, length, used) VALUES (?, ?, ?, ?, ?, ?)",
            *(fault.id, fault.method, fault.path),
            *(_text(fault.sequence), len(fault.sequence), fault.used),
        )

    def list_faults(self) -> list[Fault]:
        """All scripts, the oldest first."""
        rows = self._reading.rows("SELECT id, method, path, sequence, used FROM faults ORDER BY rowid")
        return [
            Fault(ref, method, path, _sequences.decode(steps), used)
            for ref, method, path, steps, used in rows
        ]

    def take_step(self, ref: str) -> Step | None:
        """The next step of a fault, for one request alone; None when others have used up all."""
        rows = self._writing.rows(
            "UPDATE faults SET used = used + 1 WHERE id = ? AND used < length RETURNING sequence, used", ref
        )
        return _sequences.decode(rows[0][0])[rows[0][1] - 1] if rows else None

    def delete_fault(self, ref: str) -> bool:
        """Remove a script; whether it was there."""
        return bool(self._writing.rows("DELETE FROM faults WHERE id = ? RETURNING id", ref))

    def delete_faults(self) -> None:
        """Remove all scripts."""
        self._writing.rows("DELETE FROM faults")

    def insert_request(self, request: SeenRequest) -> None:
        """Add a request; of more than MOST_REQUESTS the oldest goes."""
        self._writing.rows("INSERT INTO requests (request) VALUES (?)", _text(request))
        self._writing.rows(
            "DELETE FROM requests WHERE number <= (SELECT max(number) FROM requests) - ?", MOST_REQUESTS
        )

    def list_requests(self) -> list[SeenRequest]:
        """The latest requests, the oldest first."""
        rows = self._reading.rows("SELECT request FROM requests ORDER BY number")
        return [_requests.decode(text) for (text,) in rows]

    def delete_requests(self) -> None:
        """Remove all requests."""
        self._writing.rows("DELETE FROM requests")

    def upsert_snapshot(self, snapshot: Snapshot) -> None:
        """Store a snapshot, in place of one of that name."""
        self._writing.rows(
            "INSERT OR REPLACE INTO snapshots (name, snapshot) VALUES (?, ?)", snapshot.name, _text(snapshot)
        )

    def list_snapshots(self) -> list[Snapshot]:
        """All snapshots by name."""
        rows = self._reading.rows("SELECT snapshot FROM snapshots ORDER BY name")
        return [_snapshots.decode(text) for (text,) in rows]

    def delete_snapshot(self, name: str) -> bool:
        """Remove a snapshot; whether it was there."""
        return bool(self._writing.rows("DELETE FROM snapshots WHERE name = ? RETURNING name", name))


class _Connection:
    """A connection that the threads of a worker take in turns."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path, patience=PATIENCE)
        self._lock = threading.RLock()

    def rows(self, statement: str, *values: Any) -> list[Any]:
        with self._lock:
            found: list[Any] = self._connection.execute(statement, values).fetchall()
            return found

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
