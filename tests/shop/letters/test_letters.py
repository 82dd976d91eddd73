"""Mails about orders: one for each thing that happens, with what holds at the moment of sending."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from falcon.testing import TestClient

from api.jobs.rules import claim
from api.mail import queries, rules
from api.shop.variants.records import Download
from api.storage import Keyset
from tests.factories import make_item
from tests.shop.letters.conftest import ADA, PATIENCE

TRANSFER = {"payment": {"provider": "manual"}}
CARD = {"payment": {"provider": "test"}}


@pytest.fixture
def buyer(client_as):
    return client_as("customer")


def kinds(written) -> list[str]:
    return [mail.kind for mail in written]


def test_a_paid_order_brings_one_receipt_with_all_that_was_agreed(place, receive, mails):
    order = place(2, **CARD)

    receive(order, 1500)
    assert mails() == []
    receive(order, 2500)

    [receipt] = mails()
    assert (receipt.kind, receipt.to) == ("receipt", ADA)
    assert str(order["number"]) in receipt.subject
    for part in ("2 × Mug: €40.00", "Total: €40.00", "Paid: €40.00", "Harbour Mugs\n1 Quay, Brest\n"):
        assert part in receipt.text
    assert mails() == [receipt]


def test_the_link_of_a_guest_works_and_that_of_an_account_holds_no_token(
    client, place, buyer, receive, mails
):
    for order in (place(), place(by=buyer)):
        receive(order)

    of_guest, of_account = (mail.text for mail in mails())

    found = re.search(r"/order/\?order=(\w+)#token=([\w-]+)", of_guest)
    guest = TestClient(client.app, headers={"Authorization": f"Bearer {found[2]}"})
    assert guest.simulate_get(f"/v1/orders/{found[1]}").status_code == 200
    assert "/order/?order=" in of_account
    assert "token" not in of_account


def test_a_mail_speaks_the_language_in_which_the_order_was_placed(place, receive, mails):
    receive(place(language="fr-CA, en;q=0.5"))

    [receipt] = mails()
    assert "Total : 20,00\xa0€" in receipt.text


def test_the_language_of_an_account_comes_before_that_of_its_browser(place, buyer, receive, mails):
    buyer.simulate_patch("/v1/me", json={"language": "fr"})

    receive(place(by=buyer, language="en"))

    [receipt] = mails()
    assert receipt.text.startswith("Bonjour")


def test_whoever_chose_a_transfer_is_asked_for_it_after_three_minutes_once(clock, client, place, mails):
    order = place(**TRANSFER)
    as_guest = TestClient(client.app, headers={"Authorization": f"Bearer {order['access_token']}"})
    as_guest.simulate_post(f"/v1/orders/{order['id']}/payments", json={"provider": "manual"})
    assert mails() == []

    clock.advance(seconds=PATIENCE)

    [waits] = mails()
    assert waits.kind == "payment-waits"
    assert "Please pay €20.00 by " in waits.text
    assert "Transfer it to:\nFR76 3000 4000 0300\n" in waits.text
    clock.advance(seconds=PATIENCE)
    assert mails() == [waits]


def test_nobody_is_asked_for_money_that_came_and_a_part_of_it_counts(clock, place, receive, mails):
    paid, partly_paid = place(**TRANSFER), place(**TRANSFER)
    receive(paid)
    receive(partly_paid, 500)

    clock.advance(seconds=PATIENCE)

    waits, receipt = mails()
    assert (waits.kind, receipt.kind) == ("payment-waits", "receipt")
    assert "You have paid €5.00 of €20.00 so far." in waits.text
    assert "Please pay €15.00" in waits.text


def test_whoever_has_turned_to_another_way_of_payment_is_not_asked_for_a_transfer(
    clock, client, place, mails
):
    order = place(**TRANSFER)
    as_guest = TestClient(client.app, headers={"Authorization": f"Bearer {order['access_token']}"})
    as_guest.simulate_post(f"/v1/orders/{order['id']}/payments", json={"provider": "test"})

    clock.advance(seconds=PATIENCE)

    assert mails() == []


def test_each_part_that_is_sent_has_a_mail_with_its_carrier(place, receive, keeper, mails):
    order = place(3)
    receive(order)
    path = f"/v1/orders/{order['id']}/fulfilments"

    keeper.simulate_post(path, json={"lines": [{"sku": "mug", "quantity": 1}], "carrier": "Harbour Post"})
    mails()
    keeper.simulate_post(path, json={"carrier": "Harbour Post", "tracking": "HP 0042 7731"})

    _, first, second = mails()
    assert first.subject.startswith("A part of your order")
    assert "- 1 × Mug" in first.text
    assert "This follows later:\n\n- 2 × Mug" in first.text
    assert second.subject.startswith("A part of your order")
    assert "Carrier: Harbour Post\n\nTracking number: HP 0042 7731" in second.text


def test_a_cancellation_says_the_reason_and_the_refund_its_amount_and_its_way(place, receive, keeper, mails):
    order = place(2)
    receive(order)

    body = {"lines": [{"sku": "mug", "quantity": 1}], "reason": "It broke."}
    for _ in range(2):
        keeper.simulate_put(f"/v1/orders/{order['id']}/cancellation", json=body)

    written = mails()
    assert kinds(written) == ["receipt", "cancelled", "refunded"]
    assert "- 1 × Mug\n\nThe reason: It broke.\n\nWhat you had paid for it is refunded." in written[1].text
    assert "€20.00 goes back to you, by the way it came: transfer." in written[2].text


def test_an_order_that_expires_by_itself_says_so_once(clock, place, buyer, mails):
    place(by=buyer)

    clock.advance(minutes=31)

    assert kinds(mails()) == ["expired"]
    assert kinds(mails()) == ["expired"]


def test_a_guest_who_neither_paid_nor_chose_a_transfer_gets_no_mail(clock, place, keeper, mails):
    place(**CARD)
    order = place()
    keeper.simulate_put(f"/v1/orders/{order['id']}/cancellation", json={})

    clock.advance(days=1)

    assert mails() == []


def test_a_guest_who_was_asked_for_a_transfer_hears_that_the_order_has_expired(clock, place, mails):
    place(**TRANSFER)
    clock.advance(seconds=PATIENCE)
    mails()

    clock.advance(days=8)

    assert kinds(mails()) == ["payment-waits", "expired"]


def test_an_account_cannot_have_mail_about_what_it_cancels_sent_to_strangers(place, buyer, mails):
    for fields in ({"email": "eve@kiosque.test"}, {}):
        order = place(by=buyer, **fields)
        buyer.simulate_put(f"/v1/orders/{order['id']}/cancellation", json={})

    assert [mail.to for mail in mails() if mail.to == "eve@kiosque.test"] == []


def test_an_erasure_leaves_no_address_in_mails_about_the_orders_that_end_with_it(
    place, client_as, buyer, mails
):
    place(by=buyer, email=ADA)

    erased = buyer.simulate_delete("/v1/me")

    assert erased.status_code == 204
    assert mails() == []
    assert client_as("owner").simulate_get("/v1/mails", params={"to": ADA}).json["data"] == []


def test_of_many_who_ask_for_the_same_mail_at_once_one_has_it_sent(db, place):
    order = place()
    facts = {"order": order["id"]}

    def ask(_: int) -> None:
        with db.write() as tx:
            rules.post(tx, "receipt", to=ADA, language="en", facts=facts, about=order["id"])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(12)))

    with db.read() as tx:
        listed = queries.list_mails(tx, Keyset("mail_~", 100), to=ADA)
    assert len(listed) == 1
    with db.write() as tx:
        due = [claim(tx) for _ in range(3)]
    assert [job.facts for job in due if job and job.kind == rules.JOB] == [{"mail": listed[0].id}]


def test_files_that_are_paid_for_are_announced_once(place, receive, mails, db):
    with db.write() as tx:
        files = (Download(path="guide.pdf", name="Caring for enamel"),)
        make_item(tx, sku="guide", name="Guide", price=900, kind="digital", variant={"downloads": files})
    order = place(lines=[{"sku": "guide", "quantity": 2}], payment={"provider": "manual"})
    receive(order, 1800)

    written = mails()

    assert sorted(mail.kind for mail in written) == ["download-ready", "receipt"]
    ready = next(mail for mail in written if mail.kind == "download-ready")
    assert ready.text.count("Caring for enamel") == 1
    assert "/order/?order=" in ready.text
