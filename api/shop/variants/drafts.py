"""Variants as a client or an import wants them to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.shop.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """A variant by its sku. `stock` counts a new one from so many units; None: it is not counted.

    An import may leave `sku` to be made, and tells what it calls the variant (`label`, `external_id`).
    """

    sku: str | None
    price: Money
    compare_at: Money | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    stock: int | None = None
    label: str | None = None
    external_id: str | None = None

    @property
    def key(self) -> str:
        """The sku as it is compared; empty when it is still to be made."""
        return (self.sku or "").lower()
