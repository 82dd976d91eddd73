"""Events over HTTP: from a cursor on, by type and subject, and for whom they are."""

from __future__ import annotations

import sqlalchemy as sa

from api.events import rules
from api.events.tables import events
from tests.factories import make_account, make_article, make_item, make_order, viewer_of


def test_events_are_read_from_a_cursor_that_is_never_null(db, client_as):
    owner = client_as("owner")

    def get(query: str = "") -> dict:
        answer = owner.simulate_get("/v1/events", query_string=query)
        assert answer.status_code == 200
        return answer.json

    cursor = get("after=now")["cursor"]
    assert get(f"after={cursor}") == {"data": [], "cursor": cursor}
    with db.write() as tx:
        account = make_account(tx)
        rules.note(tx, "account.created", account, actor="stranger")
    page = get(f"after={cursor}")

    assert int(page["cursor"]) == int(cursor) + 1
    (event,) = page["data"]
    assert event["id"].startswith("evt_")
    assert event["type"] == "account.created"
    assert event["subject"] == {"kind": "account", "id": account.id}
    assert event["actor"] == "stranger"
    assert event["data"] == owner.simulate_get(f"/v1/accounts/{account.id}").json


def test_the_latest_events_are_read_backwards_to_the_first(db, client_as):
    owner = client_as("owner")
    with db.write() as tx:
        for number in range(5):
            rules.note(tx, "account.created", make_account(tx, name=f"Buyer {number}"), actor="stranger")

    def names(cursor: str) -> tuple[list[str], str]:
        query = f"before={cursor}&limit=2&type=account.created"
        page = owner.simulate_get("/v1/events", query_string=query).json
        return [event["data"]["name"] for event in page["data"]], page["cursor"]

    latest, cursor = names("now")
    older, cursor = names(cursor)
    first, cursor = names(cursor)
    assert [*latest, *older, *first] == [f"Buyer {number}" for number in (4, 3, 2, 1, 0)]
    assert names(cursor)[0] == []


def test_without_a_cursor_the_log_begins_with_the_oldest_event_that_is_stored(db, client_as):
    with db.write() as tx:
        for _ in range(3):
            rules.note(tx, "account.created", make_account(tx), actor="stranger")
    owner = client_as("owner")
    second = owner.simulate_get("/v1/events").json["data"][1]
    with db.write() as tx:
        tx.run(sa.delete(events).where(events.c.position < 2))

    answer = owner.simulate_get("/v1/events")

    assert answer.status_code == 200
    assert answer.json["data"][0] == second


def test_everybody_reads_the_events_of_their_own_field(db, client_as):
    with db.write() as tx:
        author, buyer = make_account(tx, role="author"), make_account(tx)
        make_item(tx, sku="mug")
        rules.note(tx, "article.published", make_article(tx, author=author), actor=author)
        rules.note(tx, "order.placed", make_order(tx, viewer_of(buyer), ("mug", 1)), actor=buyer)
        rules.note(tx, "account.created", buyer, actor="stranger")

    def seen(role: str, query: str = "") -> set[str]:
        answer = client_as(role).simulate_get("/v1/events", query_string=query)
        return {event["type"] for event in answer.json["data"]}

    assert "article.published" in seen("editor")
    assert not {"order.placed", "account.created"} & seen("editor")
    assert "order.placed" in seen("shopkeeper")
    assert not {"article.published", "account.created"} & seen("shopkeeper")
    assert {"article.published", "order.placed", "account.created"} <= seen("owner")
    assert seen("owner", "type=order.placed") == {"order.placed"}
    assert seen("owner", "type=order.*") == {"order.placed"}
    assert seen("editor", "type=order.*") == set()


def test_an_event_shows_its_subject_without_the_text_of_its_author(db, client_as):
    with db.write() as tx:
        author = make_account(tx, role="author")
        article = make_article(tx, author=author, body="*Secret* source.")
        rules.note(tx, "article.published", article, actor=author)
    owner = client_as("owner")

    (event,) = owner.simulate_get("/v1/events", query_string="type=article.published").json["data"][-1:]
    shown = owner.simulate_get(f"/v1/articles/{article.slug}").json

    del shown["body"]
    assert event["data"] == shown


def test_a_cursor_that_has_expired_is_gone(client_as):
    answer = client_as("owner").simulate_get("/v1/events", query_string="after=4711")

    assert (answer.status_code, answer.json["code"]) == (410, "cursor-expired")


def test_a_cursor_that_nobody_handed_out_is_refused(client_as):
    answer = client_as("owner").simulate_get("/v1/events", query_string="after=yesterday")

    assert (answer.status_code, answer.json["code"]) == (400, "invalid-cursor")
