"""The summary: the work that waits for the staff, in numbers."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api.meta.summary import queries
from api.meta.summary.rules import PERMISSIONS
from api.roles import PERMISSIONS as ROLES
from tests.factories import (
    cancel,
    make_article,
    make_comment,
    make_item,
    make_order,
    make_viewer,
    pay,
    refund,
)
from tests.nouns import Noun

NOUN = Noun(
    roles="""
GET    /v1/summary                            -                401 401 403 200 200 200 200 403
"""
)
FUTURE = "2099-01-01T00:00:00.000Z"
NOTHING = dict.fromkeys(PERMISSIONS, 0)


@pytest.fixture
def busy(db):
    """A site where one or two of each thing wait, and others do not."""
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
        orders = [make_order(tx, customer, ("mug", 1)) for _ in range(3)]
        cancel(tx, orders[0], actor=owner)
        refund(tx, pay(tx, orders[1], 1000, actor=owner), 500, actor=owner)
        tx.run(sa.text("UPDATE refunds SET state = 'failed'"))
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
                id=f"web_{number}",
                status="disabled" if failed_at else "active",
                at=tx.now,
            )


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
        "orders_to_send": 1,
        "refunds_failed": 1,
        "stock_low": 2,
        "stock_out": 1,
        "jobs_failed": 2,
        "mails_failed": 2,
        "webhooks_disabled": 2,
    }


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("role", ["author", "editor", "shopkeeper"])
def test_nobody_learns_a_count_of_what_they_may_not_see(client_as, role):
    summary = client_as(role).simulate_get("/v1/summary").json

    allowed = {name for name, permission in PERMISSIONS.items() if permission in ROLES[role]}
    assert {name for name, number in summary.items() if number is not None} == allowed


@pytest.mark.usefixtures("busy")
def test_authors_count_their_own_articles_alone(client_as):
    author = client_as("author")
    author.simulate_post("/v1/articles", json={"title": "Mine", "body": "Mine."})
    author.simulate_post("/v1/articles", json={"title": "Mine too", "body": "Mine.", "type": "page"})

    summary = author.simulate_get("/v1/summary").json

    assert (summary["articles_draft"], summary["articles_scheduled"]) == (1, 0)


@pytest.mark.usefixtures("busy")
def test_a_count_goes_no_further_than_its_limit(db, monkeypatch):
    queries.counting.cache_clear()
    monkeypatch.setattr(queries, "MOST", 1)

    with db.read() as tx:
        counts = queries.count(tx, ("stock_low", "jobs_failed"), viewer="", since=tx.now)

    queries.counting.cache_clear()
    assert counts == {"stock_low": 1, "jobs_failed": 1}
