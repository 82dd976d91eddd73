"""Reconciliation: figures that a shop stores twice are compared, and every difference is reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from msgspec import Struct

from api.shop.coupons.redemptions.queries import list_wrong_counters
from api.shop.downloads import queries as downloads
from api.shop.reconcile import queries
from api.storage import Row, Transaction

MOST_SHOWN = 20


class Comparison(Struct, frozen=True):
    """The number of rows that break `rule`, and a sentence for each of the first MOST_SHOWN."""

    rule: str
    differing: int
    differences: tuple[str, ...]


def names() -> tuple[str, ...]:
    """Every comparison there is."""
    return tuple(_COMPARISONS)


def compare(tx: Transaction, *, name: str) -> Comparison:
    """Compare one kind of figure with the rows it sums up."""
    rule, *queries_and_words = _COMPARISONS[name]
    results = [(query(tx, limit=MOST_SHOWN), words) for query, words in queries_and_words]
    differences = [words.format(*row) for rows, words in results for row in rows]
    differing = sum(rows[0][-1] for rows, _ in results if rows)
    return Comparison(rule, differing, tuple(differences[:MOST_SHOWN]))


_Query: TypeAlias = Callable[..., Sequence[Row]]

_COMPARISONS: dict[str, tuple[str, *tuple[tuple[_Query, str], ...]]] = {
    "ledger": (
        "every stock counter is the sum of its movements, and every order took what it holds",
        (queries.list_wrong_counters, "{0}: {1} available, its movements sum to {2}"),
        (queries.list_wrong_takings, "order {0}: {1} changed by {3} in the ledger, not by {2}"),
    ),
    "orders": (
        "every order's amounts are the sums of those of its lines",
        (queries.list_wrong_subtotals, "order {0}: subtotal {1}, its lines sum to {2}"),
        (queries.list_wrong_discounts, "order {0}: discount {1}, those of its lines sum to {2}"),
        (queries.list_wrong_taxes, "order {0}: tax {1} without shipping, that of its lines sums to {2}"),
    ),
    "payments": (
        "every order's paid amount is the sum of its payments",
        (queries.list_wrong_payments, "order {0}: {1} paid ({2}), its payments sum to {3}"),
    ),
    "refunds": (
        "what every order and payment was refunded is the sum of its refunds",
        (queries.list_wrong_refunds, "order {0}: {2} of {1} refunded, its refunds sum to {3}"),
        (queries.list_wrong_refunded, "order {0}: {1} refunded, its payments sum to {2}"),
    ),
    "coupons": (
        "every coupon is used by as many orders as its counter says",
        (list_wrong_counters, "coupon {0}: used {1} times, {2} orders have it"),
    ),
    "holds": (
        "no order holds stock, and no payment is open, a day after its end",
        (queries.list_overdue, "order {0}: it is open, and was to expire at {1}"),
        (queries.list_left_open, "order {0}: {1} is open, and ended at {2}; the order is {3}"),
    ),
    "sent": (
        "every line's fulfilled units are the sum of its fulfilments",
        (queries.list_wrong_fulfilments, "order {0}: {2} of {1} fulfilled, its fulfilments sum to {3}"),
        (queries.list_wrong_fulfilment_states, "order {0}: fulfilment {1}, its lines say {2}"),
    ),
    "downloads": (
        "every paid line with downloads has them, five links for each unit that did not come back",
        (downloads.list_wrong_limits, "order {0}: {2} links to a download of {1}, for {3} units"),
        (downloads.list_absent, "order {0}: no download of {1}, though it is paid"),
    ),
}
