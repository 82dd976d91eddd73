"""Items and variants as somebody wants them to be: whole, and not yet held against what is stored."""

from __future__ import annotations

from dataclasses import dataclass

from api.shop.items.records import Description, Option
from api.shop.variants.drafts import VariantDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image by address."""

    url: str
    alt: str = ""


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
