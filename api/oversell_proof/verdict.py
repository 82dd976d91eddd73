"""The verdict: requests and answers, compared with what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.oversell_proof import queries
from api.oversell_proof.buyers import Basket, Purchase, Restock, Tally, Task
from api.storage import Database


@dataclass(frozen=True, slots=True)
class Verdict:
    """The figures of one proof; `faults` is empty if requests, answers and database agree."""

    ordered: int
    sold: int
    stock: int
    tally: Tally
    left: int
    lost: int
    """Orders that were confirmed and are not stored."""
    doubled: int
    """Orders that are stored and were never confirmed, though every request was answered."""
    faults: tuple[str, ...]
    kills: int = 0


def judge(db: Database, stock: Mapping[str, int], tasks: Sequence[Task], tally: Tally) -> Verdict:
    """Compare the answers to `tasks` with the database, which had this `stock` before them."""
    with db.read() as tx:
        orders, baskets, counted = queries.list_orders(tx), queries.list_baskets(tx), queries.list_stock(tx)
    purchases = {task.key: task for task in tasks if isinstance(task, Purchase)}
    restocks = [task for task in tasks if isinstance(task, Restock)]
    ordered = _sum(purchase.basket for purchase in purchases.values())
    sold = _sum(basket for order, basket in baskets.items() if orders[order] not in ("cancelled", "expired"))
    had = _sum([stock, *({task.sku: task.units} for task in restocks if task.key in tally.restocked)])
    faults = [
        f"{sku}: {sold[sku]} sold, {counter} left of {had[sku]}, the ledger says {ledger}"
        for sku, (counter, ledger) in counted.items()
        if not (counter == ledger == had[sku] - sold[sku] >= 0)
    ]
    if not restocks and all(_is_plain(purchase) for purchase in purchases.values()):
        faults += [
            f"{sku}: {sold[sku]} sold where {min(units, ordered[sku])} could be"
            for sku, units in stock.items()
            if sold[sku] != min(units, ordered[sku])
        ]
    confirmed = set(tally.bought.values())
    return Verdict(
        ordered=ordered.total(),
        sold=sold.total(),
        stock=had.total(),
        tally=tally,
        left=sum(counter for counter, _ in counted.values()),
        lost=len(confirmed - orders.keys()),
        doubled=0 if tally.unanswered else len(orders.keys() - confirmed),
        faults=(*faults, *_broken_promises(purchases, orders, baskets, tally)),
    )


def _sum(baskets: Iterable[Mapping[str, int]]) -> Counter[str]:
    units: Counter[str] = Counter()
    for basket in baskets:
        units.update(basket)
    return units


def _is_plain(purchase: Purchase) -> bool:
    """Whether it is of one unit and not cancelled: then the number sold is known beforehand."""
    return sum(purchase.basket.values()) == 1 and not purchase.then_cancelled


def _broken_promises(
    purchases: Mapping[str, Purchase],
    orders: Mapping[str, str],
    baskets: Mapping[str, Basket],
    tally: Tally,
) -> Iterator[str]:
    """Differences between the answers and the orders that are stored."""
    confirmed = set(tally.bought.values())
    returned = {tally.bought[key] for key in tally.cancelled}
    for key, order in tally.bought.items():
        if order not in orders:
            yield f"{order}: confirmed, but not stored"
        elif baskets.get(order) != purchases[key].basket:
            yield f"{order}: stored with {baskets.get(order)} instead of {purchases[key].basket}"
        elif order in returned and orders[order] != "cancelled":
            yield f"{order}: cancelled, but stored as {orders[order]}"
    if not tally.unanswered:
        yield from (f"{order}: stored, but never confirmed" for order in sorted(orders.keys() - confirmed))
        cancelled = {order for order, status in orders.items() if status == "cancelled"}
        yield from (f"{order}: cancelled, but never confirmed" for order in sorted(cancelled - returned))
    if len(confirmed) != len(tally.bought):
        yield "two purchases were confirmed with the same order"
    yield from (f"unexpected answer: {answer}" for answer in tally.strange)
