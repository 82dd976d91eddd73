"""Lists of items: filters, search, and pages that lose nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.ids import ALPHABET
from tests.factories import make_item


def names(client, query=""):
    answer = client.simulate_get("/v1/items", query_string=query)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json["data"]]


@pytest.fixture
def shelf(db):
    with db.write() as tx:
        make_item(tx, sku="a", name="Green tea", stock=0, tags=("Hot",), categories=(("Drinks", "Tea"),))
        make_item(tx, sku="b", name="Pot", stock=2, summary="for tea", tags=("Home",))
        make_item(tx, sku="c", name="Cup", tags=("Tea",))
        make_item(tx, sku="d-42", name="Hidden tea", status="draft")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Cup", "Pot", "Green tea"]),
        ("tag=hot", ["Green tea"]),
        ("tag=none", []),
        ("tag=No%20Such", []),
        ("category=", []),
        ("category=tea", ["Green tea"]),
        ("category=drinks", []),
        ("in_stock=true", ["Cup", "Pot"]),
        ("in_stock=false", ["Green tea"]),
        ("q=TEA", ["Green tea", "Cup", "Pot"]),
        ("q=tea&in_stock=true&tag=home", ["Pot"]),
        ("q=green+pot", []),
        ("q=%22%29+OR+%2A", []),
        ("q=", ["Cup", "Pot", "Green tea"]),
        ("q=%21+%E2%98%95&in_stock=true", ["Cup", "Pot"]),
    ],
)
def test_a_list_holds_what_fits_every_filter(client, shelf, query, found):
    assert names(client, query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("stock_below=1", ["Green tea"]),
        ("stock_below=3", ["Pot", "Green tea"]),
        ("stock_below=1000000&status=all", ["Jar", "Pot", "Green tea"]),
        ("stock_below=1000000&status=draft", []),
        ("stock_below=3&q=tea", ["Green tea", "Pot"]),
        ("stock_below=3&tag=home&in_stock=true", ["Pot"]),
    ],
)
def test_shopkeepers_find_what_runs_out_of_what_is_on_sale(db, client_as, shelf, query, found):
    with db.write() as tx:
        make_item(tx, sku="e", name="Jar", stock=1_000, status="unlisted")

    assert names(client_as("shopkeeper"), query) == found


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("editor", 403)])
def test_nobody_else_learns_how_much_is_left(client, client_as, role, status):
    asker = client_as(role) if role else client

    assert asker.simulate_get("/v1/items?stock_below=5").status_code == status


@pytest.mark.parametrize("query", ["", "q=tea"])
def test_a_walk_through_pages_meets_everything_once(client, shelf, query):
    met, following = [], f"limit=1&{query}"
    while following:
        answer = client.simulate_get("/v1/items", query_string=following)
        met += [item["name"] for item in answer.json["data"]]
        following = (answer.json["next"] or "").partition("?")[2]

    assert met == names(client, query)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    position=st.from_regex(rf"\A[0-9][{ALPHABET}]{{26}}\Z"),
    q=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
)
def test_every_cursor_of_the_form_and_every_query_is_answered(client, position, q):
    answer = client.simulate_get("/v1/items", params={"after": position, "q": q}, params_csv=True)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "limit=0",
        "stock_below=0",
        "stock_below=few",
        "in_stock=yes",
        "status=new",
        "q=a&q=b",
        "page=2",
    ],
)
def test_a_parameter_of_a_bad_form_is_refused(client, query):
    assert client.simulate_get("/v1/items", query_string=query).status_code == 400
