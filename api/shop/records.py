"""What the queries of the shop return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.shop.money import Money
from api.taxonomy.records import Term
from api.text.markup import Format
from api.times import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of an item, by address."""

    id: str
    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that the buyer chooses, and between what: Size, of S and M."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A text in both its forms; `html` is rendered before a transaction begins, since that takes its time."""

    source: str
    format: Format
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What is bought; `available` counts only when `tracked`. `name`: its label, options, or item's name."""

    id: str
    item_id: str
    item_name: str
    sku: str
    name: str
    options: Mapping[str, str]
    price: Money
    compare_at: Money | None
    tracked: bool
    available: int
    retired: bool
    external_id: str | None
    external_stock: int | None

    @property
    def full_name(self) -> str:
        """As an order names it: `Shirt – red, S`."""
        return self.item_name if self.name == self.item_name else f"{self.item_name} – {self.name}"

    @property
    def on_sale(self) -> bool:
        """Whether it used to cost more."""
        return self.compare_at is not None and self.compare_at.amount > self.price.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something for sale, in at least one variant."""

    number: int
    id: str
    slug: str
    name: str
    kind: str
    status: str
    summary: str | None
    description: Description | None
    options: tuple[Option, ...]
    images: tuple[Image, ...]
    created_at: Instant
    updated_at: Instant
    variants: tuple[Variant, ...]
    tags: tuple[Term, ...]
    categories: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the stock ledger."""

    id: str
    delta: int
    reason: str
    note: str | None
    order_id: str | None
    by: str | None
    created_at: Instant


@dataclass(frozen=True, slots=True)
class OrderLine:
    """So many of one sku, at the price and by the name of the moment."""

    position: int
    variant_id: str
    sku: str
    name: str
    quantity: int
    unit_price: int
    total: int
    fulfilled: int

    @property
    def remaining(self) -> int:
        """Units not sent yet."""
        return self.quantity - self.fulfilled


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an order."""

    at: Instant
    kind: str
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a buyer asked for, and how far it is paid and sent; amounts are minor units of `currency`."""

    number: int
    id: str
    account_id: str | None
    email: str
    order_status: str
    payment_status: str
    fulfilment_status: str
    currency: str
    subtotal: int
    total: int
    paid: int
    note: str | None
    placed_at: Instant
    lines: tuple[OrderLine, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """Money taken for an order."""

    id: str
    provider: str
    state: str
    method: str
    amount: int
    currency: str
    reference: str | None
    created_at: Instant


@dataclass(frozen=True, slots=True)
class FulfilmentLine:
    """So many of one sku, sent."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A part of an order that was sent, or handed over."""

    id: str
    carrier: str | None
    tracking: str | None
    created_at: Instant
    lines: tuple[FulfilmentLine, ...]
