"""News, buyers and shopkeepers at the same moment: each sum is counted once, and none is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from api.shop.payments.news import rules as news
from api.shop.payments.port import Hint
from api.shop.payments.providers.test.tables import test_payments as books
from api.shop.reconcile import rules as reconcile
from tests.shop.bodies import eur
from tests.shop.payments.test_flows import back, choose, left, let_expire, read


def at_once(*calls: Callable[[], Any]) -> Sequence[Any]:
    """What each returns, all of them begun at the same moment."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def adds_up(db):
    """Whether nothing that is stored twice differs."""

    def adds_up() -> bool:
        with db.read() as tx:
            return not any(reconcile.compare(tx, name=name).differing for name in reconcile.names())

    return adds_up


def kinds(order: dict[str, Any]) -> list[str]:
    return [event["kind"] for event in order["events"]]


def reserve(db, client, order: dict[str, Any]) -> dict[str, Any]:
    """The payment of the order, reserved and not taken yet."""
    payment = order["payment"]
    with db.write() as tx:
        tx.run(sa.update(books).where(books.c.id == payment["id"]).values(takes_at_once=0))
    choose(client, payment, "success")
    return back(client, order, payment)


def test_news_returns_and_workers_at_once_make_an_order_paid_once(db, buyer, place, work, adds_up):
    order = place(payment={"provider": "test"})
    choose(buyer, order["payment"], "success")

    def hear(number: int) -> None:
        with db.write() as tx:
            news.receive(tx, Hint(f"evt_{number}", order["payment"]["id"]), provider="test")

    at_once(
        *(lambda number=number: hear(number) for number in (1, 1, 2, 2)),
        *[lambda: back(buyer, order, order["payment"])] * 4,
        *[work] * 3,
    )
    work()

    after = read(buyer, order)
    assert (after["paid"], after["refunded"], after["payment_status"]) == (eur(2000), eur(0), "paid")
    assert kinds(after) == ["placed", "paid"]
    assert adds_up()


def test_eight_refunds_at_once_return_no_more_than_was_paid(buyer, keeper, place, work, adds_up):
    order = place(payment={"provider": "test"})
    choose(buyer, order["payment"], "success")
    back(buyer, order, order["payment"])
    path = f"/v1/orders/{order['id']}/refunds"

    answers = at_once(*[lambda: keeper.simulate_post(path, json={"amount": eur(700)})] * 8)
    work()

    assert sorted(answer.status_code for answer in answers) == [201, 201, *[409] * 6]
    assert read(buyer, order)["refunded"] == eur(1400)
    assert {each["state"] for each in keeper.simulate_get(path).json["data"]} == {"succeeded"}
    assert adds_up()


@pytest.mark.parametrize("who", ["buyer", "keeper"])
def test_an_order_paid_and_cancelled_at_once_is_one_or_the_other(buyer, keeper, place, work, adds_up, who):
    order = place(payment={"provider": "test"})
    canceller = buyer if who == "buyer" else keeper
    outcome = f"/v1/test-payments/{order['payment']['id']}/outcome"

    def pay() -> int:
        chosen = buyer.simulate_put(outcome, json={"outcome": "success"}).status_code
        back(buyer, order, order["payment"])
        return chosen

    paid, cancelled = at_once(
        pay, lambda: canceller.simulate_put(f"/v1/orders/{order['id']}/cancellation").status_code
    )
    work()

    after = read(buyer, order)
    assert (paid, cancelled) in {(200, 409), (409, 200), (200, 200)}
    assert after["order_status"] == ("cancelled" if cancelled == 200 else "open")
    assert after["paid"] == eur(2000 if paid == 200 else 0)
    assert after["refunded"] == (after["paid"] if cancelled == 200 else eur(0))
    assert left(buyer) == (5 if cancelled == 200 else 4)
    assert adds_up()


