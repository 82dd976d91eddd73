"""The goods that a quote or an order asks for, with those of one sku added up."""

from __future__ import annotations

from collections.abc import Sequence

from api.shop.orders.records import LineDraft
from api.shop.stock.rules import Portion
from api.shop.variants import queries as variant_queries
from api.shop.variants.rules import UnknownItem
from api.storage import Transaction


def portions_of(tx: Transaction, lines: Sequence[LineDraft], *, lock: bool = False) -> list[Portion]:
    """The units of each variant in order of first mention; UnknownItem.

    With `lock` no sku is freed for another item before this transaction ends.
    """
    keys = [line.sku.lower() for line in lines]
    variants = variant_queries.list_orderable(tx, keys=set(keys), lock=lock)
    unknown = [
        (f"/lines/{index}/sku", f"{line.sku} is not for sale.")
        for index, line in enumerate(lines)
        if keys[index] not in variants
    ]
    if unknown:
        raise UnknownItem.at_each(unknown)
    places = {key: tuple(index for index, other in enumerate(keys) if other == key) for key in keys}
    return [
        Portion(variant=variants[key], quantity=sum(lines[index].quantity for index in own), lines=own)
        for key, own in places.items()
    ]
