"""The job that writes a mail and hands it to the mail server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import click

from api import times
from api.jobs.records import Job
from api.jobs.worker import Handler, Outcome
from api.mail import queries
from api.mail.records import Letter, MailKind, MailState, Request
from api.mail.smtp import MailServer, NotNow, Refused, message
from api.mail.writing import Link, Templates
from api.settings import Settings
from api.storage import Database, Transaction
from api.times import Instant

PAUSES = (60, 300, 1_800, 7_200, 21_600, 43_200)

Facts = Mapping[str, Any]
Compose = Callable[[Transaction, Request], Facts | None]
"""Finds out what a mail says, and makes the secrets of its links; None: it has become needless."""


@dataclass(frozen=True)
class Sender:
    """Does the jobs of kind `mail`; `composers` knows how each kind of mail gets its facts."""

    db: Database
    settings: Settings
    composers: Mapping[MailKind, Compose]

    @property
    def handler(self) -> Handler:
        """The handler of these jobs."""
        return Handler(self.act, PAUSES)

    def act(self, job: Job) -> Outcome:
        """Write the mail, then send, print or keep it."""
        written = self.db.attempt(partial(self._write, job.facts["mail"]))
        if written is None:
            return None
        request, letter = written
        finish = partial(self._outcome, request, letter)
        if not self.settings.mail_url:
            return finish("kept")
        if self.settings.mail_url == "print:":
            click.echo(f"\n— Mail to {request.mail.to} —\nSubject: {letter.subject}\n\n{letter.text}—\n")
            return finish("kept")
        try:
            self._send(request, letter)
        except Refused as error:
            return finish("failed", error)
        except NotNow as error:
            if job.attempts > len(PAUSES):
                return finish("failed", error)
            self.db.attempt(partial(self._note, request, error))
            raise
        return finish("sent")

    def _write(self, mail_id: str) -> tuple[Request, Letter] | None:
        with self.db.write() as tx:
            request = queries.find_request(tx, mail_id=mail_id, lock=True)
            if request is None or request.mail.to is None or request.mail.state != "waiting":
                return None
            facts = self.composers[request.mail.kind](tx, request)
            if facts is None:
                queries.update_state(tx, mail_id=mail_id, state="kept", error="it was no longer needed")
                return None
            request = queries.find_request(tx, mail_id=mail_id) or request  # it may have been readdressed
        languages = [request.mail.language, *self.settings.languages]
        templates = Templates(self.settings.mail_templates)
        site = self.settings.public_site
        common = {"site": site.name, "home": Link(site.url)}
        return request, templates.write(request.mail.kind, languages, common | dict(facts))

    def _send(self, request: Request, letter: Letter) -> None:
        host = urlsplit(self.settings.url).hostname
        mail = message(
            letter,
            sender=self.settings.mail_from,
            to=request.mail.to or "",
            message_id=f"<{request.mail.id}@{host}>",
            at=times.moment(Instant(request.mail.at)),
        )
        MailServer(self.settings.mail_url).send(mail)

    def _note(self, request: Request, error: NotNow) -> None:
        with self.db.write() as tx:
            queries.update_state(tx, mail_id=request.mail.id, state="waiting", attempts=1, error=str(error))

    @staticmethod
    def _outcome(
        request: Request, letter: Letter, state: MailState, error: Exception | None = None
    ) -> Callable[[Transaction], None]:
        def write(tx: Transaction) -> None:
            is_there = queries.update_state(
                tx,
                mail_id=request.mail.id,
                state=state,
                subject=letter.subject,
                attempts=int(state != "kept"),
                error=None if error is None else str(error)[:500],
            )
            if state == "sent":
                queries.delete_text(tx, mail_id=request.mail.id)
            elif is_there and state == "kept":
                queries.store_text(tx, letter, mail_id=request.mail.id)

        return write
