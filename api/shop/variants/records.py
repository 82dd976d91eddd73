"""Variants as the queries return them, and drafts as the rules take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from api.shop.money import Money

Sku = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+\Z")]


class VariantDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A variant to be. `stock` starts the counter of a new one; None: its units are not counted.

    An import may leave `sku` to be made, and says what it calls the variant (`label`, `external_id`).
    """

    sku: str | None
    price: Money
    compare_at: Money | None = None
    options: Mapping[str, str] = {}
    stock: int | None = None
    label: str | None = None
    external_id: str | None = None

    @property
    def key(self) -> str:
        """The sku as it is compared; empty while there is none."""
        return (self.sku or "").lower()


class Variant(msgspec.Struct, frozen=True, kw_only=True):
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
    def key(self) -> str:
        """The sku as it is compared."""
        return self.sku.lower()

    @property
    def full_name(self) -> str:
        """The name in an order: `Shirt – red, S`."""
        return self.item_name if self.name == self.item_name else f"{self.item_name} – {self.name}"

    @property
    def on_sale(self) -> bool:
        """Whether it used to cost more."""
        return self.compare_at is not None and self.compare_at.amount > self.price.amount

    def draft(self) -> VariantDraft:
        """The variant as it is, to be changed."""
        return VariantDraft(sku=self.sku, price=self.price, compare_at=self.compare_at, options=self.options)
