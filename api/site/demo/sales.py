"""The demonstration's orders: placed, paid, sent or cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from api.roles import Viewer
from api.settings.shop import Tariff
from api.shop.cancellations import rules as cancellations
from api.shop.cancellations.records import CancellationDraft
from api.shop.fulfilments import rules as fulfilments
from api.shop.fulfilments.records import FulfilmentDraft
from api.shop.money import Money
from api.shop.orders import placement
from api.shop.orders import rules as orders
from api.shop.orders.records import LineDraft, OrderDraft
from api.shop.payments import rules as payments
from api.site.demo.events import CURRENCY, KEEPER, Event, People, read
from api.storage import Transaction

A_MOMENT = 0.01
"""Days between two steps that have the same day in the file."""


def events(people: People) -> Iterator[Event]:
    """Every order and its later steps."""
    keeper = people[KEEPER]
    for entry in read("orders"):
        buyer = people[entry["buyer"]]
        placed: list[str] = []
        yield entry["days_ago"], partial(_place, entry=entry, buyer=buyer, placed=placed)
        for step, (key, happen) in enumerate((("paid", _pay), ("fulfilled", _send)), start=1):
            if key in entry:
                days_ago = entry[key]["days_ago"] - step * A_MOMENT
                yield days_ago, partial(happen, entry=entry[key], keeper=keeper, placed=placed)
        if "cancelled" in entry:
            days_ago = entry["cancelled"]["days_ago"] - A_MOMENT
            yield days_ago, partial(_cancel, reason=entry["cancelled"]["reason"], buyer=buyer, placed=placed)


def _place(tx: Transaction, *, entry: dict[str, Any], buyer: Viewer, placed: list[str]) -> None:
    lines = tuple(LineDraft(line["sku"], line["quantity"]) for line in entry["lines"])
    draft = OrderDraft(lines=lines, note=entry.get("note"))
    placed.append(placement.place(tx, draft, buyer=buyer, tariff=Tariff(currency=CURRENCY)).id)


def _pay(tx: Transaction, *, entry: dict[str, Any], keeper: Viewer, placed: list[str]) -> None:
    order = orders.find(tx, ref=placed[0], viewer=keeper, lock=True)
    amount = Money(order.total, CURRENCY)
    payments.record(
        tx, order, amount=amount, method=entry["method"], reference=entry.get("reference"), actor=keeper
    )


def _send(tx: Transaction, *, entry: dict[str, Any], keeper: Viewer, placed: list[str]) -> None:
    order = orders.find(tx, ref=placed[0], viewer=keeper, lock=True)
    draft = FulfilmentDraft(carrier=entry["carrier"], tracking=entry.get("tracking"))
    fulfilments.create(tx, order, draft, actor=keeper)


def _cancel(tx: Transaction, *, reason: str, buyer: Viewer, placed: list[str]) -> None:
    order = orders.find(tx, ref=placed[0], viewer=buyer, lock=True)
    cancellations.cancel(tx, order, CancellationDraft(reason=reason), actor=buyer)
