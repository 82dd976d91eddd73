"""The SQL of challenges."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.challenges.records import Challenge
from api.accounts.challenges.tables import login_challenges
from api.storage import Transaction, columns_of, row_of
from api.times import Instant

_OF_ACCOUNT = login_challenges.c.account_id == sa.bindparam("owner_id")
_DELETE_OLDEST = sa.delete(login_challenges).where(
    _OF_ACCOUNT,
    login_challenges.c.id.not_in(
        sa.select(login_challenges.c.id)
        .where(_OF_ACCOUNT)
        .order_by(login_challenges.c.id.desc())
        .limit(sa.bindparam("most"))
    ),
)
_INSERT = sa.insert(login_challenges)


def insert_challenge(
    tx: Transaction, challenge: Challenge, *, token_hash: bytes, expires_at: Instant, most: int
) -> None:
    """Store a challenge; of more than `most` of its account the oldest go."""
    tx.run(_DELETE_OLDEST, owner_id=challenge.account_id, most=most - 1)
    tx.run(_INSERT, **row_of(challenge, token_hash=token_hash, expires_at=expires_at))


_FIND = sa.select(*columns_of(login_challenges, Challenge)).where(
    login_challenges.c.token_hash == sa.bindparam("sought_hash"),
    login_challenges.c.expires_at > sa.bindparam("now"),
)


def find_challenge(tx: Transaction, *, token_hash: bytes) -> Challenge | None:
    """The challenge with that hash, unless it has expired."""
    row = tx.row(_FIND, sought_hash=token_hash, now=tx.now)
    return Challenge(*row) if row else None


_DELETE = sa.delete(login_challenges).where(login_challenges.c.id == sa.bindparam("challenge_id"))


def delete_challenge(tx: Transaction, *, challenge_id: str) -> bool:
    """Delete a challenge; False if another request has."""
    return tx.run(_DELETE, challenge_id=challenge_id) == 1


_OLD = (
    sa.select(login_challenges.c.id)
    .where(login_challenges.c.expires_at <= sa.bindparam("before"))
    .limit(sa.bindparam("most"))
    .cte("old")
)
_DELETE_OLD = sa.delete(login_challenges).where(login_challenges.c.id.in_(sa.select(_OLD.c.id)))


def delete_expired(tx: Transaction, *, before: Instant, most: int) -> int:
    """Delete at most so many challenges that had expired by then, and return how many."""
    return tx.run(_DELETE_OLD, before=before, most=most)
