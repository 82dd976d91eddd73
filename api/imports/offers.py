"""Drafts of imported variants: new ones, and those here with the prices and weights that have changed."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from api.imports import records
from api.imports.origins.records import SourceVariant
from api.imports.records import Item, Offer
from api.shop.money import Money
from api.shop.variants.records import Sale, Variant, VariantDraft
from api.times import Instant

OFFER = ("regular", "sale", "sale_from", "sale_until")


def new(item: Item, variant: records.Variant, sku: str, *, currency: str, now: Instant) -> VariantDraft:
    """A new variant; one without a price is priced at 0."""
    return VariantDraft(
        sku=sku,
        **_prices(variant, variant.price or 0, currency=currency, now=now),
        options=variant.options,
        stock=variant.stock,
        weight_g=variant.weight_g,
        label=variant.name if variant.name != item.name else None,
    )


def changed(
    item: Item,
    theirs: records.Variant,
    own: Variant,
    last: SourceVariant | None,
    *,
    now: Instant,
    structure: bool,
) -> VariantDraft:
    """The variant here with what has changed in the source, and its options with `structure`."""
    draft = own.draft()
    if structure:
        draft = replace(
            draft, options=theirs.options, label=theirs.name if theirs.name != item.name else None
        )
    if "weight_g" not in item.unsaid and (last is None or last.weight_g != theirs.weight_g):
        draft = replace(draft, weight_g=theirs.weight_g)
    named = [name for name in OFFER if name not in item.unsaid]
    offer = replace(_offer_of(own), **{name: getattr(theirs, name) for name in named})
    same = last is not None and all(getattr(last, name) == getattr(theirs, name) for name in named)
    if same or offer.price is None:
        return draft
    return replace(draft, **_prices(offer, offer.price, currency=own.price.currency, now=now))


def _offer_of(own: Variant) -> Offer:
    sale = own.sale
    return Offer(
        regular=own.regular_price.amount,
        sale=sale.price.amount if sale else None,
        sale_from=Instant(sale.from_) if sale and sale.from_ else None,
        sale_until=Instant(sale.until) if sale and sale.until else None,
    )


def _prices(offer: Offer, price: int, *, currency: str, now: Instant) -> dict[str, Any]:
    """The regular price, and the sale unless it is over or none."""
    begins, ends = offer.sale_from, offer.sale_until
    is_over = ends is not None and (ends <= now or (begins is not None and ends <= begins))
    is_on = offer.sale is not None and offer.sale < price and not is_over
    sale = Sale(Money(offer.sale or 0, currency), begins, ends) if is_on else None
    return {"price": Money(price, currency), "sale": sale}
