"""Background work as a table of contents: every kind of job and every chore."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from api.accounts.limits import rules as limits
from api.accounts.throttle import rules as throttle
from api.events import rules as events
from api.jobs.worker import Chore, Tasks
from api.mail import rules as mail
from api.mail.records import MailKind
from api.mail.sending import Compose, Sender
from api.settings import Settings
from api.storage import Database
from api.web import idempotency

LETTERS: Mapping[MailKind, Compose] = {}
"""Kind of mail → who finds out what it says."""

SWEEPS: Mapping[str, Callable[[Database], bool]] = {
    "events": events.sweep,
    "failed logins": throttle.sweep,
    "answers to keys": idempotency.sweep,
    "mails": mail.sweep,
    "uses of limits": limits.sweep,
}
"""What is deleted once it is too old."""


def tasks(db: Database, settings: Settings) -> Tasks:
    """Kind of job → how to do it, and the chores."""
    return Tasks(
        handlers={mail.JOB: Sender(db, settings, LETTERS).handler},
        chores=[
            Chore("number events", partial(events.number, db), every=0.5),
            *(Chore(f"delete old {name}", partial(sweep, db), every=600) for name, sweep in SWEEPS.items()),
        ],
    )
