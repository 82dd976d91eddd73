"""The SQL of counted failures."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.sessions.records import Failures
from api.accounts.sessions.tables import login_failures as failures_table
from api.storage import Transaction
from api.times import Instant

_OF_SUBJECT = failures_table.c.subject == sa.bindparam("subject_key")

_FIND = sa.select(failures_table.c.failures, failures_table.c.since).where(_OF_SUBJECT)
# The update that changes nothing locks the row, there or not, until the transaction ends.
_TAKE = sa.text(
    "INSERT INTO login_failures (subject, failures, since) VALUES (:subject_key, 0, :now)"
    " ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject RETURNING failures, since"
)
_UPDATE = (
    sa.update(failures_table)
    .where(_OF_SUBJECT)
    .values(failures=sa.bindparam("new_count"), since=sa.bindparam("new_since"))
)
_GIVE_BACK = (
    sa.update(failures_table)
    .where(_OF_SUBJECT, failures_table.c.failures > 0)
    .values(failures=failures_table.c.failures - 1)
)
_DELETE = sa.delete(failures_table).where(_OF_SUBJECT)
_DELETE_OLD = sa.delete(failures_table).where(
    failures_table.c.subject.in_(
        sa.select(failures_table.c.subject)
        .where(failures_table.c.since < sa.bindparam("before"))
        .limit(sa.bindparam("most"))
        .with_for_update(skip_locked=True)
    )
)


def find_failures(tx: Transaction, *, subject: str) -> Failures | None:
    """What is counted against `subject`."""
    row = tx.row(_FIND, subject_key=subject)
    return Failures(*row) if row else None


def take_failures(tx: Transaction, *, subject: str) -> Failures:
    """What is counted against `subject`, held until the transaction ends."""
    row = tx.row(_TAKE, subject_key=subject, now=tx.now)
    assert row is not None  # noqa: S101  # RETURNING answers for the row inserted or updated
    return Failures(*row)


def update_failures(tx: Transaction, *, subject: str, failures: Failures) -> None:
    """Store what is counted against `subject`."""
    tx.run(_UPDATE, subject_key=subject, new_count=failures.count, new_since=failures.since)


def give_back_failure(tx: Transaction, *, subject: str) -> None:
    """Count one less against `subject`."""
    tx.run(_GIVE_BACK, subject_key=subject)


def delete_failures(tx: Transaction, *, subject: str) -> None:
    """Forget what is counted against `subject`."""
    tx.run(_DELETE, subject_key=subject)


def delete_old_failures(tx: Transaction, *, before: Instant, most: int) -> None:
    """Forget at most `most` subjects that nothing was counted against since `before`."""
    tx.run(_DELETE_OLD, before=before, most=most)
