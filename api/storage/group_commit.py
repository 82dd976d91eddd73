"""Group commit: writers of one process to a SQLite file take turns, and those who wait share a commit.

A commit writes to the disk, which takes as long as the rest of a short transaction or far longer, but no
longer for several. Each writer has a savepoint of its own and is answered when the commit is on the disk
(DeWitt et al., Implementation Techniques for Main Memory Database Systems, 1984).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from api import sqlite
from api.storage.failures import Busy, Overtaken, StorageUnavailable, raise_wrapped

LONGEST = 0.01
"""Seconds after which a group takes no more members, so that its first one does not wait for many."""


class GroupCommit:
    """The writers' queue of a process; `close` returns a connection, `waited` reports the start of a wait."""

    def __init__(self, close: Callable[[sa.Connection], None], waited: Callable[[float], None]) -> None:
        self._close = close
        self._waited = waited
        self._line = _Line()

    def __len__(self) -> int:
        """How many are in the queue, with the one whose turn it is."""
        return len(self._line)

    @contextmanager
    def member(self, begin: Callable[[], sa.Connection], patience: float) -> Iterator[sa.Connection]:
        """Write in the block; it is on the disk once the block has ended, or undone if it raised.

        Joins a transaction that waits for its commit, or begins one. Raises Busy if its turn does not come
        within `patience` seconds, Overtaken if another member made the commit fail.
        """
        began = time.perf_counter()
        try:
            group = self._line.enter(patience)
        finally:
            self._waited(began)
        if group is None:
            try:
                group = _Group(begin())
            except BaseException:
                self._line.leave()
                raise
        try:
            with group.part():
                yield group.connection
        finally:
            self._leave(group)
        group.wait()

    def _leave(self, group: _Group) -> None:
        if group.is_open() and self._line.hand_on(group):
            return
        try:
            group.end()
        finally:
            try:
                self._close(group.connection)
            finally:
                self._line.leave()


class _Group:
    """One transaction and its members so far."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self._last = time.monotonic() + LONGEST
        self._members = 0
        self._whole = True
        self._open = threading.Lock()  # until its end; an Event would cost ten times as much
        self._open.acquire()
        self._error: BaseException | type[BaseException] | None = None

    def is_open(self) -> bool:
        """Whether another member may join."""
        return self._members > 0 and self._is_whole() and time.monotonic() < self._last

    @contextmanager
    def part(self) -> Iterator[None]:
        """The block of one member; the first needs no savepoint, since undoing it undoes everything."""
        others = self._members > 0
        if others:
            self._run("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if others and self._is_whole():
                self._end_part("ROLLBACK TO part", "RELEASE part")
            raise
        if others:
            self._end_part("RELEASE part")
        self._members += 1

    def end(self) -> None:
        """Commit for all members, or let their waits raise."""
        try:
            if self._members and not self._is_whole():
                self._error = StorageUnavailable
            elif self._members:
                self.connection.commit()
        except BaseException as error:  # noqa: BLE001  # every waiting member raises it
            # Any member's foreign key may be the dangling one; repeated alone, only the right one fails.
            others = isinstance(error, exc.IntegrityError) and self._members > 1
            self._error = Overtaken if others else error
            if self._is_whole():  # SQLite leaves it open then, which SQLAlchemy does not expect
                self._run("ROLLBACK")
        finally:
            self._open.release()

    def wait(self) -> None:
        """Return when the commit is on the disk, or raise the error that prevented it."""
        with self._open:
            pass
        if self._error is not None:
            raise self._error

    def _is_whole(self) -> bool:
        """Whether it holds exactly what its members wrote; some errors make SQLite undo all of it."""
        return self._whole and not self.connection.invalidated and self._driver().in_transaction

    def _end_part(self, *statements: str) -> None:
        self._whole = False
        for statement in statements:
            self._run(statement)
        self._whole = True

    def _run(self, statement: str) -> None:
        try:
            self._driver().execute(statement)
        except sqlite.driver.Error as error:
            raise_wrapped(self.connection, error, statement)

    def _driver(self) -> Any:
        return self.connection.connection.driver_connection


class _Place:
    """One waiting writer's place in the queue."""

    def __init__(self) -> None:
        self.group: _Group | None = None
        self._called = threading.Lock()
        self._called.acquire()

    def call(self, group: _Group | None) -> None:
        self.group = group
        self._called.release()

    def is_called(self, patience: float) -> bool:
        return self._called.acquire(timeout=patience)


class _Line:
    """The queue: first come, first served, and each is called by the one before."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._taken = False
        self._places: deque[_Place] = deque()

    def __len__(self) -> int:
        with self._mutex:
            return self._taken + len(self._places)

    def enter(self, patience: float) -> _Group | None:
        """Wait for the turn and the open group that may come with it; raises Busy after `patience`."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return None
            place = _Place()
            self._places.append(place)
        if not place.is_called(patience):
            with self._mutex:
                if place in self._places:  # else it was called just now
                    self._places.remove(place)
                    raise Busy
        return place.group

    def hand_on(self, group: _Group) -> bool:
        """Pass the turn and the group to the next in the queue; False if there is none."""
        with self._mutex:
            if self._places:
                self._places.popleft().call(group)
                return True
            return False

    def leave(self) -> None:
        """Pass the turn to the next in the queue, if any."""
        with self._mutex:
            if self._places:
                self._places.popleft().call(None)
            else:
                self._taken = False
