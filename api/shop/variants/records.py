"""Variants as the queries return them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.shop.money import Money


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
