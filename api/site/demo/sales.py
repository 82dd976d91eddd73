"""The demonstration's orders: placed, paid, sent, and one thought better of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from api.accounts.roles import Viewer
from api.shop.fulfilments import rules as fulfilments
from api.shop.fulfilments.records import FulfilmentDraft
from api.shop.orders import rules as orders
from api.shop.orders.records import LineDraft, OrderDraft
from api.shop.payments import rules as payments
from api.shop.payments.records import PaymentAmount, PaymentDraft
from api.site.demo.events import CURRENCY, KEEPER, Event, People, read
from api.storage import Transaction

A_MOMENT = 0.01
"""Days between two steps that the file gives the same day."""


def events(people: People) -> Iterator[Event]:
    """Every order and what became of it."""
    keeper = people[KEEPER]
    for told in read("orders"):
        buyer = people[told["buyer"]]
        placed: list[str] = []
        yield told["days_ago"], partial(_place, told=told, buyer=buyer, placed=placed)
        for step, (key, happen) in enumerate((("paid", _pay), ("fulfilled", _send)), start=1):
            if key in told:
                days_ago = told[key]["days_ago"] - step * A_MOMENT
                yield days_ago, partial(happen, told=told[key], keeper=keeper, placed=placed)
        if "cancelled" in told:
            days_ago = told["cancelled"]["days_ago"] - A_MOMENT
            yield days_ago, partial(_cancel, reason=told["cancelled"]["reason"], buyer=buyer, placed=placed)


def _place(tx: Transaction, *, told: dict[str, Any], buyer: Viewer, placed: list[str]) -> None:
    lines = tuple(LineDraft(line["sku"], line["quantity"]) for line in told["lines"])
    draft = OrderDraft(lines, note=told.get("note"))
    placed.append(orders.place(tx, draft, buyer=buyer, currency=CURRENCY).id)


def _pay(tx: Transaction, *, told: dict[str, Any], keeper: Viewer, placed: list[str]) -> None:
    order = orders.find(tx, ref=placed[0], viewer=keeper, lock=True)
    amount = PaymentAmount(order.total, CURRENCY)
    draft = PaymentDraft(told["method"], amount, told.get("reference"))
    payments.create(tx, order, draft, actor=keeper)


def _send(tx: Transaction, *, told: dict[str, Any], keeper: Viewer, placed: list[str]) -> None:
    order = orders.find(tx, ref=placed[0], viewer=keeper, lock=True)
    draft = FulfilmentDraft(carrier=told["carrier"], tracking=told.get("tracking"))
    fulfilments.create(tx, order, draft, actor=keeper)


def _cancel(tx: Transaction, *, reason: str, buyer: Viewer, placed: list[str]) -> None:
    order = orders.find(tx, ref=placed[0], viewer=buyer, lock=True)
    orders.cancel(tx, order, actor=buyer, reason=reason)
