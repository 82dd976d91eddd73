"""The summary: the work that waits for the staff, in numbers."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from falcon.testing import TestClient

from api.meta.summary import queries
from api.meta.summary.rules import PERMISSIONS
from api.roles import PERMISSIONS as ROLES
from tests.factories import (
    cancel,
    fulfil,
    make_article,
    make_comment,
    make_item,
    make_order,
    make_viewer,
    pay,
    refund,
    sign_in,
)
from tests.nouns import Noun

NOUN = Noun(
    roles="""
GET    /v1/summary                            -                401 401 403 200 200 200 200 403
"""
)
LONG_AGO = "2020-01-01T00:00:00.000Z"
FUTURE = "2099-01-01T00:00:00.000Z"
NOTHING = dict.fromkeys(PERMISSIONS, 0)
LISTS = {
    "articles_draft": "/v1/articles?status=draft",
    "articles_scheduled": "/v1/articles?status=scheduled",
    "comments_pending": "/v1/comments?status=pending",
    "orders_unpaid": "/v1/orders?order_status=open&payment_status=unpaid",
    "orders_to_send": "/v1/orders?to_send=true",
    "refunds_pending": "/v1/orders?refund=pending",
    "refunds_failed": "/v1/orders?refund=failed",
    "stock_low": "/v1/items?status=all&stock_below=6",
    "stock_out": "/v1/items?status=all&stock_below=1",
    "jobs_failed": "/v1/jobs?state=failed",
    "mails_failed": "/v1/mails?state=failed",
    "webhooks_disabled": "/v1/webhooks?status=disabled",
}
"""Count → the list of what it counts."""


@pytest.fixture
def busy(db):
    """The author of a site where one or two of each thing wait, and others do not."""
    with db.write() as tx:
        author, owner = make_viewer(tx), make_viewer(tx, role="owner")
        customer = make_viewer(tx, role="customer")
        make_article(tx, author=author, publish_at=None)
        make_article(tx, author=author, publish_at=None, type="page")
        make_article(tx, author=author, publish_at=FUTURE)
        published = make_article(tx, author=author)
        make_comment(tx, published, author=customer)
        make_comment(tx, published, author=customer, status="spam")
        for sku, stock, status in (
            ("mug", 100, "published"),
            ("cup", 5, "published"),
            ("jar", 1, "unlisted"),
            ("pot", 0, "published"),
            ("bowl", 0, "draft"),
            ("plate", None, "published"),
        ):
            make_item(tx, sku=sku, name=sku, stock=stock, status=status)
        orders = [make_order(tx, customer, ("mug", 1)) for _ in range(6)]
        cancel(tx, orders[0], actor=owner)
        tx.run(sa.text("UPDATE orders SET expires_at = :at WHERE id = :id"), id=orders[1].id, at=LONG_AGO)
        paid = [pay(tx, order, 1000, actor=owner) for order in orders[2:5]]
        fulfil(tx, orders[2], ("mug", 1), actor=owner)
        for payment, state, at in (
            (paid[0], "pending", LONG_AGO),
            (paid[1], "failed", tx.now),
            (paid[1], "failed", tx.now),
            (paid[2], "failed", LONG_AGO),
        ):
            made = refund(tx, payment, 250, actor=owner)
            values = {"id": made.id, "state": state, "at": at}
            tx.run(sa.text("UPDATE refunds SET state = :state, created_at = :at WHERE id = :id"), **values)
        for number, failed_at in ((1, tx.now), (2, tx.now), (3, None)):
            tx.run(
                sa.text(
                    "INSERT INTO jobs (id, kind, facts, due_at, attempts, failed_at, created_at)"
                    " VALUES (:id, 'x', '{}', :due, 0, :failed, :due)"
                ),
                id=f"job_{number}",
                due=FUTURE,
                failed=failed_at,
            )
            tx.run(
                sa.text(
                    "INSERT INTO mails (id, kind, language, state, attempts, at, to_staff, facts)"
                    " VALUES (:id, 'x', 'en', :state, 0, :at, 0, '{}')"
                ),
                id=f"mail_{number}",
                state="failed" if failed_at else "waiting",
                at=tx.now,
            )
            tx.run(
                sa.text(
                    "INSERT INTO webhooks (id, url, events, description, status, created_at, position)"
                    " VALUES (:id, 'https://a.test/', '[]', '', :status, :at, 0)"
                ),
                id=f"whk_0000000000000000000000000{number}",
                status="disabled" if failed_at else "active",
                at=tx.now,
            )
    return author


def test_a_site_where_nothing_waits_has_only_zeros(client_as):
    assert client_as("owner").simulate_get("/v1/summary").json == NOTHING


@pytest.mark.usefixtures("busy")
def test_the_summary_counts_what_waits_and_nothing_else(client_as):
    summary = client_as("owner").simulate_get("/v1/summary").json

    assert summary == {
        "articles_draft": 1,
        "articles_scheduled": 1,
        "comments_pending": 1,
        "orders_unpaid": 1,
        "orders_to_send": 2,
        "refunds_pending": 1,
        "refunds_failed": 1,
        "stock_low": 3,
        "stock_out": 1,
        "jobs_failed": 2,
        "mails_failed": 2,
        "webhooks_disabled": 2,
    }


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("role", ["author", "editor", "shopkeeper"])
def test_nobody_learns_a_count_of_what_they_may_not_see(client_as, role):
    summary = client_as(role).simulate_get("/v1/summary").json

    allowed = {name for name, needed in PERMISSIONS.items() if ROLES[role] & {*needed}}
    assert {name for name, number in summary.items() if number is not None} == allowed


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("role", ["author", "editor", "shopkeeper", "owner"])
def test_each_count_is_the_length_of_a_list(client_as, role):
    staff = client_as(role)

    counts = {name: each for name, each in staff.simulate_get("/v1/summary").json.items() if each is not None}

    listed = {name: staff.simulate_get(f"{LISTS[name]}&limit=100").json["data"] for name in counts}
    assert counts == {name: len(rows) for name, rows in listed.items()}


def test_authors_count_their_own_articles_and_the_comments_on_them_alone(db, busy, client_as):
    author = client_as("author")
    author.simulate_post("/v1/articles", json={"title": "Mine", "body": "Mine."})
    author.simulate_post("/v1/articles", json={"title": "Mine too", "body": "Mine.", "type": "page"})
    with db.write() as tx:
        other = TestClient(author.app, headers={"Authorization": f"Bearer {sign_in(tx, busy)}"})

    counts = [each.simulate_get("/v1/summary").json for each in (author, other)]

    assert [(each["articles_draft"], each["articles_scheduled"]) for each in counts] == [(1, 0), (1, 1)]
    assert [each["comments_pending"] for each in counts] == [0, 1]
    for each, shown in zip(counts, (author, other), strict=True):
        for name in ("articles_draft", "articles_scheduled", "comments_pending"):
            assert len(shown.simulate_get(LISTS[name]).json["data"]) == each[name]


@pytest.mark.usefixtures("busy")
def test_a_count_goes_no_further_than_its_limit(db, monkeypatch):
    queries.counting.cache_clear()
    monkeypatch.setattr(queries, "MOST", 1)

    with db.read() as tx:
        counts = queries.count(tx, ("stock_low", "jobs_failed"), viewer="", since=tx.now)

    queries.counting.cache_clear()
    assert counts == {"stock_low": 1, "jobs_failed": 1}
