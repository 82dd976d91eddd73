"""No question goes through a table: SQLite says how it runs each statement, and how much it did.

The crowd is newer than the few that the questions are about, so what is read in order, until enough fits, is
read to its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from api import times
from api.accounts.api_keys import rules as api_keys
from api.accounts.api_keys.records import ApiKeyDraft
from api.accounts.limits.rules import Limits
from api.accounts.profiles import queries
from api.accounts.profiles.registration import SIGN_UPS
from api.accounts.sessions import queries as session_queries
from api.accounts.throttle import queries as throttle_queries
from api.accounts.throttle import rules as throttle
from api.articles.writing import publication
from api.shop.variants import sales, turns
from api.storage import Database, metadata
from tests.factories import make_viewer
from tests.statements.conftest import Ask, Said

pytestmark = pytest.mark.only_on("sqlite")

SMALL = {
    r"json_each VIRTUAL TABLE": "the ids of the page itself",
    r"\w+_words VIRTUAL TABLE INDEX \d+:[M=]": "the word index, asked by MATCH or for one number",
    r"CONSTANT ROW|below\Z": "a category, and those below it as far as they have been found",
    r"ancestors\Z": "the comments above those of the page",
    r"shipping_methods USING INDEX": "the ways to ship, which are few",
    r"anon_\d+\Z": "the newest of one state, a page of them at most",
    r"webhooks\Z": "few, by hand",
}
"""What a statement may go through from end to end, and what that is."""

MOST = 4_000
"""Instructions for five rows and what belongs to them; a look at each row of any table takes more."""

LONG = {
    "/v1/summary": "counts up to 1,000 of each",
    "/sitemap.xml": "shows everything",
    "/v1/tags?of=items": "counts the published items of each, whose links do not say which are",
    "/v1/categories?of=items": "likewise",
    "/v1/items?status=all&stock_below=6": "looks at each item on sale until enough of them run out",
    "/v1/comments?article=busy": "sorts the comments on one article",
    "/v1/items?in_stock=false": "looks at each item on sale until enough of them are sold out",
}
"""What takes more, and why."""

ONE = [
    (None, "/v1/articles/lighthouse"),
    (None, "/v1/articles/{article}"),
    (None, "/v1/articles/unknown"),
    (None, "/v1/items/lighthouse-mug"),
    (None, "/v1/items/{item}"),
    (None, "/v1/items/unknown"),
    (None, "/v1/variants/MUG"),
    (None, "/v1/variants/unknown"),
    (None, "/feed.json"),
    (None, "/feed.atom"),
    (None, "/sitemap.xml"),
    ("author", "/v1/articles/foghorn-article"),
    ("shopkeeper", "/v1/items/draft"),
    ("shopkeeper", "/v1/orders/{order}"),
    ("customer", "/v1/orders/{order}"),
    ("customer", "/v1/me"),
    ("owner", "/v1/accounts/{customer}"),
    *((who, "/v1/summary") for who in ("author", "editor", "shopkeeper", "owner")),
]
LISTS = [
    *((None, f"/v1/{path}") for path in ("articles", "tags", "categories", "authors", "items")),
    *((None, f"/v1/{path}?of=items") for path in ("tags", "categories")),
    (None, "/v1/articles/lighthouse/comments"),
    (None, "/v1/articles/busy/comments"),
    *((None, f"/v1/articles?{filters}") for filters in ("type=page", "q=lighthouse", "tag=unknown")),
    *((None, f"/v1/articles?{filters}") for filters in ("tag=rare", "category=few", "author=author")),
    *((None, f"/v1/articles?q={word}") for word in ("busy", "text")),
    (None, "/v1/articles?type=page&tag=rare&category=few"),
    (None, "/v1/articles?q=lighthouse&tag=rare&category=few"),
    *(
        (who, f"/v1/articles?status={status}{filters}")
        for who in ("author", "editor")
        for status in ("draft", "scheduled")
        for filters in ("", "&tag=rare", "&category=few&type=page", "&author=author", "&q=foghorn")
    ),
    *((None, f"/v1/items?{filters}") for filters in ("tag=rare", "category=few", "q=lighthouse")),
    *((None, f"/v1/items?in_stock={said}") for said in ("true", "false")),
    (None, "/v1/items?tag=rare&category=few&in_stock=true"),
    (None, "/v1/items?q=lighthouse&tag=rare&category=few&in_stock=true"),
    *(
        ("shopkeeper", f"/v1/items?status={status}{filters}")
        for status in ("draft", "archived", "all")
        for filters in ("", "&tag=rare", "&category=few", "&q=draft")
    ),
    *(("shopkeeper", f"/v1/items?status={status}&q=busy") for status in ("archived", "all")),
    *(
        (who, f"/v1{path}?{filters}")
        for who, path in (("shopkeeper", "/orders"), ("customer", "/me/orders"))
        for filters in (
            "",
            "order_status=open",
            "order_status=cancelled",
            "order_status=expired",
            "order_status=expired&payment_status=unpaid",
            "payment_status=unpaid",
            "fulfilment_status=none",
            "payment_status=paid&fulfilment_status=none",
            "order_status=open&payment_status=partly_paid&fulfilment_status=none",
            "number=1&order_status=open",
            "email=nobody@kiosque.test",
            "q=nobody@kiosque",
            "q=lovelace",
            "placed_after=2099-01-01T00:00:00Z",
            "placed_before=2001-01-01T00:00:00Z",
            "updated_since=2099-01-01T00:00:00Z",
        )
    ),
    *(
        ("shopkeeper", f"/v1/orders?{filters}")
        for filters in ("to_send=true", "refund=pending", "refund=failed")
    ),
    ("shopkeeper", "/v1/items?status=all&stock_below=6"),
    ("shopkeeper", "/v1/variants/mug/stock-movements"),
    ("shopkeeper", "/v1/variants/busy/stock-movements"),
    ("customer", "/v1/orders/{order}/payments"),
    ("customer", "/v1/orders/{order}/fulfilments"),
    ("customer", "/v1/me/sessions"),
    ("owner", "/v1/api-keys"),
    ("owner", "/v1/accounts/{customer}/sessions"),
    ("owner", "/v1/accounts/{customer}/api-keys"),
    ("customer", "/v1/me/comments"),
    ("author", "/v1/comments"),
    ("author", "/v1/comments?status=pending"),
    *(("editor", f"/v1/comments?{filters}") for filters in ("", "status=pending", "status=spam")),
    *(("editor", f"/v1/comments?article={slug}") for slug in ("lighthouse", "busy", "unknown")),
    *(("owner", f"/v1/accounts?{filters}") for filters in ("", "role=author", "status=suspended")),
    ("owner", "/v1/accounts?role=customer&status=suspended"),
    ("owner", "/v1/accounts?email=customer%40kiosque.test&role=customer"),
]
EUR = {"currency": "EUR", "amount": 1}
WRITES: list[tuple[str | None, str, Any, int]] = [
    ("customer", "POST /v1/orders", {"lines": [{"sku": "mug", "quantity": 1}]}, 201),
    ("shopkeeper", "PUT /v1/orders/{open}/cancellation", {}, 200),
    ("shopkeeper", "POST /v1/orders/{open}/payments", {"method": "cash", "amount": EUR}, 201),
    ("shopkeeper", "POST /v1/orders/{order}/fulfilments", {}, 201),
    ("shopkeeper", "POST /v1/variants/mug/stock-movements", {"delta": 1, "reason": "receive"}, 201),
    ("shopkeeper", "POST /v1/items", {"name": "Cup", "variants": [{"sku": "cup", "price": EUR}]}, 201),
    ("shopkeeper", "PATCH /v1/items/{item}", {"tags": ["Rare"], "slug": "beacon"}, 200),
    ("shopkeeper", "PATCH /v1/variants/mug", {"price": EUR}, 200),
    ("shopkeeper", "DELETE /v1/items/{item}", None, 204),
    ("author", "POST /v1/articles", {"title": "Fog", "body": "Fog.", "tags": ["Rare", "New"]}, 201),
    ("author", "PATCH /v1/articles/{article}", {"slug": "beacon", "categories": ["Few"]}, 200),
    ("author", "PUT /v1/articles/{article}/publication", {}, 200),
    ("author", "DELETE /v1/articles/{article}/publication", None, 204),
    ("author", "DELETE /v1/articles/{article}", None, 204),
    ("customer", "POST /v1/articles/{article}/comments", {"body": "Well."}, 201),
    ("editor", "PATCH /v1/comments/{comment}", {"status": "spam"}, 200),
    ("editor", "DELETE /v1/comments/{comment}", None, 204),
    (None, "POST /v1/accounts", {"email": "n@b.test", "name": "N", "password": "paper-lantern-42"}, 201),
    (None, "POST /v1/sessions", {"email": "n@b.test", "password": "paper-lantern-42"}, 401),
    ("customer", "PATCH /v1/me", {"name": "Grace"}, 200),
    ("customer", "DELETE /v1/sessions/current", None, 204),
    ("owner", "POST /v1/api-keys", {"name": "New", "scopes": []}, 201),
    ("owner", "PATCH /v1/accounts/{customer}", {"status": "suspended"}, 200),
]


@pytest.mark.parametrize(("who", "target"), [*ONE, *LISTS])
def test_a_read_scans_no_table_and_looks_at_few_rows(ask: Ask, said: Said, db: Database, who, target):
    page = f"{'&' if '?' in target else '?'}limit=5" if (who, target) in LISTS else ""

    answer = ask(who, "GET", target + page)

    done = said.instructions
    assert answer.status_code == (404 if "/unknown" in target else 200)
    assert scans(db, said.statements) == []
    assert done <= MOST or target in LONG


@pytest.mark.parametrize(("who", "what", "body", "status"), WRITES)
def test_a_write_scans_no_table_and_looks_at_few_rows(
    ask: Ask, said: Said, db: Database, who, what, body, status
):
    headers = {"Idempotency-Key": "key"} if body is not None else {}

    answer = ask(who, *what.split(), json=body, headers=headers)

    done = said.instructions
    assert answer.status_code == status
    assert scans(db, said.statements) == []
    assert done <= MOST


def test_an_answer_is_replayed_without_a_scan(ask: Ask, said: Said, db: Database):
    order = {"json": WRITES[0][2], "headers": {"Idempotency-Key": "key"}}
    ask("customer", "POST", "/v1/orders", **order)

    answer = ask("customer", "POST", "/v1/orders", **order)

    assert answer.headers["Idempotent-Replayed"] == "true"
    assert scans(db, said.statements) == []


def test_what_runs_beside_the_requests_scans_no_table(db: Database, said: Said):
    with db.write() as tx:
        viewer = make_viewer(tx, role="owner")
        token = api_keys.create(tx, ApiKeyDraft("New", ()), actor=viewer).secret
        said.forget()
        assert api_keys.resolve(tx, token=token)
        session_queries.update_last_use(tx, session_id="ses_0", used_before=tx.now)
        throttle.claim(tx, email_key="a@b.test", network="network")
        throttle.forgive(tx, email_key="a@b.test", network="network")
        throttle.clear(tx, email_key="a@b.test")
        throttle.note_login(tx, account_id=viewer.id, network="network")
        throttle_queries.knows_network(tx, email_key="a@b.test", network="network", since=tx.now)
        Limits().check(tx, *SIGN_UPS, subject="network")
        Limits().use(tx, *SIGN_UPS, subject="network")
        throttle.claim_confirmation(tx, session_id="ses_0")
        assert queries.lock_owners(tx)
        assert publication.next_after(tx, times.now())
        sales.next_turn(tx, times.now())
        assert not turns.has_turned(tx)
        assert not turns.lock_some_turned(tx, most=1)

    assert scans(db, said.statements) == []


def test_whoever_is_referred_to_is_left_without_a_scan():
    """SQLite and PostgreSQL look for what refers to a row that goes, in the table of each foreign key."""
    for table in metadata.sorted_tables:
        constraints = [list(one.columns) for one in table.constraints if isinstance(one, UNIQUE)]
        served = [names(columns) for columns in (*constraints, *(list(one.columns) for one in table.indexes))]
        for key in table.foreign_key_constraints:
            wanted = names(key.columns)
            assert any(columns[: len(wanted)] == wanted for columns in served), f"{table.name}: {wanted}"


UNIQUE = (sa.PrimaryKeyConstraint, sa.UniqueConstraint)


def names(columns: Any) -> list[str]:
    return [column.name for column in columns]


def test_the_next_hold_to_end_is_read_from_an_index_however_many_orders_are_open(
    ask: Ask, said: Said, db: Database
):
    ask(None, "GET", "/v1/items?limit=5")

    asked = [(text, given) for text, given in said.statements if "orders.expires_at" in text]
    with db.engine.connect() as connection:
        steps = [
            step
            for text, given in asked
            for *_, step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", _bound(given)).all()
            if "orders" in step
        ]
    assert steps
    assert all("ix_orders_expires_at" in step for step in steps), steps


def scans(db: Database, statements: Sequence[tuple[str, Any]]) -> list[str]:
    """What is gone through from end to end, and is not small."""
    asked = [(text, given) for text, given in statements if text.split()[0] in ANSWERED]
    assert asked
    with db.engine.connect() as connection:
        steps = [
            (step, text)
            for text, given in asked
            for *_, step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", _bound(given)).all()
        ]
    return [
        f"{step}: {text}"
        for step, text in steps
        if (found := re.match("SCAN (.*)", step)) and not any(re.match(small, found[1]) for small in SMALL)
    ]


ANSWERED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")


def _bound(given: Any) -> Any:
    return given if isinstance(given, dict) else tuple(given)
