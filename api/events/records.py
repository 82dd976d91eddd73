"""Events, as they are stored and shown."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from api.text.fields import Time, id_example

EventType = Literal[
    "article.created",
    "article.published",
    "article.scheduled",
    "article.updated",
    "article.unpublished",
    "article.deleted",
    "comment.created",
    "comment.approved",
    "comment.updated",
    "comment.deleted",
    "item.created",
    "item.updated",
    "item.deleted",
    "stock.moved",
    "stock.low",
    "stock.out",
    "order.placed",
    "order.updated",
    "order.paid",
    "order.partly_paid",
    "order.expired",
    "order.cancelled",
    "order.partly_fulfilled",
    "order.fulfilled",
    "order.completed",
    "order.refunded",
    "payment.captured",
    "payment.failed",
    "payment.mismatch",
    "payment.disputed",
    "refund.succeeded",
    "refund.failed",
    "media.created",
    "media.updated",
    "media.deleted",
    "account.created",
    "account.updated",
    "account.erased",
    "webhook.disabled",
]
Actor = Literal["staff", "buyer", "system", "stranger"]
SubjectKind = Literal[
    "article", "comment", "item", "variant", "order", "payment", "refund", "media", "account", "webhook"
]
TypePattern = Annotated[str, Meta(pattern=r"^(\*|[a-z]+\.(\*|[a-z_]+))\Z", examples=["order.*"])]
"""A type of events, or all that begin alike."""


class Subject(Struct, frozen=True):
    """The thing to which something happened."""

    kind: Annotated[SubjectKind, Meta(examples=["order"])]
    id: Annotated[str, id_example("ord")]


class Sight(Struct, frozen=True):
    """A thing as an event shows it: `data` is the JSON of its GET, without the text of an author.

    `about` is the account whom the data are about, if any: when it is erased, so are they. Data about a guest
    are about the order, until an account claims it.
    """

    subject: Subject
    data: bytes | None
    about: str | None = None


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened: one of these for each change, in the order in which they were committed."""

    id: Annotated[str, id_example("evt")]
    type: Annotated[EventType, Meta(examples=["order.placed"])]
    at: Time
    subject: Subject
    actor: Annotated[Actor, Meta(examples=["buyer"])]
    data: Annotated[dict[str, Any] | None, Meta(examples=[{"id": "ord_01k9zq3v8r5m2x7c4b6n8p0qwe"}])]
    """The subject as its GET showed it then; null once it is deleted."""


class NumberedEvent(Struct, frozen=True):
    """An event and its position in the log, which rises by one from event to event."""

    position: int
    event: Event
