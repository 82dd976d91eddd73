"""A link to an order by mail, for whoever knows number and e-mail; nobody learns which belong together."""

from __future__ import annotations

import pytest

from tests.shop.guests.conftest import link_in


@pytest.fixture
def ask(client):
    def attempt(number, email="ada@kiosque.test", **others):
        return client.simulate_post("/v1/order-links", json={"number": number, "email": email}, **others)

    return attempt


def test_the_link_of_the_mail_holds_a_fresh_token_and_goes_to_the_address_of_the_order(
    order, ask, mails, by_token
):
    placed = order("Ada@kiosque.test")

    answer = ask(placed.json["number"], "aDA@kiosque.test")

    [(to, text)] = mails()
    order_id, token = link_in(text)
    assert (answer.status_code, answer.json) == (202, {"status": "check-mail"})
    assert to == "Ada@kiosque.test"
    assert (order_id, token != placed.json["access_token"]) == (placed.json["id"], True)
    assert by_token(token).simulate_get(f"/v1/orders/{order_id}").status_code == 200


def test_number_and_e_mail_that_do_not_belong_together_get_the_same_answer_and_no_mail(order, ask, mails):
    ada, bob = order(), order("bob@kiosque.test")

    right = ask(ada.json["number"])
    wrong = [ask(bob.json["number"]), ask(999), ask(ada.json["number"], "eve@kiosque.test")]

    assert {answer.content for answer in (right, *wrong)} == {right.content}
    assert {answer.status_code for answer in wrong} == {202}
    assert [to for to, _ in mails()] == ["ada@kiosque.test"]


def test_ended_tokens_do_not_keep_the_address_from_a_new_one(order, ask, mails, by_token, keeper):
    placed = order()
    keeper.simulate_delete(f"{placed.headers['Location']}/access-tokens")

    ask(placed.json["number"])

    _, token = link_in(mails()[-1][1])
    assert by_token(token).simulate_get(placed.headers["Location"]).status_code == 200


def test_an_address_gets_three_mails_an_hour_known_or_not(order, ask):
    number = order().json["number"]

    for asked, email in ((number, "ada@kiosque.test"), (999, "nobody@kiosque.test")):
        answers = [ask(asked, email) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
        assert "Retry-After" in answers[-1].headers


def test_a_network_asks_for_twenty_mails_an_hour(order, ask):
    order()

    answers = [ask(1, f"g{number}@kiosque.test", remote_addr="192.0.2.7").status_code for number in range(21)]

    assert answers == [202] * 20 + [429]
