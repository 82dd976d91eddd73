"""Orders: what a buyer asks for, and what is stored of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.accounts.profiles.emails import Email
from api.roles import Viewer
from api.shop.money import TOTAL_MOST, Currency, Money
from api.shop.orders.addresses import Address
from api.shop.payments.port import ProviderName
from api.shop.pricing.records import Tax
from api.shop.variants.records import Download, Sku
from api.text.fields import LINE, HttpUrl, Summary, Time
from api.times import Instant

OrderStatus = Literal["open", "completed", "cancelled", "expired"]
PaymentStatus = Literal[
    "unpaid", "pending", "authorised", "partly_paid", "paid", "partly_refunded", "refunded"
]
Waiting = Literal["unpaid", "pending", "authorised"]
"""The reason why nothing of an order is paid: `pending` is money that is under way."""
FulfilmentStatus = Literal["none", "partial", "fulfilled"]
EventKind = Literal[
    "placed",
    "changed",
    "payment_failed",
    "payment_mismatch",
    "payment_disputed",
    "partly_paid",
    "paid",
    "partly_fulfilled",
    "fulfilled",
    "completed",
    "partly_cancelled",
    "cancelled",
    "expired",
    "revived",
    "refunded",
    "refund_failed",
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


CouponCode = Annotated[str, Meta(min_length=1, max_length=60, pattern=LINE, examples=["SPRING"])]
ShippingMethodId = Annotated[str, Meta(min_length=1, max_length=64, pattern=LINE)]
TaxId = Annotated[str, Meta(min_length=1, max_length=40, pattern=LINE, examples=["FR40303265045"])]


class CouponUse(Struct, frozen=True):
    """A coupon in an order, and how much it took off."""

    code: Annotated[str, Meta(examples=["SPRING"])]
    amount: int


class ChosenShipping(Struct, frozen=True):
    """The way of shipping that was chosen, at the name and price of that time."""

    id: str
    name: str
    price: int


class PaymentChoice(Struct, frozen=True, forbid_unknown_fields=True):
    """The provider that the buyer will pay by, and the page to come back to."""

    provider: Annotated[ProviderName, Meta(examples=["test"])]
    return_url: HttpUrl | None = None


class OrderDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new order."""

    lines: LineDrafts
    email: Annotated[Email | None, Meta(description="Where to write about this order; your account's.")] = (
        None
    )
    shipping_address: Address | None = None
    billing_address: Annotated[Address | None, Meta(examples=[None])] = None
    shipping_method: Annotated[ShippingMethodId | None, Meta(examples=[None])] = None
    coupons: Annotated[tuple[CouponCode, ...], Meta(max_length=5, examples=[[]])] = ()
    tax_id: Annotated[TaxId | None, Meta(examples=[None])] = None
    expected_total: Annotated[
        ExpectedTotal | None,
        Meta(description="The total that the buyer was shown; 409 if the order's total differs."),
    ] = None
    note: Annotated[Summary, Meta(examples=["Please ring twice."])] | None = None
    payment: Annotated[PaymentChoice | None, Meta(examples=[None])] = None


class OrderLine(Struct, frozen=True, kw_only=True):
    """The units of one variant in an order, at the name and price of the time it was placed.

    `discount` and `tax` are those of all its units; `fulfilled`, `cancelled` and `returned` are units.
    """

    position: int
    variant_id: str
    sku: str
    name: str
    quantity: int
    unit_price: int
    total: int
    discount: int = 0
    tax: int = 0
    tax_class: str = "standard"
    weight_g: int | None = None
    physical: bool = True
    downloads: tuple[Download, ...] = ()
    fulfilled: int = 0
    cancelled: int = 0
    returned: int = 0

    @property
    def standing(self) -> int:
        """Units that are not cancelled."""
        return self.quantity - self.cancelled

    @property
    def remaining(self) -> int:
        """Units not sent yet."""
        return self.standing - self.fulfilled


class Event(Struct, frozen=True):
    """Something that happened to an order."""

    at: Time
    kind: EventKind
    by_account: str | None
    note: str | None = None


class Order(Struct, frozen=True, kw_only=True):
    """A placed order; amounts are minor units of `currency`. Its number is 0 until it is stored.

    `expires_at` is when it expires, or did: None once anything is paid or sent, or it is cancelled.
    `credited` is the value of what was cancelled, returned or given back, and `shipping_credited` the part of
    it that was for shipping.
    """

    number: int = 0
    id: str
    account_id: str | None
    email: str
    order_status: OrderStatus = "open"
    payment_status: PaymentStatus = "unpaid"
    fulfilment_status: FulfilmentStatus = "none"
    currency: str
    subtotal: int
    discount: int = 0
    shipping: int = 0
    shipping_tax: int = 0
    tax: int = 0
    total: int
    prices_include_tax: bool = True
    paid: int = 0
    refunded: int = 0
    credited: int = 0
    shipping_credited: int = 0
    taxes: tuple[Tax, ...] = ()
    coupons: tuple[CouponUse, ...] = ()
    shipping_method: ChosenShipping | None = None
    shipping_address: Address | None = None
    billing_address: Address | None = None
    tax_id: str | None = None
    language: str | None = None
    note: str | None = None
    staff_note: str | None = None
    placed_at: Instant
    expires_at: Instant | None = None
    updated_at: Instant
    version: int = 1
    lines: tuple[OrderLine, ...]
    events: tuple[Event, ...] = ()
    is_overdue: bool = False
    """Whether it has expired without its stock being returned yet."""

    def is_of(self, viewer: Viewer) -> bool:
        """Whether the viewer is its buyer, or its guest, whose id is that of the order."""
        return viewer.id in (self.account_id, self.id)

    @property
    def owed(self) -> int:
        """The amount that the buyer owes in all, paid or not."""
        return self.total - self.credited

    @property
    def net(self) -> int:
        """The amount that was paid and not sent back."""
        return self.paid - self.refunded

    @property
    def due(self) -> int:
        """The amount still to be paid."""
        return max(0, self.owed - self.net)

    @property
    def surplus(self) -> int:
        """The amount paid beyond what is owed."""
        return max(0, self.net - self.owed)
