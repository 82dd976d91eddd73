"""Buyers pay by a provider: begun once, counted once, and never lost when it comes late."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from api.shop.orders.tables import orders
from tests.nouns import Noun
from tests.shop.bodies import eur

NOUN = Noun(
    roles="""
    GET    /v1/orders/{order}/payments/{payment}               own   401 401 200 200 200 200 200 403
    GET    /v1/orders/{order}/payments/{payment}               other 401 401 404 404 404 200 200 403
    PUT    /v1/orders/{order}/payments/{payment}/return        own   401 401 200 200 200 200 200 403
    PUT    /v1/orders/{order}/payments/{payment}/return        other 401 401 404 404 404 200 200 403
    PUT    /v1/orders/{order}/payments/{payment}/cancellation  own   401 401 200 200 200 200 200 403
    PUT    /v1/orders/{order}/payments/{payment}/cancellation  other 401 401 404 404 404 200 200 403
    POST   /v1/orders/{order}/payments/{payment}/captures      own   401 401 403 403 403 409 409 403
    POST   /v1/orders/{order}/payments/{payment}/captures      other 401 401 403 403 403 409 409 403
    """,
    bodies={
        ("POST", "/v1/orders/{order}/payments/{payment}/captures"): {},
    },
)


def begin(client, order: dict[str, Any], provider: str = "test", **fields: Any) -> Any:
    path = f"/v1/orders/{order['id']}/payments"
    return client.simulate_post(path, json={"provider": provider, **fields})


def choose(client, payment: dict[str, Any], outcome: str) -> None:
    answer = client.simulate_put(f"/v1/test-payments/{payment['id']}/outcome", json={"outcome": outcome})
    assert answer.status_code == 200, answer.text


def back(client, order: dict[str, Any], payment: dict[str, Any]) -> dict[str, Any]:
    """The payment once its buyer is back."""
    return client.simulate_put(f"/v1/orders/{order['id']}/payments/{payment['id']}/return").json


def read(client, order: dict[str, Any]) -> dict[str, Any]:
    return client.simulate_get(f"/v1/orders/{order['id']}").json


def left(client) -> int:
    return client.simulate_get("/v1/variants/mug").json["stock"]["available"]


def let_expire(db, order: dict[str, Any]) -> None:
    with db.write() as tx:
        tx.run(sa.update(orders).where(orders.c.id == order["id"]).values(expires_at=tx.now))


def test_a_payment_is_begun_once_and_paid_once(buyer, place):
    order = place()

    first, again = begin(buyer, order), begin(buyer, order)
    choose(buyer, first.json, "success")
    seen = [back(buyer, order, first.json) for _ in range(3)]

    assert (first.status_code, again.status_code, again.json) == (201, 200, first.json)
    assert first.json["next"]["url"].endswith(f"/test-payments/{first.json['id']}")
    assert seen[0]["state"] == "captured"
    assert seen[0] == seen[1] == seen[2]
    paid = read(buyer, order)
    assert (paid["paid"], paid["due"], paid["payment_status"]) == (eur(2000), eur(0), "paid")
    assert paid["expires_at"] is None
    assert [event["kind"] for event in paid["events"]] == ["placed", "paid"]


def test_a_payment_that_is_there_already_is_answered_to_any_key(buyer, place):
    order = place(payment={"provider": "test"})
    headers = {"Idempotency-Key": "k"}
    path = f"/v1/orders/{order['id']}/payments"

    answers = [buyer.simulate_post(path, json={"provider": "test"}, headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json for answer in answers] == [order["payment"]] * 2


def test_five_tabs_share_one_payment(buyer, place):
    order = place()

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: begin(buyer, order), range(5)))

    assert {answer.json["id"] for answer in answers} == {answers[0].json["id"]}
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]


def test_a_decline_leaves_the_order_payable(buyer, place):
    order = place()
    declined = begin(buyer, order).json
    choose(buyer, declined, "decline")

    after = back(buyer, order, declined)
    second = begin(buyer, order)

    assert (after["state"], after["failure"]) == ("failed", {"code": "card_declined"})
    assert second.status_code == 201
    assert second.json["id"] != declined["id"]
    assert read(buyer, order)["order_status"] == "open"


def test_an_order_carries_its_first_payment(buyer, place):
    order = place(payment={"provider": "test", "return_url": "https://kiosque.test/thanks"})

    assert order["payment"]["state"] == "open"
    assert order["payment"]["next"]["url"]
    assert read(buyer, order)["expires_at"] > order["payment"]["next"]["expires_at"]


def test_a_replayed_order_goes_on_with_its_payment(buyer, place):
    place()
    body = {"lines": [{"sku": "mug", "quantity": 1}], "payment": {"provider": "test"}}
    headers = {"Idempotency-Key": "k"}

    first, again = (buyer.simulate_post("/v1/orders", json=body, headers=headers) for _ in range(2))

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first.json
    assert left(buyer) == 3


def test_buyers_who_pay_by_hand_read_what_to_do(buyer, keeper, place):
    order = place(payment={"provider": "manual"})

    assert (order["payment"]["state"], order["payment"]["next"]) == ("open", None)
    paid = keeper.simulate_post(
        f"/v1/orders/{order['id']}/payments", json={"method": "transfer", "amount": eur(2000)}
    )
    assert (paid.status_code, paid.json["state"]) == (201, "captured")
    assert read(buyer, order)["payment_status"] == "paid"


def test_only_shopkeepers_record_what_they_received(buyer, place):
    order = place()

    answer = buyer.simulate_post(
        f"/v1/orders/{order['id']}/payments", json={"method": "cash", "amount": eur(2000)}
    )

    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


@pytest.mark.parametrize("url", ["https://evil.test/", "http://kiosque.test/", "https://kiosque.test:444/"])
def test_buyers_are_sent_back_to_known_sites_only(buyer, place, url):
    answer = begin(buyer, place(), return_url=url)

    assert (answer.status_code, answer.json["code"]) == (409, "return-url-not-allowed")


def test_another_provider_ends_the_payment_that_was_begun(buyer, place):
    order = place()
    first = begin(buyer, order).json

    second = begin(buyer, order, "manual")

    assert (second.status_code, second.json["provider"]) == (201, "manual")
    path = f"/v1/orders/{order['id']}/payments/{first['id']}"
    assert buyer.simulate_get(path).json["state"] == "cancelled"


def test_a_payment_is_given_up_once_and_not_after_the_money_came(buyer, place):
    order = place()
    first = begin(buyer, order).json
    path = f"/v1/orders/{order['id']}/payments/{first['id']}/cancellation"

    given_up = [buyer.simulate_put(path) for _ in range(2)]
    second = begin(buyer, order).json
    choose(buyer, second, "success")
    late = buyer.simulate_put(path.replace(first["id"], second["id"]))

    assert [(each.status_code, each.json["state"]) for each in given_up] == [(200, "cancelled")] * 2
    assert (late.status_code, late.json["code"]) == (409, "invalid-state")
    assert read(buyer, order)["payment_status"] == "paid"


def test_the_provider_takes_no_money_for_an_order_that_has_expired(buyer, place, db, work):
    order = place(payment={"provider": "test"})
    let_expire(db, order)
    work()

    path = f"/v1/test-payments/{order['payment']['id']}/outcome"
    answer = buyer.simulate_put(path, json={"outcome": "success"})

    assert (answer.status_code, answer.json["code"]) == (409, "invalid-state")
    assert read(buyer, order)["order_status"] == "expired"
    assert left(buyer) == 5


def test_money_for_an_order_whose_stock_is_sold_goes_back(buyer, keeper, place, db, work):
    order = place(5, payment={"provider": "test"})
    choose(buyer, order["payment"], "success")
    let_expire(db, order)
    place(5)

    seen = back(buyer, order, order["payment"])
    work()

    after = read(buyer, order)
    assert seen["state"] == "captured"
    assert (after["order_status"], after["payment_status"]) == ("expired", "refunded")
    assert (after["paid"], after["refunded"], after["credited"]) == (eur(10000), eur(10000), eur(0))
    refund = buyer.simulate_get(f"/v1/orders/{order['id']}/refunds").json["data"][0]
    assert (refund["state"], refund["reason"]) == ("succeeded", "came-too-late")


def test_money_for_an_expired_order_revives_it_if_it_can(buyer, place, db):
    order = place(5, payment={"provider": "test"})
    choose(buyer, order["payment"], "success")
    let_expire(db, order)
    assert read(buyer, order)["order_status"] == "expired"

    back(buyer, order, order["payment"])

    after = read(buyer, order)
    assert (after["order_status"], after["payment_status"], after["refunded"]) == ("open", "paid", eur(0))
    assert [event["kind"] for event in after["events"]] == ["placed", "expired", "revived", "paid"]
    assert left(buyer) == 0


def test_news_nobody_brings_is_looked_for(buyer, place, db, work):
    order = place(payment={"provider": "test"})
    choose(buyer, order["payment"], "success")

    work()

    assert read(buyer, order)["payment_status"] == "paid"


def test_an_order_that_is_being_paid_is_cancelled_at_the_provider_first(buyer, place):
    order = place(payment={"provider": "test"})
    path = f"/v1/orders/{order['id']}"

    cancelled = buyer.simulate_put(f"{path}/cancellation")

    assert (cancelled.status_code, cancelled.json["order_status"]) == (200, "cancelled")
    assert buyer.simulate_get(f"{path}/payments/{order['payment']['id']}").json["state"] == "cancelled"


def test_a_cancellation_that_comes_after_the_money_is_refused(buyer, place):
    order = place(payment={"provider": "test"})
    choose(buyer, order["payment"], "success")

    answer = buyer.simulate_put(f"/v1/orders/{order['id']}/cancellation")

    assert (answer.status_code, answer.json["code"]) == (409, "invalid-state")
    assert read(buyer, order)["payment_status"] == "paid"
