"""One query, and one for each relation, whatever the number of rows: here is how many for each request."""

from __future__ import annotations

import pytest

from tests.statements.conftest import Ask, Said

pytestmark = pytest.mark.only_on("sqlite")

ONE = [
    (None, "/v1/articles/lighthouse", 3),  # with terms, bylines
    (None, "/v1/items/lighthouse-mug", 3),  # with variants, terms
    (None, "/v1/items/unknown", 1),
    (None, "/v1/variants/mug", 1),
    (None, "/feed.json", 3),
    (None, "/feed.atom", 4),
    (None, "/sitemap.xml", 3),  # articles, pages, items
    # Whoever is signed in: one more, for the token.
    ("busy", "/v1/articles/lighthouse", 4),
    ("busy", "/v1/orders/{order}", 4),  # with lines, events
    ("busy", "/v1/me", 2),
    ("busy", "/v1/accounts/{customer}", 2),
]
LISTS = [
    (None, "/v1/articles?", 3),
    (None, "/v1/articles?category=busy&", 3),
    (None, "/v1/articles?q=busy&", 3),
    (None, "/v1/articles/busy/comments?", 4),  # the article with terms, bylines; the thread
    (None, "/v1/tags?", 1),
    (None, "/v1/categories?", 1),
    (None, "/v1/authors?", 1),
    (None, "/v1/items?", 3),
    (None, "/v1/items?tag=busy&", 3),
    (None, "/v1/items?q=busy&", 3),
    ("busy", "/v1/orders?", 4),
    ("busy", "/v1/orders?order_status=completed&", 4),
    ("busy", "/v1/me/orders?", 4),
    ("busy", "/v1/orders/{parcels}/payments?", 5),  # the order with lines, events; its payments
    ("busy", "/v1/orders/{parcels}/fulfilments?", 6),  # and the lines of each
    ("busy", "/v1/variants/busy/stock-movements?", 3),
    ("busy", "/v1/comments?", 2),
    ("busy", "/v1/accounts?", 2),
    ("busy", "/v1/api-keys?", 2),
]


@pytest.mark.parametrize(("who", "target", "queries"), ONE)
def test_one_thing_takes_one_query_and_one_a_relation(ask: Ask, said: Said, who, target, queries):
    ask(who, "GET", target)

    assert asked(said) == queries


@pytest.mark.parametrize(("who", "target", "queries"), LISTS)
def test_a_list_takes_as_many_queries_for_a_hundred_rows_as_for_one(
    ask: Ask, said: Said, who, target, queries
):
    for rows in (1, 100):
        answer = ask(who, "GET", f"{target}limit={rows}")

        assert (len(answer.json["data"]), asked(said)) == (rows, queries)


def test_an_order_takes_one_statement_a_line_and_the_same_for_all_else(ask: Ask, said: Said):
    taken = {}
    for lines in (1, 50):
        order = {"lines": [{"sku": f"busy-{number}", "quantity": 1} for number in range(lines)]}

        answer = ask("busy", "POST", "/v1/orders", json=order)

        assert answer.status_code == 201
        taken[lines] = asked(said)
    assert taken == {1: 12, 50: 12 + 49}  # one of them for all events


def asked(said: Said) -> int:
    """How many statements there were, without what opens and closes the transactions."""
    return sum(not text.startswith(("BEGIN", "PRAGMA")) for text, _ in said.statements)
