"""A shop that is paid by hand alone: whoever names no way to pay is asked for a transfer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.mail import queries
from api.settings import Settings
from api.storage import Keyset
from tests.shop.letters.conftest import ADA, PATIENCE


@pytest.fixture
def settings(settings) -> Settings:
    return replace(settings, payments=("manual",))


def test_whoever_names_no_way_to_pay_is_asked_for_a_transfer_after_three_minutes_once(clock, place, mails):
    place(language="fr")
    clock.advance(seconds=PATIENCE - 1)
    assert mails() == []

    clock.advance(seconds=1)

    [waits] = mails()
    assert (waits.kind, waits.to) == ("payment-waits", ADA)
    assert waits.text.startswith("Bonjour")
    clock.advance(seconds=PATIENCE)
    assert mails() == [waits]


def test_no_mail_is_ever_left_for_what_was_paid_or_cancelled_first(db, clock, place, receive, keeper, mails):
    receive(place())
    cancelled = place()
    keeper.simulate_put(f"/v1/orders/{cancelled['id']}/cancellation", json={})

    clock.advance(seconds=PATIENCE)
    mails()

    with db.read() as tx:
        left = queries.list_mails(tx, Keyset("mail_~", 100))
    assert {mail.kind for mail in left} & {"payment-waits"} == set()


def test_whoever_is_erased_is_asked_for_nothing(clock, client_as, place, receive, mails):
    buyer = client_as("customer")
    receive(place(by=buyer), 500)

    erased = buyer.simulate_delete("/v1/me")
    clock.advance(seconds=PATIENCE)
    mails()

    assert erased.status_code == 204
    listed = client_as("owner").simulate_get("/v1/mails").json["data"]
    assert [mail["kind"] for mail in listed if mail["kind"] == "payment-waits"] == []
