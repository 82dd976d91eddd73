"""Webhooks and their deliveries, as they are stored and shown."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.events.records import Event, TypePattern
from api.text.fields import HttpUrl, Summary, Time, id_example
from api.times import Instant

WebhookStatus = Literal["active", "disabled"]
DisabledReason = Literal["gone", "failing"]
DeliveryState = Literal["pending", "delivered", "failed"]

_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="  # noqa: S105


class WebhookDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new webhook: where to send events, and which."""

    url: Annotated[HttpUrl, Meta(examples=["https://erp.example.org/kiosque"])]
    events: Annotated[
        tuple[TypePattern, ...], Meta(min_length=1, max_length=50, examples=[["order.*", "stock.low"]])
    ]
    description: Annotated[Summary | None, Meta(examples=["Bookkeeping"])] = None


class Webhook(Struct, frozen=True, kw_only=True):
    """An address that gets events; `gone` and `failing` say why the server has disabled it."""

    id: Annotated[str, id_example("whk")]
    url: Annotated[str, Meta(examples=["https://erp.example.org/kiosque"])]
    events: Annotated[tuple[str, ...], Meta(examples=[["order.*", "stock.low"]])]
    description: Annotated[str | None, Meta(examples=["Bookkeeping"])]
    status: WebhookStatus
    disabled_reason: Annotated[DisabledReason | None, Meta(examples=[None])]
    created_at: Time


class NewWebhook(Webhook, frozen=True, kw_only=True):
    """A webhook with the secret that signs its deliveries, which no other answer shows."""

    secret: Annotated[str, Meta(examples=[_SECRET])]


class Secret(Struct, frozen=True):
    """A new secret, which no other answer shows; the former one signs for 24 hours more."""

    secret: Annotated[str, Meta(examples=[_SECRET])]


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt to deliver an event."""

    at: Time
    status: Annotated[int | None, Meta(examples=[503])]
    """Null if no answer came."""
    ms: Annotated[int, Meta(ge=0, examples=[112])]
    error: Annotated[str | None, Meta(examples=["503 Service Unavailable"])]
    excerpt: Annotated[str | None, Meta(examples=["Down for maintenance."])]
    """The first 2 kB of an answer that is not a success."""


class Delivery(Struct, frozen=True, kw_only=True):
    """An event on its way to a webhook."""

    id: Annotated[str, id_example("dlv")]
    event: Annotated[str, id_example("evt")]
    state: DeliveryState
    attempts: Annotated[tuple[Attempt, ...], Meta(examples=[[]])]
    """The latest 20, oldest first."""


class Trial(Struct, frozen=True):
    """The one attempt of a test."""

    delivered: Annotated[bool, Meta(examples=[True])]
    status: Annotated[int | None, Meta(examples=[204])]
    ms: Annotated[int, Meta(ge=0, examples=[112])]
    error: Annotated[str | None, Meta(examples=[None])]


class Due(Struct, frozen=True):
    """A delivery whose turn it is, and everything that its attempt needs."""

    job_id: str
    webhook: Webhook
    secrets: tuple[str, ...]
    event: Event
    at: Instant
