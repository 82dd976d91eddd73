"""The work that a transaction leaves: done at least once if it commits, never if it is undone.

A claim puts `due_at` off by the lease, so a job whose worker died is due again by itself. It is struck off in
the transaction that writes what it brought: effects in the database happen exactly once, effects outside at
least once.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence

from msgspec import structs

from api import times
from api.errors import NotFound
from api.jobs import queries
from api.jobs.records import Job, JobRecord
from api.storage import Transaction
from api.times import Instant

LEASE = 60.0
"""Seconds after which a job that its worker has not renewed is anybody's again."""
LATE_AFTER = 300.0
"""Seconds after which a job that waits is reported."""
PAUSES = (5, 60, 300, 1_800, 7_200, 18_000, 36_000)
"""Seconds before each further attempt, unless the kind of job has its own."""
_MOST_ERROR = 500  # characters


def leave(tx: Transaction, kind: str, facts: Mapping[str, str], *, due_at: Instant | None = None) -> str:
    """Leave a job behind, due at once or at `due_at`; `facts` are ids, never secrets. Returns its id."""
    job_id = tx.new_id("job")
    queries.insert_job(tx, job_id=job_id, kind=kind, facts=facts, due_at=due_at or tx.now)
    return job_id


def hasten(tx: Transaction, kind: str, facts: Mapping[str, str]) -> None:
    """Have a job done now that may wait already, for a later attempt for instance."""
    if not queries.hasten(tx, kind=kind, facts=facts):
        leave(tx, kind, facts)


def claim(tx: Transaction, *, lease: float = LEASE) -> Job | None:
    """The job that has waited longest, which is nobody else's for `lease` seconds."""
    return queries.claim_due(tx, mark=secrets.token_hex(8), until=times.later(tx.now, seconds=lease))


def renew(tx: Transaction, job: Job) -> bool:
    """Lengthen the lease of a job that takes long; False if another worker has it by now."""
    return queries.put_off(tx, job, until=times.later(tx.now, seconds=LEASE))


def finish(tx: Transaction, job: Job) -> bool:
    """Strike the job off, before anything it brought is written; False if another worker has it by now."""
    return queries.delete_job(tx, job)


def postpone(tx: Transaction, job: Job, error: BaseException, *, pauses: Sequence[float]) -> None:
    """Note why the attempt failed; the job is due again after the next of the `pauses`, or has failed."""
    is_over = isinstance(error, GiveUp) or job.attempts > len(pauses)
    pause = 0.0 if is_over else pauses[job.attempts - 1] * random.uniform(0.8, 1.2)  # noqa: S311
    queries.end_attempt(
        tx,
        job,
        error=f"{type(error).__name__}: {error}"[:_MOST_ERROR],
        next_at=times.later(tx.now, seconds=pause),
        failed_at=tx.now if is_over else None,
    )


class GiveUp(Exception):
    """Raised by a handler when trying again would not help."""


def find(tx: Transaction, *, ref: str, lock: bool = False) -> JobRecord:
    """The job of that id, or NotFound, as when it is done."""
    job = queries.find_job(tx, job_id=ref, lock=lock)
    if job is None:
        raise NotFound
    return job


def try_again(tx: Transaction, job: JobRecord) -> JobRecord:
    """Make a job due now, with all its attempts before it."""
    after = structs.replace(job, state="waiting", attempts=0, due_at=tx.now, failed_at=None)
    queries.revive(tx, job_id=job.id)
    return after


def seconds_late(tx: Transaction) -> float:
    """How long the job that has waited longest has been due, 0 if none is."""
    due_at = queries.oldest_due(tx)
    return max(0.0, times.seconds_between(due_at, tx.now)) if due_at else 0.0


def gauges(tx: Transaction) -> list[tuple[str, str, float]]:
    """Metrics of the queue: name, meaning, value."""
    return [
        (
            "kiosque_jobs_oldest_due_seconds",
            "Seconds that the job that has waited longest is overdue.",
            seconds_late(tx),
        ),
        ("kiosque_jobs_failed", "Jobs that are not tried again by themselves.", queries.count_failed(tx)),
    ]
