"""The worker that does jobs and chores: a thread of every process that serves, or `kiosque work`."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from api.errors import Unavailable
from api.jobs import queries, rules
from api.jobs.records import Job
from api.storage import Database, Transaction

POLL_SECONDS = 0.5
END_SECONDS = 25.0

log = logging.getLogger(__name__)

Outcome: TypeAlias = Callable[[Transaction], None] | None
"""The writes of a job, in the transaction that strikes it off; it may run again if that is undone."""


@dataclass(frozen=True)
class Handler:
    """The doer of one kind of job: `act` may call others and take its time, since it holds no transaction."""

    act: Callable[[Job], Outcome]
    pauses: Sequence[float] = rules.PAUSES


@dataclass(frozen=True)
class Chore:
    """Work that the state of the database asks for, such as deleting what has expired, without any job.

    `act` does a bounded part of it in its own transactions, and returns whether there is more. Any number of
    workers may do it at once.
    """

    name: str
    act: Callable[[], bool | None]
    every: float = 60.0
    """Seconds."""


@dataclass(frozen=True)
class Tasks:
    """Everything that is done in the background."""

    handlers: Mapping[str, Handler] = field(default_factory=dict)
    """Kind of job → how to do it."""
    chores: Sequence[Chore] = ()


class Worker:
    """Does one thing at a time until it is stopped."""

    def __init__(self, db: Database, tasks: Tasks, *, lease: float = rules.LEASE) -> None:
        self._db = db
        self._tasks = tasks
        self._lease = lease
        self._stopped = threading.Event()
        self._chores_due = {chore.name: 0.0 for chore in tasks.chores}

    def run(self) -> None:
        """Work until `stop`; what is under way then is brought to its end."""
        while not self._stopped.is_set():
            if not self._turn():
                self._stopped.wait(POLL_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311

    @contextmanager
    def in_thread(self) -> Iterator[None]:
        """Work in a thread of its own while the block lasts; a job under way then has END_SECONDS to end."""
        thread = threading.Thread(target=self.run, name="jobs", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.stop()
            thread.join(END_SECONDS)

    def stop(self) -> None:
        """Take on nothing more."""
        self._stopped.set()

    def until_idle(self) -> int:
        """Do every chore, and every job that is due; returns the number of jobs."""
        for chore in self._tasks.chores:
            while chore.act():
                pass
        done = 0
        while self._do_next():
            done += 1
        return done

    def _turn(self) -> bool:
        """One job and the chores that are due; whether to go on without a pause."""
        try:
            more = [self._do_chore(chore) for chore in self._tasks.chores if self._is_due(chore)]
            return self._do_next() or any(more)
        except Unavailable:
            return False  # the disk or the database is busy or away: requests say so too
        except Exception:
            log.exception("background work failed and goes on")  # nobody would notice a thread that ended
            return False

    def _is_due(self, chore: Chore) -> bool:
        return time.monotonic() >= self._chores_due[chore.name]

    def _do_chore(self, chore: Chore) -> bool:
        self._chores_due[chore.name] = time.monotonic() + chore.every * random.uniform(0.8, 1.2)  # noqa: S311
        more = bool(chore.act())
        if more:
            self._chores_due[chore.name] = 0.0
        return more

    def _do_next(self) -> bool:
        """Do the job that has waited longest, if one is due; looks before it writes."""
        with self._db.read() as tx:
            if not queries.is_due(tx):
                return False
        job = self._db.attempt(self._claim)
        if job is None:
            return False
        handler = self._tasks.handlers.get(job.kind, _UNKNOWN)
        try:
            outcome = handler.act(job)
        except Exception as error:  # whatever it is, it is stored with the job
            log.warning("job %s (%s), attempt %d failed", job.id, job.kind, job.attempts, exc_info=True)
            self._db.attempt(partial(self._postpone, job, handler, error))
        else:
            self._db.attempt(partial(self._finish, job, outcome))
        return True

    def _claim(self) -> Job | None:
        with self._db.write() as tx:
            return rules.claim(tx, lease=self._lease)

    def _postpone(self, job: Job, handler: Handler, error: Exception) -> None:
        with self._db.write() as tx:
            rules.postpone(tx, job, error, pauses=handler.pauses)

    def _finish(self, job: Job, outcome: Outcome) -> None:
        with self._db.write() as tx:
            if rules.finish(tx, job) and outcome is not None:
                outcome(tx)


def _unknown(job: Job) -> Outcome:
    raise rules.GiveUp(f"this release has no job of kind {job.kind}")


_UNKNOWN = Handler(_unknown)
