"""The message of an event, signed as Standard Webhooks 1.0 define it."""

from __future__ import annotations

import base64
import secrets as random
from collections.abc import Mapping, Sequence
from datetime import UTC
from math import floor
from typing import Any

import msgspec
from msgspec import Struct
from standardwebhooks import Webhook

from api import times
from api.events.records import Event
from api.times import Instant

SECRET_BYTES = 32


class Message(Struct, frozen=True):
    """A request to a receiver."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def new_secret() -> str:
    """A new secret in the form that receivers' libraries expect."""
    return "whsec_" + base64.b64encode(random.token_bytes(SECRET_BYTES)).decode()


def message_of(event: Event, *, url: str, secrets: Sequence[str], at: Instant) -> Message:
    """The event as owners read it, with `timestamp`, signed at that instant by each of the secrets."""
    facts = msgspec.to_builtins(event)
    return signed(facts | {"timestamp": event.at}, event.id, url=url, secrets=secrets, at=at)


def signed(facts: Any, message_id: str, *, url: str, secrets: Sequence[str], at: Instant) -> Message:
    """Any facts as a message."""
    body = msgspec.json.encode(facts)
    moment = times.moment(at).astimezone(UTC)  # the package takes whatever hour it gets for one of UTC
    signatures = [Webhook(secret).sign(message_id, moment, body.decode()) for secret in secrets]
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(floor(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
        "content-type": "application/json",
        "user-agent": "Kiosque",
    }
    return Message(url, headers, body)
