"""Sales: every reader pays by the hour, whether or not anybody has noted that a sale began or ended."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from api import times
from api.app import create_app
from api.shop.money import Money
from api.shop.variants import sales
from api.shop.variants.records import Sale
from tests.events.reading import types
from tests.factories import CHEAP_HASHER, make_item
from tests.nouns import Noun
from tests.shop.bodies import eur, shirt
from tests.web.cached import Answer

NOUN = Noun(
    breaking={
        "ck_variants_sale_price": "UPDATE variants SET sale_price = price",
        "ck_variants_sale_until": "UPDATE variants SET sale_price = 0, sale_from = '2', sale_until = '1'",
        "ck_variants_sale": "UPDATE variants SET sale_from = '1'",
    }
)
MUG = "/v1/variants/mug"


@pytest.fixture
def hour(clock):
    """`hour(1)` is in an hour."""
    start = clock()
    return lambda hours: times.later(start, hours=hours)


@pytest.fixture
def mug(db, clock, hour):
    """A mug for 10.00, and for 8.00 from an hour on, for two hours."""
    sale = Sale(Money(800, "EUR"), hour(1), hour(3))
    with db.write() as tx:
        return make_item(tx, sku="mug", price=1000, variant={"sale": sale})


def test_a_sale_holds_by_its_window_for_every_reader(clock, client, client_as, mug, hour):
    def prices():
        item = client.simulate_get("/v1/items/mug").json
        listed = client.simulate_get("/v1/items").json["data"][0]
        shown = [client.simulate_get(MUG).json, item["variants"][0], listed["variants"][0]]
        placed = client_as().simulate_post("/v1/orders", json={"lines": [{"sku": "mug", "quantity": 1}]}).json
        assert {variant["regular_price"]["amount"] for variant in shown} == {1000}
        assert {variant["price"]["amount"] for variant in shown} == {placed["total"]["amount"]}
        return placed["total"]["amount"], {variant["on_sale"] for variant in shown}

    seen = [prices()]
    for seconds in (3599.999, 0.001, 7199.999, 0.001):
        clock.advance(seconds=seconds)
        seen.append(prices())

    assert seen == [(1000, {False}), (1000, {False}), (800, {True}), (800, {True}), (1000, {False})]
    sale = {"price": eur(800), "from": hour(1), "until": hour(3)}
    assert client.simulate_get(MUG).json["sale"] == sale


def test_an_order_at_the_price_before_a_sale_is_told_the_new_one(clock, client_as, mug):
    clock.advance(hours=1)
    body = {"lines": [{"sku": "mug", "quantity": 2}], "expected_total": eur(2000)}

    answer = client_as().simulate_post("/v1/orders", json=body)

    assert (answer.json["code"], answer.json["total"]) == ("price-changed", eur(1600))


@pytest.mark.parametrize(
    ("window", "price"), [({}, 700), ({"from": -1}, 700), ({"until": 1}, 700), ({"from": 1}, 1000)]
)
def test_a_sale_may_have_begun_already_and_may_never_end(db, clock, keeper, hour, window, price):
    with db.write() as tx:
        make_item(tx, sku="mug", price=1000)
    sale = {"price": eur(700), **{name: hour(hours) for name, hours in window.items()}}

    changed = keeper.simulate_patch(MUG, json={"sale": sale}).json

    assert (changed["price"], changed["regular_price"]) == (eur(price), eur(1000))
    assert changed["sale"] == {"from": None, "until": None, **sale}


def test_what_a_patch_leaves_out_of_a_sale_stays_and_null_ends_it(clock, keeper, mug, hour):
    def patch(**fields):
        return keeper.simulate_patch(MUG, json=fields).json

    later = patch(sale={"until": hour(5)})
    cheaper = patch(sale={"price": {"amount": 600}, "from": None})
    dearer = patch(price={"amount": 1200})
    ended = patch(sale=None)

    assert later["sale"] == {"price": eur(800), "from": hour(1), "until": hour(5)}
    assert (cheaper["price"], cheaper["sale"]["from"]) == (eur(600), None)
    assert (dearer["price"], dearer["regular_price"]) == (eur(600), eur(1200))
    assert (ended["price"], ended["sale"], ended["on_sale"]) == (eur(1200), None, False)
    assert patch(sale=None)["version"] == ended["version"]


def test_an_item_is_made_and_changed_with_the_sales_of_its_variants(clock, keeper, hour):
    shirts = shirt()
    shirts["variants"][0]["sale"] = {"price": eur(2000), "until": hour(1)}
    item = keeper.simulate_post("/v1/items", json=shirts).json
    path = f"/v1/items/{item['id']}"

    small, medium = keeper.simulate_patch(
        path,
        json={"variants": [{"sku": "shirt-S"}, {"sku": "shirt-M", "sale": {"price": {"amount": 1500}}}]},
    ).json["variants"]

    assert small == item["variants"][0]
    assert (small["price"], small["on_sale"]) == (eur(2000), True)
    assert (medium["price"], medium["sale"]["price"]) == (eur(1500), eur(1500))
    assert keeper.simulate_get(path).json["variants"] == [small, medium]


@pytest.mark.parametrize(
    ("sale", "status", "pointer"),
    [
        ({"price": eur(1000)}, 422, "/sale/price/amount"),
        ({"price": eur(-1)}, 422, "/sale/price/amount"),
        ({"price": {"amount": 8, "currency": "USD"}}, 409, "/sale/price"),
        ({"until": 1}, 422, "/sale/until"),
        ({"from": 3}, 422, "/sale/until"),
        ({"from": "2026-11-27"}, 422, "/sale/from"),
        ({"price": None}, 422, "/sale/price"),
        ({"percent": 20}, 422, "/sale/percent"),
    ],
)
def test_a_sale_that_cannot_be_changes_nothing(keeper, client, mug, hour, sale, status, pointer):
    sent = {name: hour(value) if isinstance(value, int) else value for name, value in sale.items()}
    before = client.simulate_get(MUG).json

    answer = keeper.simulate_patch(MUG, json={"sale": sent})

    assert answer.status_code == status
    assert [error["pointer"] for error in answer.json.get("errors", [])] == [pointer]
    assert client.simulate_get(MUG).json == before


def test_a_regular_price_is_not_lowered_to_that_of_the_sale(keeper, mug):
    answer = keeper.simulate_patch(MUG, json={"price": {"amount": 800}})

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/sale/price/amount")


def test_a_new_sale_needs_an_amount_and_is_in_the_currency_of_the_price(db, keeper):
    with db.write() as tx:
        make_item(tx, sku="mug", price=1000)

    refused = keeper.simulate_patch(MUG, json={"sale": {"from": "2026-11-27T00:00:00Z"}})
    changed = keeper.simulate_patch(MUG, json={"sale": {"price": {"amount": 700}}})

    assert (refused.json["code"], refused.json["errors"][0]["pointer"]) == ("amount-required", "/sale/price")
    assert changed.json["price"] == eur(700)


def test_what_a_shop_compares_with_is_shown_beside_a_sale(clock, client, keeper, mug):
    compared = keeper.simulate_patch(MUG, json={"compare_at": eur(1100)}).json
    clock.advance(hours=1)

    reduced = client.simulate_get(MUG).json

    assert (compared["price"], compared["on_sale"]) == (eur(1000), True)
    assert (reduced["price"], reduced["compare_at"]) == (eur(800), eur(1100))


def test_the_begin_and_the_end_of_a_sale_are_each_noted_once(db, clock, client, mug):
    def note():
        sales.note_turns(db)
        item = client.simulate_get("/v1/items/mug").json
        return types(db).count("item.updated"), item["version"], item["variants"][0]["version"]

    noted = [note()]
    for hours in (1, 0, 1, 1, 0):
        clock.advance(hours=hours)
        noted.append(note())

    assert noted == [(0, 1, 1), (1, 2, 2), (1, 2, 2), (1, 2, 2), (2, 3, 3), (2, 3, 3)]
    assert client.simulate_get("/v1/items/mug").json["updated_at"] == clock()


def test_a_sale_that_nobody_noted_in_its_time_is_noted_once(db, clock, mug):
    clock.advance(hours=9)

    assert (sales.note_turns(db), sales.note_turns(db)) == (True, False)
    assert types(db).count("item.updated") == 1


def test_a_change_after_a_begin_tells_of_it_and_the_chore_only_of_the_end(db, clock, keeper, mug):
    clock.advance(hours=1)
    keeper.simulate_patch(MUG, json={"weight_g": 300})
    sales.note_turns(db)
    assert types(db).count("item.updated") == 1

    clock.advance(hours=2)
    sales.note_turns(db)

    assert types(db).count("item.updated") == 2


def test_nothing_is_noted_of_what_is_not_sold_any_more(db, clock, keeper, hour):
    window = {"price": eur(10), "from": hour(1)}
    shirts = shirt()
    for variant in shirts["variants"]:
        variant["sale"] = window
    path = f"/v1/items/{keeper.simulate_post('/v1/items', json=shirts).json['id']}"
    tea = {"name": "Tea", "variants": [{"sku": "tea", "price": eur(20), "sale": window}]}
    keeper.simulate_delete(f"/v1/items/{keeper.simulate_post('/v1/items', json=tea).json['id']}")
    keeper.simulate_patch(
        path, json={"options": [], "variants": [{"sku": "shirt-S", "options": None, "sale": None}]}
    )
    before = types(db)
    clock.advance(hours=1)

    assert (sales.note_turns(db), sales.note_turns(db)) == (True, False)
    assert types(db) == before


def test_two_servers_note_a_begin_once(db, clock, mug):
    clock.advance(hours=1)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: sales.note_turns(db), range(4)))

    assert types(db).count("item.updated") == 1


@pytest.mark.parametrize("is_noted", [True, False])
def test_a_cached_answer_ends_when_a_sale_begins_or_ends(db, settings, clock, mug, is_noted):
    cached = create_app(replace(settings, cache_bytes=2**20), db, CHEAP_HASHER)

    def shown():
        if is_noted:
            sales.note_turns(db)
        return {b'"on_sale":true' in Answer(cached, path).body for path in (MUG, MUG, "/v1/items")}

    seen = [shown()]
    for minutes in (59, 1, 119, 1):
        clock.advance(minutes=minutes)
        seen.append(shown())

    assert seen == [{False}, {False}, {True}, {True}, {False}]
