"""Background work as a table of contents: every kind of job and every chore."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from api.accounts.challenges import rules as challenges
from api.accounts.email_changes import rules as email_changes
from api.accounts.limits import rules as limits
from api.accounts.login_codes import rules as login_codes
from api.accounts.mail_tokens import rules as mail_tokens
from api.accounts.resets import rules as resets
from api.accounts.sessions import networks
from api.accounts.throttle import rules as throttle
from api.articles.announcements import rules as announcements
from api.articles.comments.notices import rules as comment_notices
from api.audit import rules as audit
from api.events import rules as events
from api.imports.uploads import rules as imports
from api.imports.uploads.processes import Importer
from api.jobs.worker import Chore, Tasks
from api.mail import rules as mail
from api.mail.records import MailKind
from api.mail.sending import Compose, Sender
from api.media import files as media_files
from api.media import rules as media
from api.settings import Settings
from api.shop.downloads import rules as downloads
from api.shop.guests import links, tokens
from api.shop.guests import rules as guests
from api.shop.letters import rules as shop_letters
from api.shop.letters.facts import Composer
from api.shop.payments import calls as payment_calls
from api.shop.payments.news import rules as payment_news
from api.shop.payments.providers import switched_on
from api.shop.stock import holds
from api.shop.variants import sales
from api.storage import Database, Transaction
from api.web import idempotency
from api.webhooks.deliveries import rules as deliveries
from api.webhooks.deliveries import sending
from api.webhooks.sender import Post
from api.webhooks.sender import Sender as WebhookSender

SWEPT_AT_ONCE = 500
PATIENCE = 0.1
"""Seconds that a sweep waits for others who write, since it can be done later."""


class Sweep(Protocol):
    """A rule that deletes what is too old."""

    def __call__(self, tx: Transaction, *, most: int) -> int:
        """Delete at most so many, and return how many."""


SWEEPS: dict[str, Sweep] = {
    "events": events.sweep,
    "failed logins": throttle.sweep,
    "answers to keys": idempotency.sweep,
    "mails": mail.sweep,
    "codes in mails": login_codes.sweep,
    "challenges of logins": challenges.sweep,
    "tokens in mails": mail_tokens.sweep,
    "uses of limits": limits.sweep,
    "events of providers": payment_news.sweep,
    "tokens of orders": tokens.sweep,
    "links to downloads": downloads.sweep,
    "networks of guests": guests.sweep,
    "imports": imports.sweep,
}
"""What is deleted once it is too old."""


def letters(settings: Settings) -> Mapping[MailKind, Compose]:
    """Kind of mail → who finds out what it says."""
    site = settings.public_site
    of_orders = Composer(site=site, seller=settings.seller, transfer_text=settings.transfer_text)
    return {
        "verify": partial(email_changes.compose_confirmation, site=site),
        "login-code": partial(login_codes.compose, for_staff=settings.staff_codes == "on"),
        "reset": partial(resets.compose, site=site),
        "email-changed": partial(email_changes.compose_notice, site=site),
        "sign-up-taken": partial(email_changes.compose_taken, site=site),
        "new-login": partial(networks.compose_notice, site=site),
        "password-changed": partial(resets.compose_notice, site=site),
        "comment-waits": partial(comment_notices.compose_digest, site=site),
        "comment-answered": partial(comment_notices.compose_answer, site=site),
        "webhook-disabled": sending.letter,
        "order-link": partial(links.compose, site=site),
        **of_orders.letters,
    }


def tasks(db: Database, settings: Settings, post: Post | None = None) -> Tasks:
    """Kind of job → how to do it, and the chores; a rehearsal passes how it posts to webhooks."""
    sweeps = SWEEPS | {"audit events": partial(audit.sweep, days=settings.audit_days)}
    importer = Importer(db, settings, apart=post is None)  # a rehearsal has a clock of its own
    post = post or WebhookSender(settings.webhook_inside)
    providers = switched_on(settings, db)
    calls = payment_calls.calls(db, settings, providers)
    return Tasks(
        handlers={
            **calls.handlers,
            mail.JOB: Sender(db, settings, letters(settings)).handler,
            payment_news.FIND: payment_news.finder(providers),
            media.REMOVAL: media_files.Remover(db, media_files.store_of(settings, db)).handler,
            **sending.Deliverer(db, post, settings.languages[0]).handlers,
        },
        chores=[
            Chore("number events", partial(events.number, db), every=0.5),
            Chore("deliver events", partial(deliveries.fan_out, db), every=0.5),
            Chore("announce articles", partial(announcements.announce, db), every=3),
            Chore("close payments", calls.close_overdue, every=3),
            Chore("begin and end sales", partial(sales.note_turns, db), every=3),
            Chore("expire orders", partial(holds.expire_overdue, db), every=3),
            Chore("ask for transfers", partial(shop_letters.ask, db), every=3),
            Chore("import files", importer.act, every=1),
            Chore("give up lost imports", partial(_swept, db, imports.give_up_lost), every=600),
            *(
                Chore(f"delete old {name}", partial(_swept, db, sweep), every=600)
                for name, sweep in sweeps.items()
            ),
        ],
    )


def _swept(db: Database, sweep: Sweep) -> bool:
    """Whether there may be more to delete."""
    with db.write(wait=PATIENCE) as tx:
        return sweep(tx, most=SWEPT_AT_ONCE) == SWEPT_AT_ONCE
