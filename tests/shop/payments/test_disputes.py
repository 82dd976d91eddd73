"""What a provider says beside the state of a payment: other sums than we asked for, and disputes."""

from __future__ import annotations

import msgspec
import pytest
import sqlalchemy as sa

from api.events.tables import events
from api.shop.orders import rules as orders
from api.shop.orders.holding import Holding
from api.shop.payments import queries, rules
from api.shop.payments.port import Dispute, Seen
from tests.factories import make_item, make_order, make_viewer

LAST = (
    sa.select(events.c.data)
    .where(events.c.subject_id == sa.bindparam("order"))
    .order_by(events.c.id.desc())
    .limit(1)
)


@pytest.fixture
def payment(db):
    """A payment of 20.00 that is open at its provider."""
    with db.write() as tx:
        make_item(tx, sku="mug", stock=3, price=1000)
        buyer = make_viewer(tx)
        order = make_order(tx, buyer, ("mug", 2))
        return rules.start(tx, order, provider="stripe", return_url="", holding=Holding(), actor=buyer)


@pytest.fixture
def see(db, payment):
    """Brings news of it several times; the payment and its order then."""

    def see(seen, times=3):
        for _ in range(times):
            with db.write() as tx:
                rules.apply(tx, payment.id, seen, holding=Holding(minutes=30))
        with db.read() as tx:
            return queries.find_payment(tx, ref=payment.id), orders.find_any(tx, ref=payment.order_id)

    return see


def kinds(order):
    return [event.kind for event in order.events]


def test_a_payment_of_another_sum_never_counts_and_is_told_once(see):
    after, order = see(Seen("failed", "cs_1", failure="mismatch", mismatch="19.00 EUR"))

    assert (after.state, after.captured, after.failure) == ("failed", 0, "mismatch")
    assert (order.payment_status, order.paid) == ("unpaid", 0)
    assert kinds(order) == ["placed", "payment_mismatch", "payment_failed"]


def test_a_lost_dispute_counts_as_a_refund_once(see):
    see(Seen("captured", "cs_1", captured=2000))

    _, disputed = see(Seen("captured", "cs_1", captured=2000, dispute=Dispute("dp_1", 1500, "open")))
    after, lost = see(Seen("captured", "cs_1", captured=2000, dispute=Dispute("dp_1", 1500, "lost")))

    assert (disputed.refunded, disputed.payment_status) == (0, "paid")
    assert (after.refunded, lost.refunded, lost.credited, lost.due) == (1500, 1500, 1500, 0)
    assert lost.payment_status == "partly_refunded"
    assert kinds(lost) == ["placed", "paid", "payment_disputed", "refunded"]


def test_news_that_is_old_changes_nothing(see):
    see(Seen("captured", "cs_1", captured=2000))

    after, order = see(Seen("open", "cs_1", next_url="https://pay.test"))

    assert (after.state, after.next_url, order.paid) == ("captured", None, 2000)
    assert see(Seen("failed", "cs_1"))[0].state == "captured"


def test_money_whose_news_come_with_a_dispute_is_counted_first(see):
    _, lost = see(Seen("captured", "cs_1", captured=2000, dispute=Dispute("dp_1", 2000, "lost")))

    assert (lost.paid, lost.refunded, lost.payment_status) == (2000, 2000, "refunded")
    assert kinds(lost) == ["placed", "paid", "payment_disputed", "refunded"]


@pytest.mark.parametrize("state", ["processing", "authorised", "failed", "cancelled", "captured"])
def test_the_last_event_of_an_order_shows_it_as_it_is(db, see, state):
    captured = 2000 if state == "captured" else 0
    _, order = see(Seen(state, "cs_1", captured=captured))

    with db.read() as tx:
        told = tx.value(LAST, order=order.id)

    assert msgspec.json.decode(told)["version"] == order.version
