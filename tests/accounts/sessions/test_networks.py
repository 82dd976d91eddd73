"""Notices about logins from a network that is new to an account of the staff."""

from __future__ import annotations

import pytest

from tests.factories import PASSWORD, make_login


@pytest.fixture
def enter(db, client):
    """A login of somebody with that role, from that address."""

    def attempt(address: str, role: str = "editor"):
        email = f"{role}@kiosque.test"
        with db.write() as tx:
            if not accounts & {email}:
                make_login(tx, email=email, role=role)
        accounts.add(email)
        body = {"email": email, "password": PASSWORD}
        return client.simulate_post("/v1/sessions", json=body, remote_addr=address)

    accounts: set[str] = set()
    return attempt


def test_staff_get_a_mail_about_each_network_that_is_new(enter, mails):
    for address in ("192.0.2.1", "192.0.2.99", "198.51.100.1", "192.0.2.1"):
        assert enter(address).status_code == 201

    letters = mails("editor@kiosque.test")
    assert [kind for kind, _ in letters] == ["new-login"] * 2
    assert ["192.0.2.0/24" in text for _, text in letters] == [True, False]
    assert "198.51.100.0/24" in letters[1][1]


def test_a_network_is_new_again_after_thirty_days(enter, mails, clock):
    enter("192.0.2.1")
    clock.advance(days=31)
    enter("192.0.2.1")

    assert len(mails("editor@kiosque.test")) == 2


def test_customers_get_none(enter, mails):
    enter("192.0.2.1", "customer")

    assert mails("customer@kiosque.test") == []


def test_a_failed_login_sends_none(client, enter, mails):
    enter("192.0.2.1")
    body = {"email": "editor@kiosque.test", "password": "wrong-lantern-42"}

    client.simulate_post("/v1/sessions", json=body, remote_addr="198.51.100.1")

    assert len(mails("editor@kiosque.test")) == 1
