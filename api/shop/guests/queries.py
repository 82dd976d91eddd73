"""The SQL of guests."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from api.accounts.profiles.tables import accounts
from api.roles import ACTIVE
from api.shop.guests.tables import guest_networks, order_tokens
from api.shop.orders.tables import UNPAID, orders
from api.storage import Among, Row, Transaction
from api.times import Instant

_INSERT = sa.insert(order_tokens)
_OF_ORDER = order_tokens.c.order_id == sa.bindparam("of_order")
_DELETE_OF_MAIL = sa.delete(order_tokens).where(_OF_ORDER, order_tokens.c.mail_id == sa.bindparam("of_mail"))
_alike = order_tokens.alias("alike")
_DELETE_OLDEST = sa.delete(order_tokens).where(
    _OF_ORDER,
    order_tokens.c.mail_id.is_not(None) == sa.bindparam("mailed", type_=sa.Boolean),
    order_tokens.c.hash.not_in(
        sa.select(_alike.c.hash)
        .where(
            _alike.c.order_id == sa.bindparam("of_order"),
            _alike.c.mail_id.is_not(None) == sa.bindparam("mailed", type_=sa.Boolean),
        )
        .order_by(_alike.c.created_at.desc(), _alike.c.hash)
        .limit(sa.bindparam("most"))
    ),
)


def insert_token(
    tx: Transaction, *, token_hash: bytes, order_id: str, mail_id: str | None, expires_at: Instant, most: int
) -> None:
    """Store a token, in place of the oldest beyond `most` of those in mails, or of those in answers.

    Those of mails are counted apart, so that whoever asks for mails ends no token of an answer.
    """
    mailed = mail_id is not None
    if mailed:
        tx.run(_DELETE_OF_MAIL, of_order=order_id, of_mail=mail_id)
    tx.run(_DELETE_OLDEST, of_order=order_id, mailed=mailed, most=most - 1)
    tx.run(
        _INSERT,
        hash=token_hash,
        order_id=order_id,
        mail_id=mail_id,
        created_at=tx.now,
        expires_at=expires_at,
        revoked_at=None,
    )


_IS_OPEN = orders.c.account_id.is_(None) | (accounts.c.status == ACTIVE)
_WITH_ACCOUNT = orders.outerjoin(accounts, accounts.c.id == orders.c.account_id)
_FIND = (
    sa.select(orders.c.id, orders.c.email)
    .select_from(_WITH_ACCOUNT.join(order_tokens, order_tokens.c.order_id == orders.c.id))
    .where(
        order_tokens.c.hash == sa.bindparam("token_hash"),
        order_tokens.c.revoked_at.is_(None),
        order_tokens.c.expires_at > sa.bindparam("now"),
        _IS_OPEN,
    )
)


def find_order_of(tx: Transaction, *, token_hash: bytes) -> Row | None:
    """Id and e-mail of the order of that token, if it still works."""
    return tx.row(_FIND, token_hash=token_hash, now=tx.now)


_CONTACT = (
    sa.select(orders.c.id, orders.c.number, orders.c.email, orders.c.account_id)
    .select_from(_WITH_ACCOUNT)
    .where(
        orders.c.number == sa.bindparam("sought_number"),
        orders.c.email_key == sa.bindparam("sought_key"),
        _IS_OPEN,
    )
)


def find_contact(tx: Transaction, *, number: int, email_key: str) -> Row | None:
    """Id, number, e-mail and account of the order of that number, if it has that e-mail."""
    return tx.row(_CONTACT, sought_number=number, sought_key=email_key)


_WAS_REVOKED = (
    sa.select(order_tokens.c.hash).where(_OF_ORDER, order_tokens.c.revoked_at.is_not(None)).limit(1)
)
_REVOKE = (
    sa.update(order_tokens)
    .where(_OF_ORDER, order_tokens.c.revoked_at.is_(None))
    .values(revoked_at=sa.bindparam("now"))
)


def has_revoked(tx: Transaction, *, order_id: str) -> bool:
    """Whether tokens of the order have been ended."""
    return tx.row(_WAS_REVOKED, of_order=order_id) is not None


def revoke_tokens(tx: Transaction, *, order_id: str) -> None:
    """End all tokens of the order."""
    tx.run(_REVOKE, of_order=order_id, now=tx.now)


_WITH_TOKENS = (
    sa.select(order_tokens.c.order_id)
    .join_from(order_tokens, orders)
    .where(orders.c.account_id == sa.bindparam("account"))
    .distinct()
)
_DELETE_TOKENS = sa.delete(order_tokens).where(Among(order_tokens.c.order_id, "ids"))


def delete_tokens_of(tx: Transaction, *, account_id: str) -> list[str]:
    """Delete the tokens of all orders of the account; the ids of those that had some."""
    ids = [row.order_id for row in tx.rows(_WITH_TOKENS, account=account_id)]
    tx.run(_DELETE_TOKENS, ids=ids)
    return ids


_EXPIRED = (
    sa.select(order_tokens.c.hash)
    .where(order_tokens.c.expires_at <= sa.bindparam("before"))
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("expired")
)
_DELETE_EXPIRED = sa.delete(order_tokens).where(order_tokens.c.hash.in_(sa.select(_EXPIRED.c.hash)))


def delete_expired(tx: Transaction, *, before: Instant, most: int) -> int:
    """Delete at most so many tokens that had expired by then, and return how many."""
    return tx.run(_DELETE_EXPIRED, before=before, most=most)


_INSERT_NETWORK = sa.insert(guest_networks)


def insert_network(tx: Transaction, *, order_id: str, network: str) -> None:
    """Store the network that the order of a guest comes from."""
    tx.run(_INSERT_NETWORK, order_id=order_id, network=network)


_HOURS = (
    sa.select(orders.c.expires_at)
    .where(
        UNPAID,
        orders.c.account_id.is_(None),
        sa.or_(orders.c.expires_at.is_(None), orders.c.expires_at > sa.bindparam("now")),
    )
    .limit(sa.bindparam("most"))
)
_OF_EMAIL = _HOURS.where(orders.c.email_key == sa.bindparam("sought"))
_OF_NETWORK = _HOURS.join_from(orders, guest_networks).where(
    guest_networks.c.network == sa.bindparam("sought")
)


def list_unpaid_of_email(tx: Transaction, *, email_key: str, most: int) -> list[Instant | None]:
    """When each of the unpaid orders of guests with that e-mail expires, None for never."""
    return [row.expires_at for row in tx.rows(_OF_EMAIL, sought=email_key, now=tx.now, most=most)]


def list_unpaid_of_network(tx: Transaction, *, network: str, most: int) -> list[Instant | None]:
    """When each of the unpaid orders of guests in that network expires, None for never."""
    return [row.expires_at for row in tx.rows(_OF_NETWORK, sought=network, now=tx.now, most=most)]


_SETTLED = (
    sa.select(guest_networks.c.order_id)
    .join_from(guest_networks, orders)
    .where(~(UNPAID & orders.c.account_id.is_(None)))
    .limit(sa.bindparam("most"))
    .with_for_update(of=guest_networks, skip_locked=True)
    .cte("settled")
)
_DELETE_SETTLED = sa.delete(guest_networks).where(
    guest_networks.c.order_id.in_(sa.select(_SETTLED.c.order_id))
)


def delete_settled_networks(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the networks whose orders count for no limit any more; how many."""
    return tx.run(_DELETE_SETTLED, most=most)


_UNCLAIMED = (
    sa.select(orders.c.id)
    .where(orders.c.account_id.is_(None), orders.c.email_key == sa.bindparam("sought_key"))
    .order_by(orders.c.id)
    .limit(sa.bindparam("most"))
    .with_for_update(key_share=True)
)
_FORGET_NETWORKS = sa.delete(guest_networks).where(Among(guest_networks.c.order_id, "ids"))


def lock_unclaimed(tx: Transaction, *, email_key: str, most: int) -> list[str]:
    """Lock the oldest orders of guests with that e-mail, at most so many; their ids."""
    return [row.id for row in tx.rows(_UNCLAIMED, sought_key=email_key, most=most)]


def delete_networks(tx: Transaction, ids: Sequence[str]) -> None:
    """Forget where these orders come from."""
    tx.run(_FORGET_NETWORKS, ids=list(ids))
