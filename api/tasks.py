"""Background work as a table of contents: every kind of job and every chore."""

from __future__ import annotations

from collections.abc import Mapping

from api.events import rules as events
from api.jobs.worker import Chore, Tasks
from api.mail import rules as mail
from api.mail.records import MailKind
from api.mail.sending import Compose, Sender
from api.settings import Settings
from api.storage import Database

LETTERS: Mapping[MailKind, Compose] = {}
"""Kind of mail → who finds out what it says."""


def tasks(db: Database, settings: Settings) -> Tasks:
    """Kind of job → how to do it, and the chores."""
    return Tasks(
        handlers={mail.JOB: Sender(db, settings, LETTERS).handler},
        chores=[
            Chore("number events", lambda: events.number(db), every=0.5),
            Chore("delete old mails", lambda: mail.sweep(db), every=3_600),
            Chore("delete old events", lambda: events.sweep(db), every=3_600),
        ],
    )