def test_money_that_comes_as_the_order_expires_pays_it_or_goes_back(db, buyer, place, work, adds_up):
    order = place(5, payment={"provider": "test"})
    choose(buyer, order["payment"], "success")
    let_expire(db, order)
    other = {"lines": [{"sku": "mug", "quantity": 1}]}

    _, taken = at_once(
        lambda: back(buyer, order, order["payment"]), lambda: buyer.simulate_post("/v1/orders", json=other)
    )
    work()

    after = read(buyer, order)
    lost = taken.status_code == 201
    assert after["paid"] == eur(10000)
    assert after["refunded"] == eur(10000 if lost else 0)
    assert (after["order_status"], left(buyer)) == (("expired", 4) if lost else ("open", 0))
    assert adds_up()


def test_money_by_hand_while_a_provider_takes_it_too_goes_back_once(buyer, keeper, place, work, adds_up):
    order = place(payment={"provider": "test"})
    choose(buyer, order["payment"], "success")
    cash = {"method": "cash", "amount": eur(2000)}

    _, by_hand = at_once(
        lambda: back(buyer, order, order["payment"]),
        lambda: keeper.simulate_post(f"/v1/orders/{order['id']}/payments", json=cash).status_code,
    )
    work()

    after = read(buyer, order)
    assert after["paid"] == eur(4000 if by_hand == 201 else 2000)
    assert after["refunded"] == eur(2000 if by_hand == 201 else 0)
    assert after["due"] == eur(0)
    assert adds_up()


def test_money_by_hand_ends_the_payment_that_is_open(buyer, keeper, place, work):
    order = place(payment={"provider": "test"})
    cash = {"method": "cash", "amount": eur(2000)}

    keeper.simulate_post(f"/v1/orders/{order['id']}/payments", json=cash)
    work()

    seen = buyer.simulate_get(f"/v1/orders/{order['id']}/payments/{order['payment']['id']}")
    assert seen.json["state"] == "cancelled"
    assert read(buyer, order)["payment_status"] == "paid"


def test_of_four_captures_at_once_one_is_done(db, buyer, keeper, place, adds_up):
    order = place(payment={"provider": "test"})
    reserved = reserve(db, buyer, order)
    path = f"/v1/orders/{order['id']}/payments/{reserved['id']}/captures"

    answers = at_once(
        *(
            lambda amount=amount: keeper.simulate_post(path, json={"amount": eur(amount)})
            for amount in (500, 600, 700, 800)
        )
    )

    assert reserved["state"] == "authorised"
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    (captured,) = [answer.json["captured"] for answer in answers if answer.status_code == 201]
    after = read(buyer, order)
    assert (after["paid"], after["payment_status"]) == (captured, "partly_paid")
    assert kinds(after)[-1] == "partly_paid"
    assert "payment_failed" not in kinds(after)
    assert adds_up()


def test_a_capture_that_the_provider_refuses_leaves_the_truth_behind(db, buyer, keeper, place):
    order = place(payment={"provider": "test"})
    reserved = reserve(db, buyer, order)
    with db.write() as tx:
        tx.run(sa.update(books).where(books.c.id == reserved["id"]).values(state="captured", captured=500))

    path = f"/v1/orders/{order['id']}/payments/{reserved['id']}/captures"
    answer = keeper.simulate_post(path, json={"amount": eur(700)})

    assert (answer.status_code, answer.json["code"]) == (409, "invalid-state")
    after = read(buyer, order)
    assert after["paid"] == eur(500)
    assert "payment_failed" not in kinds(after)


def test_a_repeated_capture_gets_the_first_answer(db, buyer, keeper, place):
    order = place(payment={"provider": "test"})
    path = f"/v1/orders/{order['id']}/payments/{reserve(db, buyer, order)['id']}/captures"
    headers = {"Idempotency-Key": "k"}

    first, again = (keeper.simulate_post(path, json={}, headers=headers) for _ in range(2))
    other = keeper.simulate_post(path, json={"amount": eur(1)}, headers=headers)

    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")
    assert read(buyer, order)["paid"] == eur(2000)
