"""The SQL of mails about comments."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from api.accounts.profiles.records import Account
from api.accounts.profiles.tables import accounts
from api.articles.comments.tables import comments
from api.mail.tables import mail_texts, mails
from api.roles import ACTIVE, COMMENTS_MODERATE, PERMISSIONS
from api.storage import Transaction, columns_of
from api.times import Instant

_ACCOUNT = columns_of(accounts, Account)
_MODERATING = [role for role, permissions in PERMISSIONS.items() if COMMENTS_MODERATE in permissions]
_IS_ACTIVE = accounts.c.status == ACTIVE
_IS_WAITING_DIGEST = sa.and_(mails.c.kind == "comment-waits", mails.c.state == "waiting")

_MODERATORS = sa.select(*_ACCOUNT).where(accounts.c.role.in_(_MODERATING), _IS_ACTIVE)
_WITHOUT_DIGEST = _MODERATORS.where(
    ~sa.exists().where(
        mails.c.account_id == accounts.c.id, _IS_WAITING_DIGEST, mails.c.at > sa.bindparam("since")
    )
)


def list_without_digest(tx: Transaction, *, since: Instant) -> list[Account]:
    """The moderators for whom no digest waits that was asked for after `since`."""
    return [Account(*row) for row in tx.rows(_WITHOUT_DIGEST, since=since)]


_MODERATOR = _MODERATORS.where(accounts.c.id == sa.bindparam("moderator"))


def find_moderator(tx: Transaction, *, account_id: str) -> Account | None:
    """The account, if it moderates comments."""
    row = tx.row(_MODERATOR, moderator=account_id)
    return Account(*row) if row else None


_LATER_DIGEST = sa.select(mails.c.id).where(
    mails.c.account_id == sa.bindparam("moderator"),
    _IS_WAITING_DIGEST,
    mails.c.id > sa.bindparam("mail"),
    mails.c.at <= sa.bindparam("until"),
)


def has_later_digest(tx: Transaction, *, account_id: str, mail_id: str, until: Instant) -> bool:
    """Whether a later digest than this one, asked for by `until`, waits for the moderator too."""
    return tx.value(_LATER_DIGEST.limit(1), moderator=account_id, mail=mail_id, until=until) is not None


_answer = comments.alias("answer")
_ANSWERED = (
    sa.select(*_ACCOUNT)
    .join_from(_answer, comments, _answer.c.parent_id == comments.c.id)
    .join(accounts, comments.c.account_id == accounts.c.id)
    .where(
        _answer.c.id == sa.bindparam("answer"),
        _answer.c.account_id != accounts.c.id,
        comments.c.status == "approved",
        _IS_ACTIVE,
    )
)


def find_answered(tx: Transaction, *, comment_id: str) -> Account | None:
    """The author of the comment that this one answers, if somebody else who may log in."""
    row = tx.row(_ANSWERED, answer=comment_id)
    return Account(*row) if row else None


_NOTICE = sa.select(mails.c.id).where(
    mails.c.account_id == sa.bindparam("account"),
    mails.c.kind == "comment-answered",
    mails.c.facts == sa.bindparam("facts"),
    # Without a subject, one that does not wait was needless when it was to be written.
    sa.or_(mails.c.state == "waiting", mails.c.subject.is_not(None)),
)


def has_notice(tx: Transaction, *, account_id: str, comment_id: str) -> bool:
    """Whether the account has been written to about this answer, or will be."""
    facts = msgspec.json.encode({"comment": comment_id}).decode()
    return tx.value(_NOTICE.limit(1), account=account_id, facts=facts) is not None


_DELETE_TEXTS = sa.delete(mail_texts).where(
    mail_texts.c.mail_id.in_(
        sa.select(mails.c.id).where(mails.c.kind.in_(("comment-waits", "comment-answered")))
    )
)


def delete_texts(tx: Transaction) -> None:
    """Delete the texts of all mails about comments that nothing has sent."""
    tx.run(_DELETE_TEXTS)
