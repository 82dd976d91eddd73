"""The jobs that deliver events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from api import times
from api.jobs.records import Job
from api.jobs.worker import Handler, Outcome
from api.mail.records import Request
from api.storage import Database, Transaction
from api.times import Instant
from api.webhooks import queries as webhooks
from api.webhooks.deliveries import rules
from api.webhooks.sender import Post
from api.webhooks.signing import message_of

_LONG = 5_000
"""Milliseconds without an answer after which a receiver is left alone for a while."""


@dataclass(frozen=True)
class Deliverer:
    """Does the jobs of webhooks; `language` is that of the mails to owners."""

    db: Database
    post: Post
    language: str
    _resting: dict[str, Instant] = field(default_factory=dict)
    """Webhook → the end of its rest: a dead receiver must not hold up the mails of everybody."""

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Kind of job → its handler."""
        return {rules.JOB: Handler(self.deliver), rules.REPLAY: Handler(self.replay)}

    def deliver(self, job: Job) -> Outcome:
        """Make an attempt."""
        with self.db.read() as tx:
            due = rules.find_due(
                tx, webhook_id=job.facts["webhook"], event_id=job.facts["event"], job_id=job.id
            )
        if due is None:
            return None
        if self._resting.get(due.webhook.id, Instant("")) > due.at:
            return lambda tx: rules.put_off(tx, due)
        message = message_of(due.event, url=due.webhook.url, secrets=due.secrets, at=due.at)
        reply = self.post(message)
        if reply.status is None and reply.ms >= _LONG:
            self._resting[due.webhook.id] = times.later(self.db.clock(), seconds=rules.REST)
        return lambda tx: rules.note_attempt(tx, due, reply, language=self.language)

    def replay(self, job: Job) -> Outcome:
        """Begin some of the deliveries of a replay."""
        return lambda tx: rules.replay_some(tx, job.facts)


def letter(tx: Transaction, request: Request) -> Mapping[str, Any] | None:
    """What the mail about a disabled webhook says; None once it is deleted or enabled again."""
    webhook = webhooks.find_webhook(tx, webhook_id=request.facts["webhook"])
    if webhook is None or webhook.disabled_reason is None:
        return None
    host = urlsplit(webhook.url).hostname or ""
    return {"host": host, "url": webhook.url, "reason": webhook.disabled_reason}
