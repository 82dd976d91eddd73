"""The SQL of mails."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from api.mail.records import KeptMail, Letter, Mail, MailKind, MailState, Request
from api.mail.tables import mail_texts, mails
from api.storage import Keyset, Prepared, Row, Transaction, columns_of, row_of

_INSERT = Prepared(insert(mails).on_conflict_do_nothing(), *mails.c.keys())


def insert_mail(tx: Transaction, request: Request) -> bool:
    """Store a mail that is asked for; False if it was asked for before."""
    row = row_of(
        request.mail,
        account_id=request.account_id,
        to_staff=int(request.to_staff),
        facts=msgspec.json.encode(request.facts).decode(),
        about=request.about,
    )
    return tx.run(_INSERT, **row) == 1


_GONE_OUT = (
    sa.select(mails.c.id)
    .where(
        mails.c.about == sa.bindparam("sought_about"),
        mails.c.kind == sa.bindparam("sought_kind"),
        mails.c.state.in_(("sent", "kept")),
        mails.c.error.is_(None),
    )
    .limit(1)
)


def has_gone_out(tx: Transaction, *, kind: MailKind, about: str) -> bool:
    """Whether a mail of that kind about that thing has been sent, or written where none are sent."""
    return tx.row(_GONE_OUT, sought_about=about, sought_kind=kind) is not None


_MAIL = columns_of(mails, Mail)
_OF_MAIL = mails.c.id == sa.bindparam("mail_id")
_FIND = sa.select(*_MAIL, mails.c.account_id, mails.c.to_staff, mails.c.facts, mails.c.about).where(_OF_MAIL)


def find_request(tx: Transaction, *, mail_id: str, lock: bool = False) -> Request | None:
    """The mail of that id, and what it is written from."""
    row = tx.row(_FIND.with_for_update() if lock else _FIND, mail_id=mail_id)
    if row is None:
        return None
    return Request(
        mail=_mail(row),
        account_id=row.account_id,
        to_staff=bool(row.to_staff),
        facts=msgspec.json.decode(row.facts),
        about=row.about,
    )


_LIST = (
    sa.select(*_MAIL)
    .where(mails.c.id < sa.bindparam("before"))
    .order_by(mails.c.id.desc())
    .limit(sa.bindparam("most"))
)
_FILTERS = {
    name: mails.c[name] == sa.bindparam(f"sought_{name}") for name in ("state", "to", "kind", "account_id")
}


def list_mails(
    tx: Transaction,
    page: Keyset[str],
    *,
    state: MailState | None = None,
    to: str | None = None,
    kind: MailKind | None = None,
    account_id: str | None = None,
) -> list[Mail]:
    """A page of mails, newest first."""
    filters = {"state": state, "to": to, "kind": kind, "account_id": account_id}
    sought = {name: value for name, value in filters.items() if value}
    statement = _LIST.where(*(_FILTERS[name] for name in sought))
    values = {f"sought_{name}": value for name, value in sought.items()}
    return [_mail(row) for row in tx.rows(statement, before=page.position, most=page.most, **values)]


def _mail(row: Row) -> Mail:
    return Mail(**{field: row._mapping[field] for field in Mail.__struct_fields__})


_UPDATE = (
    sa.update(mails)
    .where(_OF_MAIL, mails.c.to.is_not(None))
    .values(
        state=sa.bindparam("new_state"),
        subject=sa.func.coalesce(sa.bindparam("new_subject"), mails.c.subject),
        attempts=mails.c.attempts + sa.bindparam("more"),
        error=sa.bindparam("new_error"),
    )
)


def update_state(
    tx: Transaction,
    *,
    mail_id: str,
    state: MailState,
    subject: str | None = None,
    attempts: int = 0,
    error: str | None = None,
) -> bool:
    """Store what became of the mail, with so many attempts more; False if it was emptied meanwhile."""
    values = {"new_state": state, "new_subject": subject, "more": attempts, "new_error": error}
    return tx.run(_UPDATE, mail_id=mail_id, **values) == 1


_READDRESS = (
    sa.update(mails)
    .where(_OF_MAIL)
    .values(
        kind=sa.bindparam("new_kind"),
        to=sa.bindparam("new_to"),
        language=sa.bindparam("new_language"),
        account_id=sa.bindparam("new_account"),
        to_staff=sa.bindparam("new_to_staff"),
    )
)


def update_recipient(
    tx: Transaction,
    *,
    mail_id: str,
    kind: MailKind,
    to: str,
    language: str,
    account_id: str | None,
    to_staff: bool,
) -> None:
    """Store for whom the mail is."""
    tx.run(
        _READDRESS,
        mail_id=mail_id,
        new_kind=kind,
        new_to=to,
        new_language=language,
        new_account=account_id,
        new_to_staff=int(to_staff),
    )


_DELETE_TEXT = sa.delete(mail_texts).where(mail_texts.c.mail_id == sa.bindparam("mail_id"))
_INSERT_TEXT = sa.insert(mail_texts)


def store_text(tx: Transaction, letter: Letter, *, mail_id: str) -> None:
    """Store the text of a mail that nothing sends, in place of an earlier one."""
    delete_text(tx, mail_id=mail_id)
    tx.run(_INSERT_TEXT, mail_id=mail_id, text=letter.text)


def delete_text(tx: Transaction, *, mail_id: str) -> None:
    """Delete the text of a mail that nothing had sent until now."""
    tx.run(_DELETE_TEXT, mail_id=mail_id)


_TEXT = sa.select(mail_texts.c.text).where(mail_texts.c.mail_id == sa.bindparam("mail_id"))


def find_text(tx: Transaction, *, mail_id: str) -> str | None:
    """The text of a mail that nothing has sent."""
    return tx.value(_TEXT, mail_id=mail_id)  # type: ignore[no-any-return]


_KEPT = (
    sa.select(*_MAIL, mail_texts.c.text)
    .join_from(mails, mail_texts)
    .order_by(mails.c.id)
    .limit(sa.bindparam("most"))
)


def list_kept(tx: Transaction, *, most: int) -> list[KeptMail]:
    """The mails that nothing has sent, oldest first."""
    return [KeptMail(**row._mapping) for row in tx.rows(_KEPT, most=most)]


_DELETE_KEPT = sa.delete(mails).where(mails.c.id.in_(sa.select(mail_texts.c.mail_id)))


def delete_kept(tx: Transaction) -> None:
    """Delete the mails that nothing has sent."""
    tx.run(_DELETE_KEPT)


_OF_ACCOUNT = mails.c.account_id == sa.bindparam("account")
_EMPTY = (
    sa.update(mails)
    .where(_OF_ACCOUNT)
    .values(
        state=sa.case((mails.c.state == "waiting", "kept"), else_=mails.c.state),  # its job leaves it alone
        **dict.fromkeys(("to", "subject", "account_id", "error", "about")),
        facts="{}",
    )
)
_EMPTY_TEXTS = sa.delete(mail_texts).where(mail_texts.c.mail_id.in_(sa.select(mails.c.id).where(_OF_ACCOUNT)))


def empty_mails(tx: Transaction, *, account_id: str) -> None:
    """Remove address, subject and text of the account's mails."""
    tx.run(_EMPTY_TEXTS, account=account_id)
    tx.run(_EMPTY, account=account_id)


_OLD = (
    sa.select(mails.c.id)
    .where(mails.c.id < sa.bindparam("before"), mails.c.state != "waiting")
    .order_by(mails.c.id)
    .limit(sa.bindparam("most"))
    .cte("old")
)
_DELETE_OLD = sa.delete(mails).where(mails.c.id.in_(sa.select(_OLD.c.id)))


def delete_old(tx: Transaction, *, before: str, most: int) -> int:
    """Delete at most so many mails with ids before that one, and return how many."""
    return tx.run(_DELETE_OLD, before=before, most=most)
