"""The SQL of the failures that the throttle counts, and of the networks that it knows."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from api.accounts.profiles.tables import accounts
from api.accounts.throttle.records import Failures
from api.accounts.throttle.tables import login_failures, login_networks
from api.storage import Transaction, columns_of
from api.times import Instant

_OF_SUBJECT = login_failures.c.subject == sa.bindparam("subject_key")
_FIND_FAILURES = sa.select(*columns_of(login_failures, Failures, count=login_failures.c.failures)).where(
    _OF_SUBJECT
)


def find_failures(tx: Transaction, *, subject: str) -> Failures | None:
    """The failures counted against `subject`."""
    row = tx.row(_FIND_FAILURES, subject_key=subject)
    return Failures(*row) if row else None


# The update that changes nothing locks the row, there or not, until the transaction ends.
_LOCK_FAILURES = sa.text(
    "INSERT INTO login_failures (subject, failures, since) VALUES (:subject_key, 0, :now)"
    " ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject RETURNING failures, since"
)


def lock_failures(tx: Transaction, *, subject: str) -> Failures:
    """The failures counted against `subject`, locked; a count of 0 if there were none."""
    row = tx.row(_LOCK_FAILURES, subject_key=subject, now=tx.now)
    assert row is not None  # noqa: S101  # RETURNING answers for the row inserted or updated
    return Failures(*row)


_UPDATE_FAILURES = (
    sa.update(login_failures)
    .where(_OF_SUBJECT)
    .values(failures=sa.bindparam("new_count"), since=sa.bindparam("new_since"))
)


def update_failures(tx: Transaction, *, subject: str, failures: Failures) -> None:
    """Store the failures counted against `subject`."""
    tx.run(_UPDATE_FAILURES, subject_key=subject, new_count=failures.count, new_since=failures.since)


_DECREASE = (
    sa.update(login_failures)
    .where(_OF_SUBJECT, login_failures.c.failures > 0)
    .values(failures=login_failures.c.failures - 1)
)


def decrease_failures(tx: Transaction, *, subject: str) -> None:
    """Count one less against `subject`."""
    tx.run(_DECREASE, subject_key=subject)


_DELETE_FAILURES = sa.delete(login_failures).where(_OF_SUBJECT)


def delete_failures(tx: Transaction, *, subject: str) -> None:
    """Remove the failures counted against `subject`."""
    tx.run(_DELETE_FAILURES, subject_key=subject)


_DELETE_FAILURES_OF = sa.delete(login_failures).where(
    _OF_SUBJECT
    | ((login_failures.c.subject > sa.bindparam("first")) & (login_failures.c.subject < sa.bindparam("end")))
)


def delete_failures_of(tx: Transaction, *, account: str) -> None:
    """Remove the failures counted against `account`, and those of each network: `<account>:<network>`."""
    tx.run(_DELETE_FAILURES_OF, subject_key=account, first=f"{account}:", end=f"{account};")


_OLD_FAILURES = (
    sa.select(login_failures.c.subject)
    .where(login_failures.c.since < sa.bindparam("before"))
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("old")
)
_DELETE_OLD_FAILURES = sa.delete(login_failures).where(
    login_failures.c.subject.in_(sa.select(_OLD_FAILURES.c.subject))
)


def delete_old_failures(tx: Transaction, *, before: Instant, most: int) -> int:
    """Remove at most `most` subjects against which nothing was counted since `before`; returns how many."""
    return tx.run(_DELETE_OLD_FAILURES, before=before, most=most)


_KNOWS_NETWORK = (
    sa.select(login_networks.c.network)
    .join_from(login_networks, accounts)
    .where(
        accounts.c.email_key == sa.bindparam("email_key"),
        login_networks.c.network == sa.bindparam("network_key"),
        login_networks.c.last_login_at > sa.bindparam("since"),
    )
)


def knows_network(tx: Transaction, *, email_key: str, network: str, since: Instant) -> bool:
    """Whether the account of this e-mail has logged in from there since."""
    return tx.row(_KNOWS_NETWORK, email_key=email_key, network_key=network, since=since) is not None


_HAS_NETWORK = sa.select(login_networks.c.network).where(
    login_networks.c.account_id == sa.bindparam("owner_id"),
    login_networks.c.network == sa.bindparam("network_key"),
    login_networks.c.last_login_at > sa.bindparam("since"),
)


def has_network(tx: Transaction, *, account_id: str, network: str, since: Instant) -> bool:
    """Whether the account has logged in from there since."""
    return tx.row(_HAS_NETWORK, owner_id=account_id, network_key=network, since=since) is not None


_UPSERT_NETWORK = (
    insert(login_networks)
    .values(
        account_id=sa.bindparam("owner_id"),
        network=sa.bindparam("network_key"),
        last_login_at=sa.bindparam("now"),
    )
    .on_conflict_do_update(
        index_elements=["account_id", "network"], set_={"last_login_at": sa.bindparam("now")}
    )
)
_DELETE_OLD_NETWORKS = sa.delete(login_networks).where(
    login_networks.c.account_id == sa.bindparam("owner_id"),
    login_networks.c.last_login_at <= sa.bindparam("before"),
)


def note_network(tx: Transaction, *, account_id: str, network: str, forget_before: Instant) -> None:
    """Record that the account logs in from there now, and remove where it has not been for long."""
    tx.run(_UPSERT_NETWORK, owner_id=account_id, network_key=network, now=tx.now)
    tx.run(_DELETE_OLD_NETWORKS, owner_id=account_id, before=forget_before)


_DELETE_NETWORKS = sa.delete(login_networks).where(login_networks.c.account_id == sa.bindparam("owner_id"))


def delete_networks(tx: Transaction, *, account_id: str) -> None:
    """Remove all networks of the account."""
    tx.run(_DELETE_NETWORKS, owner_id=account_id)
