"""Orders: what a buyer asks for, and what is stored of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.roles import Viewer
from api.shop.money import TOTAL_MOST, Currency, Money
from api.shop.variants.records import Sku
from api.text.fields import Summary, Time
from api.times import Instant

OrderStatus = Literal["open", "completed", "cancelled", "expired"]
PaymentStatus = Literal["unpaid", "partly_paid", "paid"]
FulfilmentStatus = Literal["none", "partial", "fulfilled"]
EventKind = Literal[
    "placed", "partly_paid", "paid", "partly_fulfilled", "fulfilled", "completed", "cancelled", "expired"
]


class LineDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A number of units of one sku."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=10_000, examples=[2])]


LineDrafts = Annotated[
    tuple[LineDraft, ...],
    Meta(min_length=1, max_length=100, description="Lines with the same sku are added up."),
]


class ExpectedTotal(Money, frozen=True, forbid_unknown_fields=True):
    """The total that the buyer was shown."""

    amount: Annotated[int, Meta(ge=0, le=TOTAL_MOST, examples=[3800])]
    currency: Currency


class OrderDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A new order."""

    lines: LineDrafts
    expected_total: Annotated[
        ExpectedTotal | None,
        Meta(description="The total that the buyer was shown; 409 if the order's total differs."),
    ] = None
    note: Annotated[Summary, Meta(examples=["Please ring twice."])] | None = None


class OrderLine(Struct, frozen=True):
    """The units of one variant in an order, at the name and price of the time it was placed."""

    position: int
    variant_id: str
    sku: str
    name: str
    quantity: int
    unit_price: int
    total: int
    fulfilled: int = 0

    @property
    def remaining(self) -> int:
        """Units not sent yet."""
        return self.quantity - self.fulfilled


class Event(Struct, frozen=True):
    """Something that happened to an order."""

    at: Time
    kind: EventKind
    by_account: str | None
    note: str | None = None


class Order(Struct, frozen=True, kw_only=True):
    """A placed order; amounts are minor units of `currency`. Its number is 0 until it is stored.

    `expires_at` is when it expires, or did: None once anything is paid or sent, or it is cancelled.
    """

    number: int = 0
    id: str
    account_id: str | None
    email: str
    order_status: OrderStatus = "open"
    payment_status: PaymentStatus
    fulfilment_status: FulfilmentStatus = "none"
    currency: str
    subtotal: int
    total: int
    paid: int = 0
    note: str | None
    placed_at: Instant
    expires_at: Instant | None
    updated_at: Instant
    version: int = 1
    lines: tuple[OrderLine, ...]
    events: tuple[Event, ...]
    is_overdue: bool = False
    """Whether it has expired without its stock being returned yet."""

    def is_of(self, viewer: Viewer) -> bool:
        """Whether the viewer is its buyer, or its guest, whose id is that of the order."""
        return viewer.id in (self.account_id, self.id)

    @property
    def due(self) -> Money:
        """The amount still to be paid."""
        return Money(0 if self.order_status == "cancelled" else self.total - self.paid, self.currency)
