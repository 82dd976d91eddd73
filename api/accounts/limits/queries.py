"""The SQL of limits."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.limits.records import Limit, Uses
from api.accounts.limits.tables import limit_uses
from api.storage import Transaction, columns_of
from api.times import Instant

_OF_LIMIT = (
    (limit_uses.c.kind == sa.bindparam("limit_kind"))
    & (limit_uses.c.subject == sa.bindparam("limit_subject"))
    & (limit_uses.c.seconds == sa.bindparam("limit_seconds"))
)
_FIND = sa.select(*columns_of(limit_uses, Uses)).where(_OF_LIMIT)


def find_uses(tx: Transaction, limit: Limit, *, subject: str) -> Uses | None:
    """What `subject` has used of the limit."""
    row = tx.row(_FIND, limit_kind=limit.kind, limit_subject=subject, limit_seconds=limit.seconds)
    return Uses(*row) if row else None


# The update that changes nothing locks the row, there or not, until the transaction ends.
_LOCK = sa.text(
    "INSERT INTO limit_uses (kind, subject, seconds, used, until)"
    " VALUES (:kind, :subject, :seconds, 0, :until)"
    " ON CONFLICT (kind, subject, seconds) DO UPDATE SET used = limit_uses.used RETURNING used, until"
)


def lock_uses(tx: Transaction, limit: Limit, *, subject: str, until: Instant) -> Uses:
    """What `subject` has used of the limit, locked; nothing, until then, if it has not used it yet."""
    row = tx.row(_LOCK, kind=limit.kind, subject=subject, seconds=limit.seconds, until=until)
    assert row is not None  # noqa: S101  # RETURNING answers for the row inserted or updated
    return Uses(*row)


_UPDATE = (
    sa.update(limit_uses)
    .where(_OF_LIMIT)
    .values(used=sa.bindparam("new_used"), until=sa.bindparam("new_until"))
)


def update_uses(tx: Transaction, limit: Limit, uses: Uses, *, subject: str) -> None:
    """Store what `subject` has used of the limit."""
    tx.run(
        _UPDATE,
        limit_kind=limit.kind,
        limit_subject=subject,
        limit_seconds=limit.seconds,
        new_used=uses.used,
        new_until=uses.until,
    )


_OLD = (
    sa.select(limit_uses.c.kind, limit_uses.c.subject, limit_uses.c.seconds)
    .where(limit_uses.c.until < sa.bindparam("before"))
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("old")
)
_DELETE_OLD = sa.delete(limit_uses).where(
    sa.tuple_(limit_uses.c.kind, limit_uses.c.subject, limit_uses.c.seconds).in_(sa.select(*_OLD.c))
)


def delete_old_uses(tx: Transaction, *, before: Instant, most: int) -> int:
    """Remove at most `most` rows whose window ended before, and return how many."""
    return tx.run(_DELETE_OLD, before=before, most=most)
