"""The SQL of the tokens in mails."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.mail_tokens.records import MailToken
from api.accounts.mail_tokens.tables import mail_tokens
from api.storage import Transaction, columns_of, row_of
from api.times import Instant

_OF_MAIL = mail_tokens.c.mail_id == sa.bindparam("of_mail")
_DELETE = sa.delete(mail_tokens).where(_OF_MAIL)
_INSERT = sa.insert(mail_tokens)


def store_token(tx: Transaction, token: MailToken, *, token_hash: bytes | None) -> None:
    """Store the token of a mail, in place of that of an earlier attempt to send it."""
    tx.run(_DELETE, of_mail=token.mail_id)
    tx.run(_INSERT, **row_of(token, token_hash=token_hash))


_FIND = sa.select(*columns_of(mail_tokens, MailToken)).where(
    mail_tokens.c.token_hash == sa.bindparam("sought_hash")
)


def find_token(tx: Transaction, *, token_hash: bytes) -> MailToken | None:
    """The token with that hash, used or not."""
    row = tx.row(_FIND, sought_hash=token_hash)
    return MailToken(**row._mapping) if row else None


_RESERVED = sa.select(mail_tokens.c.mail_id).where(
    mail_tokens.c.email_key == sa.bindparam("sought_key"),
    mail_tokens.c.purpose == "restore",
    mail_tokens.c.used_at.is_(None),
    mail_tokens.c.expires_at > sa.bindparam("now"),
    mail_tokens.c.account_id != sa.bindparam("except_id"),
)


def is_reserved(tx: Transaction, *, email_key: str, except_id: str) -> bool:
    """Whether an account other than that one may have the address back."""
    return tx.row(_RESERVED, sought_key=email_key, except_id=except_id, now=tx.now) is not None


_SET_HASH = (
    sa.update(mail_tokens)
    .where(_OF_MAIL, mail_tokens.c.used_at.is_(None), mail_tokens.c.expires_at > sa.bindparam("now"))
    .values(token_hash=sa.bindparam("new_hash"))
)


def update_hash(tx: Transaction, *, mail_id: str, token_hash: bytes) -> bool:
    """Store the hash of a mail's token; False if there is none that still works."""
    return tx.run(_SET_HASH, of_mail=mail_id, new_hash=token_hash, now=tx.now) == 1


_SPEND = (
    sa.update(mail_tokens)
    .where(_OF_MAIL, mail_tokens.c.used_at.is_(None))
    .values(used_at=sa.bindparam("now"))
)


def spend_token(tx: Transaction, token: MailToken) -> bool:
    """Use the token up; False if another request has."""
    return tx.run(_SPEND, of_mail=token.mail_id, now=tx.now) == 1


_DELETE_ALL = sa.delete(mail_tokens).where(mail_tokens.c.account_id == sa.bindparam("owner_id"))


def delete_tokens(tx: Transaction, *, account_id: str) -> None:
    """Delete all tokens of the account."""
    tx.run(_DELETE_ALL, owner_id=account_id)


_OLD = (
    sa.select(mail_tokens.c.mail_id)
    .where(mail_tokens.c.expires_at <= sa.bindparam("before"))
    .limit(sa.bindparam("most"))
    .cte("old")
)
_DELETE_OLD = sa.delete(mail_tokens).where(mail_tokens.c.mail_id.in_(sa.select(_OLD.c.mail_id)))


def delete_expired(tx: Transaction, *, before: Instant, most: int) -> int:
    """Delete at most so many tokens that had expired by then, and return how many."""
    return tx.run(_DELETE_OLD, before=before, most=most)
