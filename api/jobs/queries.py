"""The SQL of jobs."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import sqlalchemy as sa

from api.jobs.records import Job, JobRecord, JobState
from api.jobs.tables import IS_WAITING, jobs
from api.storage import Keyset, Prepared, Row, Transaction
from api.times import Instant

_INSERT = Prepared(sa.insert(jobs), "id", "kind", "facts", "due_at", "attempts", "created_at")


def insert_job(tx: Transaction, *, job_id: str, kind: str, facts: Mapping[str, str], due_at: Instant) -> None:
    """Store a new job."""
    text = msgspec.json.encode(facts).decode()
    tx.run(_INSERT, id=job_id, kind=kind, facts=text, due_at=due_at, attempts=0, created_at=tx.now)


_due = (
    sa.select(jobs.c.id)
    .where(IS_WAITING, jobs.c.due_at <= sa.bindparam("now"))
    .order_by(jobs.c.due_at)
    .limit(sa.literal_column("1"))
)
_IS_DUE = Prepared(_due)


def is_due(tx: Transaction) -> bool:
    """Whether any job waits to be done now."""
    return tx.row(_IS_DUE, now=tx.now) is not None


# In a CTE: PostgreSQL may run a subquery after IN more than once, and then takes more than its limit.
_picked = _due.with_for_update(skip_locked=True).cte("picked")
_CLAIM = (
    sa.update(jobs)
    .where(jobs.c.id.in_(sa.select(_picked.c.id)))
    .values(due_at=sa.bindparam("until"), claim=sa.bindparam("mark"), attempts=jobs.c.attempts + 1)
    .returning(jobs.c.id, jobs.c.kind, jobs.c.facts, jobs.c.attempts)
)


def claim_due(tx: Transaction, *, mark: str, until: Instant) -> Job | None:
    """The job that has waited longest, which is nobody else's before `until`."""
    row = tx.row(_CLAIM, now=tx.now, until=until, mark=mark)
    return Job(row.id, row.kind, msgspec.json.decode(row.facts), row.attempts, mark) if row else None


_OF_ATTEMPT = (jobs.c.id == sa.bindparam("job_id")) & (jobs.c.claim == sa.bindparam("mark"))
_DELETE = sa.delete(jobs).where(_OF_ATTEMPT)


def delete_job(tx: Transaction, job: Job) -> bool:
    """Remove a job whose attempt this is; False if another worker has it by now."""
    return tx.run(_DELETE, job_id=job.id, mark=job.claim) == 1


_PUT_OFF = sa.update(jobs).where(_OF_ATTEMPT).values(due_at=sa.bindparam("until"))


def put_off(tx: Transaction, job: Job, *, until: Instant) -> bool:
    """Have nobody else take the job before `until`; False if another worker has it by now."""
    return tx.run(_PUT_OFF, job_id=job.id, mark=job.claim, until=until) == 1


_END_ATTEMPT = (
    sa.update(jobs)
    .where(_OF_ATTEMPT)
    .values(
        due_at=sa.bindparam("next_at"),
        claim=None,
        error=sa.bindparam("reason"),
        failed_at=sa.bindparam("ended_at"),
    )
)


def end_attempt(
    tx: Transaction, job: Job, *, error: str, next_at: Instant, failed_at: Instant | None
) -> None:
    """Store why the attempt failed, and when the next is due, or that there is none."""
    tx.run(_END_ATTEMPT, job_id=job.id, mark=job.claim, reason=error, next_at=next_at, ended_at=failed_at)


_RECORD = [column for column in jobs.c if column.name != "claim"]
_BY_ID = sa.select(*_RECORD).where(jobs.c.id == sa.bindparam("job_id"))


def find_job(tx: Transaction, *, job_id: str, lock: bool = False) -> JobRecord | None:
    """The job of that id, unless it is done."""
    row = tx.row(_BY_ID.with_for_update() if lock else _BY_ID, job_id=job_id)
    return _record(row) if row else None


_LIST = (
    sa.select(*_RECORD)
    .where(jobs.c.id < sa.bindparam("before"))
    .order_by(jobs.c.id.desc())
    .limit(sa.bindparam("most"))
)
_LISTS = {
    None: _LIST,
    "waiting": _LIST.where(IS_WAITING),
    "failed": _LIST.where(jobs.c.failed_at.is_not(None)),
}


def list_jobs(tx: Transaction, page: Keyset[str], *, state: JobState | None = None) -> list[JobRecord]:
    """A page of the jobs that are not done, newest first."""
    return [_record(row) for row in tx.rows(_LISTS[state], before=page.position, most=page.most)]


def _record(row: Row) -> JobRecord:
    state: JobState = "failed" if row.failed_at else "waiting"
    return JobRecord(**{**row._mapping, "facts": msgspec.json.decode(row.facts)}, state=state)


_REVIVE = (
    sa.update(jobs)
    .where(jobs.c.id == sa.bindparam("job_id"))
    .values(due_at=sa.bindparam("now"), attempts=0, claim=None, failed_at=None)
)


def revive(tx: Transaction, *, job_id: str) -> None:
    """Make the job due now, with all its attempts before it."""
    tx.run(_REVIVE, job_id=job_id, now=tx.now)


_SAME = (jobs.c.kind == sa.bindparam("its_kind")) & (jobs.c.facts == sa.bindparam("its_facts"))
_HASTEN = (
    sa.update(jobs)
    .where(_SAME, jobs.c.claim.is_(None))
    .values(due_at=sa.bindparam("now"), attempts=0, failed_at=None)
)
_EXISTS = sa.select(jobs.c.id).where(_SAME).limit(1)


def hasten(tx: Transaction, *, kind: str, facts: Mapping[str, str]) -> bool:
    """Make a job due now, with all attempts before it, unless it is being done; False if there is none."""
    text = msgspec.json.encode(facts).decode()
    if tx.run(_HASTEN, its_kind=kind, its_facts=text, now=tx.now):
        return True
    return tx.row(_EXISTS, its_kind=kind, its_facts=text) is not None


_OLDEST_DUE = sa.select(sa.func.min(jobs.c.due_at)).where(IS_WAITING)
_FAILED = sa.select(sa.func.count()).where(jobs.c.failed_at.is_not(None))


def oldest_due(tx: Transaction) -> Instant | None:
    """When the job that has waited longest, or will be next, is due."""
    return tx.value(_OLDEST_DUE)  # type: ignore[no-any-return]


def count_failed(tx: Transaction) -> int:
    """The number of jobs that nobody tries again by himself."""
    return int(tx.value(_FAILED))
