"""The SQL of second factors."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from api.accounts.second_factors.records import FactorStatus, SecondFactor, Secret
from api.accounts.second_factors.tables import recovery_codes, second_factors
from api.storage import Keyset, Prepared, Transaction, columns_of

_OF_ACCOUNT = second_factors.c.account_id == sa.bindparam("owner_id")
_BY_ID = second_factors.c.id == sa.bindparam("factor_id")
_LEFT = sa.select(sa.func.count()).where(recovery_codes.c.factor_id == second_factors.c.id).scalar_subquery()
_FACTOR = columns_of(second_factors, SecondFactor, recovery_codes_left=_LEFT)
_INSERT = sa.insert(second_factors)
_INSERT_CODES = Prepared(sa.insert(recovery_codes), *recovery_codes.c.keys())


def insert_factor(
    tx: Transaction, *, factor_id: str, account_id: str, secret: bytes, code_hashes: Iterable[bytes]
) -> None:
    """Store a factor that is not active yet, and the hashes of its recovery codes."""
    tx.run(
        _INSERT,
        id=factor_id,
        account_id=account_id,
        status="pending",
        secret=secret,
        last_step=0,
        created_at=tx.now,
        activated_at=None,
    )
    tx.run_many(_INSERT_CODES, [{"code_hash": each, "factor_id": factor_id} for each in code_hashes])


_LIST = (
    sa.select(*_FACTOR)
    .where(_OF_ACCOUNT, second_factors.c.id < sa.bindparam("before"))
    .order_by(second_factors.c.id.desc())
    .limit(sa.bindparam("most"))
)


def list_factors(tx: Transaction, page: Keyset[str], *, account_id: str) -> list[SecondFactor]:
    """A page of the account's factors, newest first."""
    rows = tx.rows(_LIST, owner_id=account_id, before=page.position, most=page.most)
    return [SecondFactor(*row) for row in rows]


_FIND = sa.select(*_FACTOR).where(_OF_ACCOUNT, _BY_ID)


def find_factor(tx: Transaction, *, account_id: str, factor_id: str) -> SecondFactor | None:
    """The account's factor of that id."""
    row = tx.row(_FIND, owner_id=account_id, factor_id=factor_id)
    return SecondFactor(*row) if row else None


_FIND_SECRET = sa.select(*columns_of(second_factors, Secret)).where(
    _OF_ACCOUNT, second_factors.c.status == sa.bindparam("sought_status")
)


def find_secret(tx: Transaction, *, account_id: str, status: FactorStatus) -> Secret | None:
    """The secret of the account's factor that has this status."""
    row = tx.row(_FIND_SECRET, owner_id=account_id, sought_status=status)
    return Secret(*row) if row else None


_IS_ACTIVE = Prepared(sa.select(second_factors.c.id).where(_OF_ACCOUNT, second_factors.c.status == "active"))


def has_active(tx: Transaction, *, account_id: str) -> bool:
    """Whether the account has an active factor."""
    return tx.row(_IS_ACTIVE, owner_id=account_id) is not None


_ACTIVATE = (
    sa.update(second_factors)
    .where(_BY_ID)
    .values(status="active", activated_at=sa.bindparam("now"), last_step=sa.bindparam("step"))
)


def activate_factor(tx: Transaction, *, factor_id: str, step: int) -> None:
    """Store that logins need the factor from now on; the code of that half minute is used."""
    tx.run(_ACTIVATE, factor_id=factor_id, step=step, now=tx.now)


# A later half minute than the next is one of a clock that was set back since.
_USE_STEP = (
    sa.update(second_factors)
    .where(
        _BY_ID,
        (second_factors.c.last_step < sa.bindparam("step"))
        | (second_factors.c.last_step > sa.bindparam("latest")),
    )
    .values(last_step=sa.bindparam("step"))
)


def use_step(tx: Transaction, *, factor_id: str, step: int, latest: int) -> bool:
    """Use up the code of that half minute; False if it is used, or one after it up to `latest`."""
    return tx.run(_USE_STEP, factor_id=factor_id, step=step, latest=latest) == 1


_USE_RECOVERY = sa.delete(recovery_codes).where(
    recovery_codes.c.factor_id == sa.bindparam("of_factor"),
    recovery_codes.c.code_hash == sa.bindparam("sought_hash"),
)


def use_recovery_code(tx: Transaction, *, factor_id: str, code_hash: bytes) -> bool:
    """Use up a recovery code; False if there is none, or it is used."""
    return tx.run(_USE_RECOVERY, of_factor=factor_id, sought_hash=code_hash) == 1


_DELETE = sa.delete(second_factors).where(_OF_ACCOUNT, _BY_ID)


def delete_factor(tx: Transaction, *, account_id: str, factor_id: str) -> None:
    """Remove the account's factor of that id, and its recovery codes."""
    tx.run(_DELETE, owner_id=account_id, factor_id=factor_id)


_DELETE_ALL = sa.delete(second_factors).where(_OF_ACCOUNT)
_DELETE_BY_STATUS = _DELETE_ALL.where(second_factors.c.status == sa.bindparam("sought_status"))


def delete_factors(tx: Transaction, *, account_id: str, status: FactorStatus | None = None) -> int:
    """Remove the account's factors, or those of one status; returns how many there were."""
    if status is None:
        return tx.run(_DELETE_ALL, owner_id=account_id)
    return tx.run(_DELETE_BY_STATUS, owner_id=account_id, sought_status=status)
