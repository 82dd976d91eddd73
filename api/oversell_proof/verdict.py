"""The verdict: what was asked and told, held against what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.oversell_proof import queries
from api.oversell_proof.buyers import Basket, Delivery, Errand, Purchase, Tally
from api.storage import Database


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was asked, told and stored; `faults` is empty when all of it agrees."""

    asked: int
    sold: int
    stock: int
    tally: Tally
    left: int
    lost: int
    """Orders that were acknowledged and are not stored."""
    doubled: int
    """Orders that are stored, and that nobody was told of though everybody was answered."""
    faults: tuple[str, ...]
    kills: int = 0


def judge(db: Database, stock: Mapping[str, int], errands: Sequence[Errand], tally: Tally) -> Verdict:
    """Hold what `tally` says of the errands against the database, which had this `stock` before them."""
    with db.read() as tx:
        orders, baskets, counted = queries.list_orders(tx), queries.list_baskets(tx), queries.list_stock(tx)
    purchases = {errand.key: errand for errand in errands if isinstance(errand, Purchase)}
    deliveries = [errand for errand in errands if isinstance(errand, Delivery)]
    asked = _sum(purchase.basket for purchase in purchases.values())
    sold = _sum(basket for order, basket in baskets.items() if orders[order] != "cancelled")
    had = _sum([stock, *({d.sku: d.units} for d in deliveries if d.key in tally.delivered)])
    faults = [
        f"{sku}: {sold[sku]} sold, {counter} left of {had[sku]}, the ledger says {ledger}"
        for sku, (counter, ledger) in counted.items()
        if not (counter == ledger == had[sku] - sold[sku] >= 0)
    ]
    if not deliveries and all(_is_plain(purchase) for purchase in purchases.values()):
        faults += [
            f"{sku}: {sold[sku]} sold where {min(units, asked[sku])} could be"
            for sku, units in stock.items()
            if sold[sku] != min(units, asked[sku])
        ]
    told = set(tally.bought.values())
    return Verdict(
        asked=asked.total(),
        sold=sold.total(),
        stock=had.total(),
        tally=tally,
        left=sum(counter for counter, _ in counted.values()),
        lost=len(told - orders.keys()),
        doubled=0 if tally.unanswered else len(orders.keys() - told),
        faults=(*faults, *_untrue(purchases, orders, baskets, tally)),
    )


def _sum(baskets: Iterable[Mapping[str, int]]) -> Counter[str]:
    units: Counter[str] = Counter()
    for basket in baskets:
        units.update(basket)
    return units


def _is_plain(purchase: Purchase) -> bool:
    """Whether it wants one unit, and keeps it: then the number sold is known beforehand."""
    return sum(purchase.basket.values()) == 1 and not purchase.regretted


def _untrue(
    purchases: Mapping[str, Purchase],
    orders: Mapping[str, str],
    baskets: Mapping[str, Basket],
    tally: Tally,
) -> Iterator[str]:
    """What the buyers were told, and is not so."""
    told = set(tally.bought.values())
    returned = {tally.bought[key] for key in tally.cancelled}
    for key, order in tally.bought.items():
        if order not in orders:
            yield f"{order}: acknowledged, and not stored"
        elif baskets.get(order) != purchases[key].basket:
            yield f"{order}: stored with {baskets.get(order)}, ordered was {purchases[key].basket}"
        elif order in returned and orders[order] != "cancelled":
            yield f"{order}: cancelled, and stored as {orders[order]}"
    if not tally.unanswered:
        yield from (f"{order}: stored, and nobody was told" for order in sorted(orders.keys() - told))
        cancelled = {order for order, status in orders.items() if status == "cancelled"}
        yield from (f"{order}: cancelled, and nobody was told" for order in sorted(cancelled - returned))
    if len(told) != len(tally.bought):
        yield "two purchases were told of the same order"
    yield from (f"an answer that should not be: {answer}" for answer in tally.strange)
