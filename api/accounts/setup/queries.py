"""The SQL of the link to the first owner."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from api.accounts.setup.tables import setup_links
from api.storage import Transaction
from api.times import Instant

_NEW: dict[str, sa.BindParameter[Any]] = {
    "token_hash": sa.bindparam("new_hash"),
    "expires_at": sa.bindparam("new_expiry"),
}
_STORE = insert(setup_links).values(id=1, **_NEW).on_conflict_do_update(index_elements=["id"], set_=_NEW)


def store_link(tx: Transaction, *, token_hash: bytes, expires_at: Instant) -> None:
    """Store a link in place of the one before."""
    tx.run(_STORE, new_hash=token_hash, new_expiry=expires_at)


_IS_THIS = (setup_links.c.token_hash == sa.bindparam("sought_hash")) & (
    setup_links.c.expires_at > sa.bindparam("now")
)
_FIND = sa.select(setup_links.c.id).where(_IS_THIS)


def has_link(tx: Transaction, *, token_hash: bytes) -> bool:
    """Whether that is the hash of the link, and it has not expired."""
    return tx.row(_FIND, sought_hash=token_hash, now=tx.now) is not None


_SPEND = sa.delete(setup_links).where(_IS_THIS)


def spend_link(tx: Transaction, *, token_hash: bytes) -> bool:
    """Delete the link with that hash; False if it is gone or has expired."""
    return tx.run(_SPEND, sought_hash=token_hash, now=tx.now) == 1


_DELETE = sa.delete(setup_links)


def delete_link(tx: Transaction) -> None:
    """Delete the link."""
    tx.run(_DELETE)
