"""Flows through a shop and its journal, against the real server."""

import re
from concurrent.futures import ThreadPoolExecutor
from http.client import IncompleteRead

import pytest
from api.counter import sell

from kiosque_client import Client, Problem

ONE = {"lines": [{"sku": "print-blue-hour", "quantity": 1}]}


def available(client: Client) -> int:
    return client.get("/v1/variants/print-blue-hour")["stock"]["available"]


def test_a_purchase_takes_a_unit(kiosque):
    assert sell(kiosque.as_("customer"), "print-blue-hour") == "sold"
    assert available(kiosque) == 2


def test_only_one_of_two_buyers_gets_the_last_unit(kiosque):
    sell(kiosque.as_("customer"), "print-blue-hour", 2)
    buyers = [kiosque.as_("customer") for _ in range(2)]

    with ThreadPoolExecutor() as threads:
        outcomes = list(threads.map(sell, buyers, ["print-blue-hour"] * 2))

    assert sorted(outcomes) == ["sold", "sold out"]


def test_a_refusal_says_which_line_and_how_many_are_left(kiosque):
    with pytest.raises(Problem, match="Only 3 of print-blue-hour") as refused:
        kiosque.as_("customer").post("/v1/orders", {"lines": [{"sku": "print-blue-hour", "quantity": 4}]})

    assert (refused.value.status, refused.value.code) == (409, "out-of-stock")
    assert refused.value.errors[0]["pointer"] == "/lines/0"
    assert refused.value.members["available"] == {"print-blue-hour": 3}


def test_an_order_whose_answer_was_lost_is_placed_once(kiosque):
    buyer = kiosque.as_("customer")
    kiosque.fail("/v1/orders", {"code": 502, "after": True}, {"cut": 100}, method="POST")

    order = buyer.post("/v1/orders", ONE)

    assert [mine["id"] for mine in buyer.every("/v1/me/orders")] == [order["id"]]
    assert available(kiosque) == 2


def test_an_answer_that_is_cut_off_is_an_error_to_whoever_does_not_repeat(kiosque):
    kiosque.fail("/v1/items", {"cut": 200})

    with pytest.raises(IncompleteRead):
        Client(kiosque.url, retries=0).get("/v1/items")


def test_two_refusals_and_then_it_works(kiosque):
    kiosque.fail("/v1/orders", 503, 503)

    assert sell(kiosque.as_("customer"), "print-blue-hour") == "sold"
    assert [
        request["status"]
        for request in kiosque.every("/rehearsal/requests")
        if request["path"] == "/v1/orders"
    ] == [503, 503, 201]


def test_an_unpaid_order_expires_and_returns_its_units(kiosque):
    buyer = kiosque.as_("customer")
    order = buyer.post("/v1/orders", ONE)

    kiosque.advance(3_600)

    assert buyer.get(f"/v1/orders/{order['id']}")["order_status"] == "expired"
    assert available(kiosque) == 3


def test_a_scheduled_article_appears_at_its_hour(kiosque):
    kiosque.put("/rehearsal/clock", {"now": "2030-12-23T08:00:00Z"})
    author = kiosque.as_("author")
    article = author.post("/v1/articles", {"title": "Ice on the quay", "body": "It *held*."})
    path = f"/v1/articles/{article['slug']}"
    author.put(f"{path}/publication", {"publish_at": "2030-12-24T08:00:00Z"})

    with pytest.raises(Problem, match="404"):
        kiosque.get(path)
    kiosque.advance(86_400)

    assert kiosque.get(path)["status"] == "published"
    assert next(kiosque.every("/v1/articles"))["title"] == "Ice on the quay"


def test_a_session_ends(kiosque):
    customer = kiosque.as_("customer")

    kiosque.advance(400 * 86_400)

    with pytest.raises(Problem) as refused:
        customer.get("/v1/me")
    assert refused.value.code == "invalid-token"


def test_a_forgotten_password_is_replaced_by_mail(kiosque):
    person = kiosque.post("/rehearsal/accounts", {"role": "customer"})
    kiosque.post("/v1/password-resets", {"email": person["email"]})

    (mail,) = kiosque.mails()
    token = re.search(r"#token=(\S+)", mail["text"])[1]
    kiosque.post("/v1/password-changes", {"token": token, "password": "violet-harbour-91"})

    assert mail["to"] == person["email"]
    assert kiosque.log_in(person["email"], "violet-harbour-91").get("/v1/me")["email"] == person["email"]


def test_a_comment_waits_for_an_editor(kiosque):
    path = "/v1/articles/the-night-ferry-reads/comments"
    comment = kiosque.as_("customer").post(path, {"body": "I was aboard."})
    shown = [each["id"] for each in kiosque.every(path)]

    kiosque.as_("editor").patch(f"/v1/comments/{comment['id']}", {"status": "approved"})

    assert comment["status"] == "pending"
    assert comment["id"] not in shown
    assert comment["id"] in [each["id"] for each in kiosque.every(path)]


def test_an_edit_of_something_that_has_changed_is_refused(kiosque):
    editor = kiosque.as_("editor")
    path = "/v1/articles/seventeen-words-for-fog"
    etag = editor.send("GET", path).headers["ETag"]
    editor.patch(path, {"title": "Words for mist"}, etag=etag)

    with pytest.raises(Problem) as refused:
        editor.patch(path, {"title": "Words for haze"}, etag=etag)

    assert refused.value.code == "precondition-failed"
    assert kiosque.get(path)["title"] == "Words for mist"


def test_a_list_goes_on_to_its_end(kiosque):
    slugs = [article["slug"] for article in kiosque.every("/v1/articles", limit=5)]

    assert len(slugs) == len(set(slugs)) > 10


def test_a_snapshot_brings_back_what_was_there(kiosque):
    buyer = kiosque.as_("customer")
    buyer.post("/v1/orders", ONE)
    before = kiosque.snapshot()
    buyer.post("/v1/orders", ONE)

    kiosque.reset(before)

    assert len(list(buyer.every("/v1/me/orders"))) == 1
    assert available(kiosque) == 2
