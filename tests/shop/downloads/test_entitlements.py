"""What is bought can be downloaded from the moment at which it is paid, and as long as it is."""

from __future__ import annotations

from api.shop.reconcile.rules import compare, names
from api.shop.variants.records import Download
from tests.factories import make_item
from tests.shop.bodies import eur
from tests.shop.downloads.conftest import CONTENT, pay


def states(order):
    return order["payment_status"], order["fulfilment_status"], order["order_status"]


def test_an_order_of_files_is_complete_once_it_is_paid(buy, downloads, buyer, keeper):
    order = buy(2)

    assert states(order) == ("paid", "fulfilled", "completed")
    assert [(event["kind"], event["by"]) for event in order["events"]] == [
        ("placed", "buyer"),
        ("paid", "staff"),
        ("fulfilled", "system"),
        ("completed", "system"),
    ]
    (download,) = downloads(order)
    assert download.pop("id").startswith("ent_")
    assert download == {
        "sku": "guide",
        "name": "Émail – уход",
        "type": "application/pdf",
        "bytes": len(CONTENT),
        "limit": 10,
        "used": 0,
        "expires_at": None,
    }
    (sent,) = keeper.simulate_get(f"/v1/orders/{order['id']}/fulfilments").json["data"]
    assert sent["lines"] == [{"sku": "guide", "quantity": 2}]


def test_nothing_can_be_downloaded_before_all_is_paid(buy, downloads, keeper, buyer):
    order = buy(2, paid=1799)
    before = downloads(order)

    pay(keeper, order, 1)

    assert before == []
    assert [each["limit"] for each in downloads(order)] == [10]


def test_an_order_that_costs_nothing_has_its_files_at_once(db, buyer, file, downloads):
    with db.write() as tx:
        variant = {"downloads": (Download(path="guides/enamel.pdf", name="Free"),)}
        make_item(tx, sku="free", price=0, kind="digital", variant=variant)

    order = buyer.simulate_post("/v1/orders", json={"lines": [{"sku": "free", "quantity": 1}]}).json

    assert states(order) == ("paid", "fulfilled", "completed")
    assert [each["name"] for each in downloads(order)] == ["Free"]


def test_only_the_lines_with_files_are_sent_by_the_server(db, buy, downloads):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=3, price=1000)

    order = buy(others=({"sku": "mug", "quantity": 1},))

    assert states(order) == ("paid", "partial", "open")
    assert [line["fulfilled"] for line in order["lines"]] == [1, 0]


def test_units_that_are_cancelled_before_they_are_paid_give_no_links(db, buy, downloads, keeper):
    order = buy(3, paid=900)

    keeper.simulate_put(
        f"/v1/orders/{order['id']}/cancellation", json={"lines": [{"sku": "guide", "quantity": 2}]}
    )

    assert [each["limit"] for each in downloads(order)] == [5]


def test_units_that_come_back_take_their_links_along(buy, downloads, keeper, ask):
    order = buy(2)
    path = f"/v1/orders/{order['id']}/refunds"

    one = keeper.simulate_post(path, json={"lines": [{"sku": "guide", "quantity": 1}]})
    after_one = downloads(order)
    keeper.simulate_post(path, json={"lines": [{"sku": "guide", "quantity": 1}]})

    assert (one.status_code, one.json["amount"]) == (201, eur(900))
    assert [(each["limit"], each["expires_at"]) for each in after_one] == [(5, None)]
    (gone,) = downloads(order)
    assert gone["expires_at"] is not None
    assert (ask(gone).status_code, ask(gone).json["code"]) == (410, "link-spent")


def test_a_refund_of_everything_ends_the_links_too(buy, downloads, keeper, ask, client):
    order = buy()
    (download,) = downloads(order)
    url = ask(download).json["url"].removeprefix("https://kiosque.test")

    keeper.simulate_post(f"/v1/orders/{order['id']}/refunds", json={})

    answer = client.simulate_get(url)
    assert (answer.status_code, answer.json["code"]) == (410, "link-spent")
    assert ask(download).status_code == 410


def test_an_order_that_is_revived_by_late_money_has_its_files(clock, buy, downloads, client_as, buyer):
    order = buy(paid=0)
    clock.advance(minutes=40)
    expired = buyer.simulate_get(f"/v1/orders/{order['id']}").json

    paid = pay(client_as("shopkeeper"), order, 900)

    assert (expired["order_status"], paid) == ("expired", 201)
    assert [each["limit"] for each in downloads(order)] == [5]
    assert states(buyer.simulate_get(f"/v1/orders/{order['id']}").json) == ("paid", "fulfilled", "completed")


def test_an_order_has_the_files_that_were_named_when_it_was_placed(buy, downloads, keeper):
    order = buy(paid=0)
    keeper.simulate_patch("/v1/variants/guide", json={"downloads": []})

    pay(keeper, order, 900)

    assert [each["name"] for each in downloads(order)] == ["Émail – уход"]


def test_reconciliation_sees_links_that_nobody_has_paid_for_and_files_that_are_withheld(db, buy):
    buy(2)
    other = buy()
    with db.read() as tx:
        before = {name: compare(tx, name=name).differences for name in names()}
    with db.write() as tx:
        tx.connection.exec_driver_sql('UPDATE entitlements SET "limit" = 99 WHERE "limit" = 10')
        tx.connection.exec_driver_sql('DELETE FROM entitlements WHERE "limit" = 5')

    with db.read() as tx:
        compared = compare(tx, name="downloads")

    assert before == dict.fromkeys(names(), ())
    assert compared.differences == (
        f"order {other['number'] - 1}: 99 links to a download of guide, for 2 units",
        f"order {other['number']}: no download of guide, though it is paid",
    )
