"""Guests hold little stock without paying: few unpaid orders an e-mail, and a network."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from api.shop.guests import rules


def test_an_e_mail_has_three_unpaid_orders_however_it_is_spelled(order, clock, left):
    answers = [order(email) for email in ("ada@kiosque.test", "ADA@kiosque.test", "ada@KIOSQUE.test")]
    clock.advance(minutes=10)

    refused = order()

    assert [answer.status_code for answer in answers] == [201] * 3
    assert (refused.status_code, refused.json["code"]) == (429, "too-many-requests")
    assert refused.headers["Retry-After"] == "1200"
    assert left() == {"mug": 47}
    clock.advance(minutes=20)
    assert order().status_code == 201


def test_a_network_has_ten_unpaid_orders(order, clock, by_token):
    placed = [order(f"g{number}@kiosque.test", remote_addr="192.0.2.7") for number in range(10)]

    refused = order("eve@kiosque.test", remote_addr="192.0.2.200")

    assert {answer.status_code for answer in placed} == {201}
    assert refused.status_code == 429
    assert order("eve@kiosque.test", remote_addr="192.0.3.1").status_code == 201
    last = placed[-1]
    by_token(last.json["access_token"]).simulate_put(f"{last.headers['Location']}/cancellation")
    assert order("bob@kiosque.test", remote_addr="192.0.2.7").status_code == 201


def test_orders_at_once_are_counted_one_after_the_other(order):
    with ThreadPoolExecutor(8) as pool:
        answers = [answer.status_code for answer in pool.map(lambda _: order(), range(8))]

    assert sorted(answers) == [201] * 3 + [429] * 5


def test_a_repetition_is_answered_whatever_the_limit_says(order):
    key = "9d0a3f6e-2f5e-4a43-8f0c-6f9a5b1f3c77"
    first = order(key=key)
    for _ in range(2):
        order()

    assert order().status_code == 429
    assert order(key=key).json["id"] == first.json["id"]


def test_the_network_of_an_order_is_forgotten_once_it_is_not_unpaid_any_more(db, order, by_token):
    first, _ = order(), order()
    by_token(first.json["access_token"]).simulate_put(f"{first.headers['Location']}/cancellation")

    with db.write() as tx:
        assert [rules.sweep(tx, most=9) for _ in range(2)] == [1, 0]
