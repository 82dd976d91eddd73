"""Variants as the queries return them, and drafts as the rules take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from api.shop.money import Money

Sku = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+\Z", examples=["mug-blue"])]


class VariantDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A variant before it is stored. `stock` is the first count of a new one; None: it is not counted.

    `label` is a name of its own; None: as before, or from its options.
    """

    sku: str
    price: Money
    compare_at: Money | None = None
    options: Mapping[str, str] = {}
    stock: int | None = None
    label: str | None = None

    @property
    def key(self) -> str:
        """The sku in lower case, for comparisons."""
        return self.sku.lower()


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A variant of an item. `available` counts only if `tracked`; `name`: label, options or item name.

    `label` is a name of its own, `position` its place in the item. `overdue` are the units of `available`
    that expired orders have not returned to the counter yet.
    """

    id: str
    item_id: str
    item_name: str
    sku: str
    label: str | None
    name: str
    options: Mapping[str, str]
    price: Money
    compare_at: Money | None
    tracked: bool
    available: int
    overdue: int
    position: int
    retired: bool
    version: int

    @property
    def key(self) -> str:
        """The sku in lower case, for comparisons."""
        return self.sku.lower()

    @property
    def full_name(self) -> str:
        """The name in an order: `Shirt – red, S`."""
        return self.item_name if self.name == self.item_name else f"{self.item_name} – {self.name}"

    @property
    def on_sale(self) -> bool:
        """The price is lower than `compare_at`."""
        return self.compare_at is not None and self.compare_at.amount > self.price.amount

    def draft(self) -> VariantDraft:
        """The variant as a draft, to be changed."""
        return VariantDraft(sku=self.sku, price=self.price, compare_at=self.compare_at, options=self.options)
