"""What is written twice in a shop, held against each other: it must say the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from api.shop.reconcile import queries
from api.storage import Row, Transaction

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Sum:
    """What became of one look: how many rows differ, and at most MOST_SHOWN of them in words."""

    rule: str
    differing: int
    told: tuple[str, ...]


def names() -> tuple[str, ...]:
    """What can be looked at."""
    return tuple(_SUMS)


def look(tx: Transaction, *, name: str) -> Sum:
    """Hold one kind of sum against its parts."""
    rule, *sides = _SUMS[name]
    found = [(words, query(tx, limit=MOST_SHOWN)) for query, words in sides]
    told = [words.format(*row) for words, rows in found for row in rows]
    return Sum(rule, sum(rows[0][-1] for _, rows in found if rows), tuple(told[:MOST_SHOWN]))


_Side: TypeAlias = tuple[Callable[..., Sequence[Row]], str]

_SUMS: dict[str, tuple[str, *tuple[_Side, ...]]] = {
    "ledger": (
        "every counter is the sum of its movements, and orders took what they hold",
        (queries.list_counters_off, "{0}: {1} available, its movements sum to {2}"),
        (queries.list_taken_off, "order {0}: {1} changed by {3} in the ledger, not by {2}"),
    ),
    "orders": (
        "every total is the sum of its lines",
        (queries.list_totals_off, "order {0}: total {1}, its lines sum to {2}"),
    ),
    "payments": (
        "what is paid is the sum of the payments",
        (queries.list_paid_off, "order {0}: {1} paid ({2}), its payments sum to {3}"),
    ),
    "sent": (
        "what is fulfilled is the sum of the fulfilments",
        (queries.list_sent_off, "order {0}: {2} of {1} fulfilled, its fulfilments sum to {3}"),
        (queries.list_sent_status_off, "order {0}: fulfilment {1}, its lines say {2}"),
    ),
}
