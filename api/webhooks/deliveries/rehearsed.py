"""The messages that a rehearsal would have posted: made again from the deliveries that its sender took."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from api.events import queries as log
from api.storage import Transaction
from api.times import Instant
from api.webhooks import queries as webhooks
from api.webhooks.deliveries import queries
from api.webhooks.signing import message_of


class SentMessage(Struct, frozen=True):
    """A message with its headers; the signatures are those of the bytes in `body`."""

    webhook: str
    url: str
    headers: dict[str, str]
    body: str
    event: Any
    """The body as JSON."""


def list_messages(tx: Transaction, *, most: int) -> list[SentMessage]:
    """The messages that were taken, oldest first."""
    sent = []
    for webhook_id, delivery in queries.list_delivered(tx, most=most):
        webhook = webhooks.find_webhook(tx, webhook_id=webhook_id)
        event = log.find_event(tx, event_id=delivery.event)
        if webhook is None or event is None or not delivery.attempts:
            continue
        secrets = webhooks.list_secrets(tx, webhook_id=webhook_id)
        at = Instant(delivery.attempts[-1].at)
        message = message_of(event, url=webhook.url, secrets=secrets, at=at)
        body = message.body.decode()
        sent.append(
            SentMessage(webhook_id, message.url, dict(message.headers), body, msgspec.json.decode(body))
        )
    return sent


def empty(tx: Transaction) -> None:
    """Forget the messages that were taken."""
    queries.delete_delivered(tx)
