"""Items and variants as somebody wants them to be: whole, and not yet held against what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.shop.money import Money
from api.shop.records import Description, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image by address."""

    url: str
    alt: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """An item. `slug` None: made from the name, or kept. `categories`: paths from the root; None keeps."""

    name: str
    variants: tuple[VariantDraft, ...]
    slug: str | None = None
    kind: str = "physical"
    status: str = "draft"
    summary: str | None = None
    description: Description | None = None
    categories: tuple[tuple[str, ...], ...] | None = ()
    tags: tuple[str, ...] | None = ()
    images: tuple[Picture, ...] = ()
    options: tuple[Option, ...] = ()
