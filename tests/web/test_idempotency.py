"""What becomes of the records of Idempotency-Key in time."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api import times
from api.storage import Transaction
from api.web.idempotency import replay
from api.web.idempotency.tables import idempotency_records as records
from tests.factories import make_item

ORDER = {"lines": [{"sku": "mug", "quantity": 1}]}


@pytest.fixture
def order(db, client_as):
    """Place an order with that key."""
    with db.write() as tx:
        make_item(tx, sku="mug", stock=100, price=0)  # unpaid orders are limited
    buyer = client_as("customer")
    return lambda key: buyer.simulate_post("/v1/orders", json=ORDER, headers={"Idempotency-Key": key})


def age(db, key, days):
    with db.write() as tx:
        then = times.later(tx.now, days=-days)
        tx.run(sa.update(records).where(records.c.key == key).values(created_at=then))


def keys(db):
    with db.read() as tx:
        return {row.key for row in tx.rows(sa.select(records.c.key))}


def test_a_key_is_remembered_for_seven_days(db, order, left):
    first = order("one")
    age(db, "one", days=6.9)

    again = order("one")

    assert (again.status_code, again.text) == (201, first.text)
    assert left() == {"mug": 99}


def test_a_key_is_free_again_after_seven_days(db, order, left):
    first = order("one")
    age(db, "one", days=7.1)

    later, again = order("one"), order("one")

    assert later.json["id"] != first.json["id"]
    assert "Idempotent-Replayed" not in later.headers
    assert again.text == later.text
    assert left() == {"mug": 98}


@pytest.mark.only_on("postgresql")
def test_a_key_that_another_sweeps_away_meanwhile_is_free(db, other_db, order, left, monkeypatch):
    run, swept = Transaction.run, []

    def run_late(tx, statement, **values):
        if "expired_before" in values:
            with other_db.write() as other:
                swept.append(run(other, sa.delete(records)))
        return run(tx, statement, **values)

    first = order("one")
    age(db, "one", days=7.1)
    monkeypatch.setattr(Transaction, "run", run_late)

    later = order("one")

    assert swept == [1]
    assert later.status_code == 201
    assert later.json["id"] != first.json["id"]
    assert left() == {"mug": 98}


def test_expired_records_are_swept_and_no_others(db, order):
    for number in range(3):
        order(f"old-{number}")
        age(db, f"old-{number}", days=8)
    order("young")

    with db.write() as tx:
        assert [replay.sweep(tx, most=2), replay.sweep(tx, most=2)] == [2, 1]

    assert keys(db) == {"young"}
