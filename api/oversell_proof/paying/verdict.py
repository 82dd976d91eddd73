"""The verdict on money: the answers, the books of the shop and those of the provider, to the cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.oversell_proof import queries as stored
from api.oversell_proof.paying import queries
from api.oversell_proof.paying.payers import Ledger
from api.shop.reconcile import rules as reconcile
from api.storage import Database, Row, Transaction


@dataclass(frozen=True, slots=True)
class MoneyVerdict:
    """The figures of one proof; `faults` is empty if answers, shop and provider agree."""

    ledger: Ledger
    stock: int
    sold: int
    left: int
    orders: Mapping[str, int]
    """Status → orders."""
    payments: Mapping[str, int]
    """State → payments."""
    refunds: int
    money_in: int
    """Minor units that came, by the provider's book."""
    money_back: int
    coupons: int
    faults: tuple[str, ...]
    kills: int = 0


def judge(db: Database, ledger: Ledger, *, stock: int, coupon_limit: int) -> MoneyVerdict:
    """Compare all of them, once nothing is under way any more."""
    with db.read() as tx:
        orders, payments, refunds = (
            queries.list_orders(tx),
            queries.list_payments(tx),
            queries.list_refunds(tx),
        )
        taken, sent = queries.list_taken(tx), queries.list_sent(tx)
        uses = queries.find_coupon_uses(tx)
        counters = stored.list_stock(tx)
        faults = [*_differences(tx)]
    left = sum(counter for counter, _ in counters.values())
    sold = sum(order.standing for order in orders if order.order_status != "expired")
    if left != stock - sold or left < 0:
        faults.append(f"{sold} sold, {left} left of {stock}")
    if uses > coupon_limit:
        faults.append(f"a coupon for {coupon_limit} orders is used by {uses}")
    faults += _unlike_books(payments, refunds, taken, sent)
    faults += _unpaid_debts(orders)
    faults += _broken_promises(orders, payments, refunds, taken, ledger)
    return MoneyVerdict(
        ledger=ledger,
        stock=stock,
        sold=sold,
        left=left,
        orders=Counter(order.order_status for order in orders),
        payments=Counter(payment.state for payment in payments),
        refunds=len(refunds),
        money_in=sum(taken.values()),
        money_back=sum(amount for _, amount in sent.values()),
        coupons=uses,
        faults=tuple(faults),
    )


def _differences(tx: Transaction) -> Iterator[str]:
    """Figures that the shop stores twice and that differ."""
    for name in reconcile.names():
        yield from reconcile.compare(tx, name=name).differences
    waiting = queries.count_unsettled(tx)
    if waiting:
        yield f"{waiting} payments and jobs about money are not done"


def _unlike_books(
    payments: Sequence[Row],
    refunds: Sequence[Row],
    taken: Mapping[str, int],
    sent: Mapping[str, tuple[str, int]],
) -> Iterator[str]:
    """Differences between the books of the shop and of the provider."""
    captured = {payment.id: payment.captured for payment in payments}
    for payment in sorted({*captured, *taken}):
        ours, theirs = captured.get(payment, 0), taken.get(payment, 0)
        if ours != theirs:
            yield f"{payment}: {ours} captured, and the provider took {theirs}"
    returned = {each.id: (each.payment_id, each.amount) for each in refunds if each.state == "succeeded"}
    for refund in sorted({*returned, *sent}):
        if returned.get(refund) != sent.get(refund):
            yield f"{refund}: {returned.get(refund)} refunded, and the provider sent {sent.get(refund)}"
    yield from (f"{each.id}: refund is {each.state}" for each in refunds if each.state != "succeeded")


def _unpaid_debts(orders: Sequence[Row]) -> Iterator[str]:
    """Orders of which the shop has more money than they owe."""
    for order in orders:
        owed = 0 if order.order_status in ("cancelled", "expired") else order.owed
        if order.net > owed:
            yield f"{order.id} ({order.order_status}): {order.net} is here, and {owed} is owed"


def _broken_promises(
    orders: Sequence[Row],
    payments: Sequence[Row],
    refunds: Sequence[Row],
    taken: Mapping[str, int],
    ledger: Ledger,
) -> Iterator[str]:
    """Answers that do not hold."""
    known = {order.id: order.order_status for order in orders}
    states = {payment.id: payment.state for payment in payments}
    confirmed = set(ledger.ordered.values())
    yield from (f"{order}: confirmed, but not stored" for order in sorted(confirmed - known.keys()))
    if len(confirmed) != len(ledger.ordered):
        yield "two purchases were confirmed with the same order"
    if not ledger.unanswered:
        yield from (f"{order}: stored, but never confirmed" for order in sorted(known.keys() - confirmed))
    yield from (
        f"{payment}: read as captured, and stored as {states.get(payment)}"
        for payment in sorted(ledger.captured)
        if states.get(payment) != "captured"
    )
    yield from (
        f"{payment}: paid at the provider, which has nothing of it"
        for payment in sorted(ledger.chosen)
        if not taken.get(payment)
    )
    yield from (
        f"{refund}: confirmed, but not stored"
        for refund in sorted(ledger.refunds - {each.id for each in refunds})
    )
    yield from (
        f"{order}: cancelled, but stored as {known.get(order)}"
        for order in sorted(ledger.cancelled)
        if known.get(order) != "cancelled"
    )
    yield from (f"unexpected answer: {answer}" for answer in ledger.strange)
