"""Sales: another price for some time, which readers see by the hour, and of which events tell soon after."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import structs

from api.errors import OutOfRange
from api.events import rules as events
from api.shop.items import listing
from api.shop.items import queries as item_queries
from api.shop.money import Money, check_currency, merged_amount, written
from api.shop.variants import turns
from api.shop.variants.records import Sale, VariantDraft
from api.storage import Database, Transaction
from api.times import Instant

TURNED_AT_ONCE = 50


def check_prices(drafts: Mapping[str, VariantDraft], *, currency: str) -> None:
    """Check the amounts of drafts, by the pointer of each. Raises CurrencyMismatch, OutOfRange."""
    amounts: dict[str, Money | None] = {}
    for at, draft in drafts.items():
        amounts[f"{at}/price"], amounts[f"{at}/compare_at"] = draft.price, draft.compare_at
        amounts[f"{at}/sale/price"] = draft.sale.price if draft.sale else None
    check_currency(amounts, currency=currency)
    for at, draft in drafts.items():
        _check_sale(draft, at=at)


def merged(sale: Sale | None, changes: Mapping[str, Any], *, price: Money, at: str) -> Sale:
    """The sale with the changes, as RFC 7396 merges them. A new one is in the currency of the price."""
    reduced = merged_amount(
        sale.price if sale else None, changes.get("price", {}), currency=price.currency, at=f"{at}/sale/price"
    )
    return structs.replace(sale or Sale(reduced, None, None), **{**changes, "price": reduced})


def next_turn(tx: Transaction, after: Instant) -> Instant | None:
    """The instant at which the next sale begins or ends by itself."""
    return turns.find_next(tx, after=after)


def note_turns(db: Database) -> bool:
    """Write down that some sales have begun or ended, soon after their hour; whether there may be more."""
    with db.read() as tx:
        if not turns.has_turned(tx):
            return False
    with db.write() as tx:
        turned = turns.lock_some_turned(tx, most=TURNED_AT_ONCE)
        if turned:
            turns.update_turned(tx, variant_ids=[variant.id for variant in turned])
            _note(tx, {variant.item_id for variant in turned if variant.is_sold})
    return len(turned) > 0


def _note(tx: Transaction, item_ids: Collection[str]) -> None:
    for item_id in sorted(item_ids):
        item_queries.update_item(tx, item_id=item_id)
    items = listing.list_each(tx, ids=sorted(item_ids))
    events.note_each(tx, (("item.updated", item) for item in items))


def _check_sale(draft: VariantDraft, *, at: str) -> None:
    """Raise OutOfRange unless the sale is cheaper than the regular price and begins before it ends."""
    # A 422 although a patch may break it by what is stored: an exception (contract 6.111).
    sale = draft.sale
    if sale is None:
        return
    if sale.price.amount >= draft.price.amount:
        raise OutOfRange.at(
            f"{at}/sale/price/amount", f"A sale has less than the regular price, {written(draft.price)}."
        )
    if sale.from_ is not None and sale.until is not None and sale.until <= sale.from_:
        raise OutOfRange.at(f"{at}/sale/until", "A sale ends after it begins.")
