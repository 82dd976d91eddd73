"""A mail is asked for in the transaction of what it is about, and written by the job that sends it.

So the secrets in its links are made at the last moment, and no database or backup ever holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from api import times
from api.errors import NotFound
from api.ids import first_id
from api.jobs import rules as jobs
from api.mail import queries
from api.mail.records import Mail, MailKind, Request
from api.storage import Transaction
from api.times import Instant

JOB = "mail"
DAYS = 90


def post(
    tx: Transaction,
    kind: MailKind,
    *,
    to: str,
    language: str,
    facts: Mapping[str, str] | None = None,
    account_id: str | None = None,
    to_staff: bool = False,
    due_at: Instant | None = None,
    about: str | None = None,
) -> Mail:
    """Have a mail sent once `tx` has committed, or at `due_at`; `facts` are ids, never secrets.

    `account_id` is the account that it is about; what is left of it goes when that is erased. With `about`,
    the id of a thing, there is one mail at most of that kind and these facts.
    """
    mail = Mail(
        id=tx.new_id("mail"),
        kind=kind,
        to=to,
        subject=None,
        language=language,
        state="waiting",
        attempts=0,
        error=None,
        at=tx.now,
    )
    request = Request(mail=mail, account_id=account_id, to_staff=to_staff, facts=facts or {}, about=about)
    if queries.insert_mail(tx, request):
        jobs.leave(tx, JOB, {"mail": mail.id}, due_at=due_at)
    return mail


def readdress(
    tx: Transaction,
    request: Request,
    *,
    kind: MailKind,
    to: str,
    language: str | None,
    account_id: str | None,
    to_staff: bool,
) -> None:
    """Send a mail that was asked for by anybody to the address that its account or order really has."""
    queries.update_recipient(
        tx,
        mail_id=request.mail.id,
        kind=kind,
        to=to,
        language=language or request.mail.language,
        account_id=account_id,
        to_staff=to_staff,
    )


def has_gone_out(tx: Transaction, kind: MailKind, *, about: str) -> bool:
    """Whether a mail of that kind about that thing has gone out."""
    return queries.has_gone_out(tx, kind=kind, about=about)


def find(tx: Transaction, *, ref: str, lock: bool = False) -> Request:
    """The mail of that id, and what it is written from, or NotFound."""
    request = queries.find_request(tx, mail_id=ref, lock=lock)
    if request is None:
        raise NotFound
    return request


def send_again(tx: Transaction, request: Request) -> Request:
    """Have a mail written and sent once more, or now if it still waits. NotFound if emptied."""
    mail = request.mail
    if mail.to is None:
        raise NotFound
    if mail.state != "waiting":
        queries.update_state(tx, mail_id=mail.id, state="waiting")
    jobs.hasten(tx, JOB, {"mail": mail.id})
    return find(tx, ref=mail.id)


def forget(tx: Transaction, *, account_id: str) -> None:
    """Remove address, subject and text from all mails of an erased account."""
    queries.empty_mails(tx, account_id=account_id)


def sweep(tx: Transaction, *, most: int) -> int:
    """Delete at most so many of the mails that are too old, and return how many."""
    before = first_id("mail", times.moment(tx.now) - timedelta(days=DAYS))
    return queries.delete_old(tx, before=before, most=most)
