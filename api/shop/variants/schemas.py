"""What travels over HTTP about variants and their stock: bodies and views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from api.shop.money import PRICE_MOST, Money
from api.shop.variants.drafts import VariantDraft
from api.shop.variants.records import Variant
from api.text.fields import Label

Sku = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+\Z")]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z", description="ISO 4217; the shop has one.")]
Units = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Choices = Annotated[dict[Label, Label], Meta(max_length=10)]


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a client sends."""


class PriceBody(Body):
    amount: Annotated[int, Meta(ge=0, le=PRICE_MOST, description="Minor units, tax included.")]
    currency: Currency

    def money(self) -> Money:
        """As the rules know it."""
        return Money(self.amount, self.currency)


class VariantBody(Body):
    sku: Sku
    price: PriceBody
    compare_at: PriceBody | None = None
    options: Choices = msgspec.field(default_factory=dict)
    stock: Annotated[Units | None, Meta(description="Units to start with; null: not counted.")] = None

    def draft(self) -> VariantDraft:
        """The variant asked for."""
        return VariantDraft(
            sku=self.sku,
            price=self.price.money(),
            compare_at=_money(self.compare_at),
            options=self.options,
            stock=self.stock,
        )


class VariantPatchBody(Body, kw_only=True):
    price: PriceBody | UnsetType = UNSET
    compare_at: PriceBody | UnsetType | None = UNSET
    options: Choices | UnsetType | None = UNSET

    def prices(self, variant: Variant) -> tuple[Money, Money | None]:
        """Price and compare_at with this patch merged in."""
        price = variant.price if self.price is UNSET else self.price.money()
        if self.compare_at is UNSET:
            return price, variant.compare_at
        return price, _money(self.compare_at)

    def choices(self, variant: Variant) -> Mapping[str, str]:
        """Options with this patch merged in; they are one value, not merged by name."""
        return variant.options if self.options is UNSET else self.options or {}


class VariantEntryBody(VariantPatchBody, kw_only=True):
    """A variant in a PATCH of its item: what is left out of one that exists stays as it is."""

    sku: Sku
    stock: Annotated[
        Units | UnsetType | None,
        Meta(description="Only of a sku that is new here; else use stock movements."),
    ] = UNSET


class StockView(msgspec.Struct):
    tracked: bool
    available: int | None


class VariantView(msgspec.Struct):
    id: str
    sku: str
    name: str
    options: dict[str, str]
    price: Money
    compare_at: Money | None
    stock: StockView
    on_sale: bool

    @classmethod
    def of(cls, variant: Variant) -> VariantView:
        """What everyone may see of `variant`."""
        return cls(
            id=variant.id,
            sku=variant.sku,
            name=variant.name,
            options=dict(variant.options),
            price=variant.price,
            compare_at=variant.compare_at,
            stock=StockView(variant.tracked, variant.available if variant.tracked else None),
            on_sale=variant.on_sale,
        )


def _money(body: PriceBody | None) -> Money | None:
    return None if body is None else body.money()
