"""The export: all that is stored about somebody, nothing of anybody else, in bounded memory."""

from __future__ import annotations

import msgspec
import pytest

from api.audit.records import Origin
from api.audit.rules import note
from api.mail.rules import post
from api.personal_data import export
from api.personal_data.schemas import ExportView
from api.roles import Viewer
from tests.factories import (
    PASSWORD,
    fulfil,
    make_article,
    make_comment,
    make_item,
    make_order,
    make_viewer,
    pay,
)
from tests.nouns import Noun

NOUN = Noun(
    roles="""
GET    /v1/me/export                          -                401 401 200 200 200 200 200 403
""",
)


@pytest.fixture
def me(client_as):
    return client_as("editor", name="Ada Quill", email="ada@quills.test")


@pytest.fixture
def viewer(me) -> Viewer:
    """Whose client that is."""
    account = me.simulate_get("/v1/me").json
    return Viewer(**{name: account[name] for name in ("id", "email", "name", "role")})


@pytest.fixture
def other(db) -> Viewer:
    with db.write() as tx:
        return make_viewer(tx, role="owner", name="Bo Ink", email="bo@inks.test")


def test_an_export_holds_all_that_is_stored_about_somebody(db, me, viewer, other):
    with db.write() as tx:
        make_item(tx, price=1000)
        theirs = make_article(tx, author=other)
        mine = [make_article(tx, author=viewer, publish_at=at, body="Mine.") for at in ("", None)]
        comment = make_comment(tx, theirs, author=viewer)
        order = make_order(tx, viewer, ("mug", 2), note="Ring.")
        paid = pay(tx, order, 2000, actor=other)
        sent = fulfil(tx, order, actor=other)
    key = me.simulate_post("/v1/api-keys", json={"name": "ci", "scopes": ["me:read"]}).json
    path, named = f"/v1/articles/{theirs.id}/comments", {"Idempotency-Key": "k"}
    me.simulate_post(path, json={"body": "x"}, headers=named)
    me.simulate_post("/v1/sessions", json={"email": viewer.email, "password": PASSWORD})
    with db.write() as tx:
        mail = post(tx, "verify", to=viewer.email, language="en", account_id=viewer.id)
        note(
            tx, "role", Origin(account_id=other.id, network="192.0.2.0/24"), subject=viewer.id, role="editor"
        )

    answer = me.simulate_get("/v1/me/export")

    shown = answer.json
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert shown["account"] == me.simulate_get("/v1/me").json
    assert [session["current"] for session in shown["sessions"]] == [True]
    assert [one["id"] for one in shown["api_keys"]] == [key["id"]]
    assert [failed["failures"] for failed in shown["failed_logins"]] == [1]
    assert {(one["title"], one["body"]) for one in shown["articles"]} == {("Fog", "Mine.")}
    assert [one["id"] for one in shown["articles"]] == [article.id for article in mine[::-1]]
    assert [one["id"] for one in shown["comments"]][-1:] == [comment.id]
    assert [one["path"] for one in shown["stored_answers"]] == [path]
    assert [(one["id"], one["note"]) for one in shown["orders"]] == [(order.id, "Ring.")]
    assert [one["id"] for one in shown["orders"][0]["payments"]] == [paid.id]
    assert [one["id"] for one in shown["orders"][0]["fulfilments"]] == [sent.id]
    assert [(one["id"], one["to"]) for one in shown["mails"]] == [(mail.id, viewer.email)]
    noted = [(one["kind"], one["account_id"] == viewer.id, one["network"]) for one in shown["audit_events"]]
    assert noted == [("role", False, None), ("login-failed", False, None), ("key-made", True, "unknown")]
    assert list(shown) == list(ExportView.__struct_fields__)
    msgspec.convert(shown, ExportView)


def test_an_export_holds_no_secret_and_nothing_of_anybody_else(db, me, viewer, other):
    key = me.simulate_post("/v1/api-keys", json={"name": "ci", "scopes": ["me:read"]}).json["secret"]
    with db.write() as tx:
        make_item(tx, price=1000)
        mine, theirs = (make_article(tx, author=author) for author in (viewer, other))
        make_comment(tx, mine, author=other, body="A secret of Bo.")
        make_comment(tx, theirs, author=viewer)
        order = make_order(tx, viewer, ("mug", 1))
        make_order(tx, other, ("mug", 1))
        pay(tx, order, 1000, actor=other)

    text = me.simulate_get("/v1/me/export").text

    assert [word for word in (other.id, "Bo Ink", "bo@inks.test", "A secret of Bo.") if word in text] == []
    assert key[len("kk_12345678_") :] not in text
    assert "hash" not in text


def test_an_export_goes_through_every_page(db, me, viewer, other, monkeypatch):
    monkeypatch.setattr(export, "AT_ONCE", 2)
    with db.write() as tx:
        make_item(tx, price=1000)
        articles = [make_article(tx, author=viewer).id for _ in range(4)]
        orders = [make_order(tx, viewer, ("mug", 5)) for _ in range(5)]
        payments = [pay(tx, orders[0], 1000, actor=other).id for _ in range(3)]
    for number in range(3):
        body, headers = {"title": "A", "body": "x"}, {"Idempotency-Key": f"k{number}"}
        articles.append(me.simulate_post("/v1/articles", json=body, headers=headers).json["id"])

    shown = me.simulate_get("/v1/me/export").json

    assert [one["id"] for one in shown["orders"]] == [order.id for order in orders[::-1]]
    assert [one["id"] for one in shown["orders"][-1]["payments"]] == payments[::-1]
    assert [one["id"] for one in shown["articles"]] == articles[::-1]
    assert [one["key"] for one in shown["stored_answers"]] == ["k0", "k1", "k2"]


def test_an_export_that_is_known_is_not_sent_again(me):
    first = me.simulate_get("/v1/me/export")

    again = me.simulate_get("/v1/me/export", headers={"If-None-Match": first.headers["ETag"]})
    head = me.simulate_head("/v1/me/export")

    assert (again.status_code, again.content) == (304, b"")
    assert head.headers["Content-Length"] == str(len(first.content))


def test_an_export_on_disk_is_the_same_as_one_in_memory(me, monkeypatch):
    first = me.simulate_get("/v1/me/export")
    monkeypatch.setattr(export, "IN_MEMORY", 1)

    assert me.simulate_get("/v1/me/export").content == first.content
