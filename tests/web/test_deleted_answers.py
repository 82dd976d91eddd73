"""Answers recorded for an Idempotency-Key, after what they show was deleted."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api.web.idempotency import forget
from api.web.idempotency.tables import idempotency_records as records
from tests.factories import make_article, make_viewer

KEY = {"Idempotency-Key": "once"}
BODIES = {
    "/v1/articles": {"title": "Secret", "body": "Secret"},
    "/v1/items": {
        "name": "Secret",
        "kind": "service",
        "variants": [{"sku": "secret", "price": {"amount": 1, "currency": "EUR"}}],
    },
    "comment": {"body": "Secret"},
}


@pytest.fixture
def article(db):
    with db.write() as tx:
        return f"/v1/articles/{make_article(tx, author=make_viewer(tx)).id}"


@pytest.fixture
def owner(client_as):
    return client_as("owner")


def stored(db):
    with db.read() as tx:
        return tx.rows(sa.select(records))


def is_secret(db) -> bool:
    return any(b"Secret" in (record.body or b"") for record in stored(db))


@pytest.mark.parametrize("kind", BODIES)
def test_what_was_deleted_is_neither_repeated_nor_created_again(db, owner, article, kind):
    path = f"{article}/comments" if kind == "comment" else kind
    first = owner.simulate_post(path, json=BODIES[kind], headers=KEY)
    assert is_secret(db)
    thing = f"/v1/comments/{first.json['id']}" if kind == "comment" else first.headers["Location"]

    assert owner.simulate_delete(thing).status_code == 204
    again = owner.simulate_post(path, json=BODIES[kind], headers=KEY)
    other = owner.simulate_post(path, json={**BODIES[kind], "x": 1}, headers={"Idempotency-Key": "two"})

    assert not is_secret(db)
    assert (again.status_code, again.json["code"]) == (410, "created-then-deleted")
    assert not {"Location", "ETag", "Idempotent-Replayed"} & {*again.headers}
    assert "Secret" not in again.text
    assert owner.simulate_get(thing).status_code in (404, 405)
    assert other.status_code == 422


def test_comments_that_go_with_their_article_go_from_the_records(db, owner, article):
    other = owner.simulate_post("/v1/articles", json=BODIES["/v1/articles"], headers=KEY)
    owner.simulate_post(f"{article}/comments", json=BODIES["comment"], headers=KEY)

    owner.simulate_delete(article)

    assert [record.status for record in stored(db) if record.path.endswith("/comments")] == [410]
    assert owner.simulate_post("/v1/articles", json=BODIES["/v1/articles"], headers=KEY).text == other.text


def test_another_body_is_refused_after_the_deletion_too(owner, article):
    first = owner.simulate_post(f"{article}/comments", json=BODIES["comment"], headers=KEY)
    owner.simulate_delete(f"/v1/comments/{first.json['id']}")

    other = owner.simulate_post(f"{article}/comments", json={"body": "Other"}, headers=KEY)

    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")


def test_the_answers_that_an_account_received_can_be_erased_at_once(db, owner, client_as, article):
    reader = client_as("customer")
    for number, person in enumerate((reader, reader, owner)):
        headers = {"Idempotency-Key": str(number)}
        person.simulate_post(f"{article}/comments", json=BODIES["comment"], headers=headers)

    with db.write() as tx:
        forget(tx, reader.simulate_get("/v1/me").json["id"])

    assert sorted(record.status for record in stored(db)) == [201, 410, 410]
