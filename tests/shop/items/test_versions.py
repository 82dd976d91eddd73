"""Versions and times of items and variants: they move with what can be edited, and with nothing else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.shop.items.tables import items
from tests.shop.bodies import eur, shirt

LONG_AGO = "2001-01-01T00:00:00.000Z"


@pytest.fixture
def path(keeper) -> str:
    rich = shirt(
        summary="Soft",
        description="*Soft*",
        tags=["Wool"],
        categories=["Clothes"],
        images=[{"url": "/s.png", "alt": "A"}, {"url": "/s.png", "alt": "B"}],
        properties=[{"name": "Material", "value": "Wool"}],
    )
    return keeper.simulate_post("/v1/items", json=rich).headers["Location"]


@pytest.fixture
def age(db):
    """Set the last change of every item to a time long ago."""

    def age():
        with db.write() as tx:
            tx.run(sa.update(items), updated_at=LONG_AGO)

    return age


def test_versions_rise_with_each_change_of_the_thing_itself(keeper, path):
    variant, movements = "/v1/variants/shirt-S", "/v1/variants/shirt-S/stock-movements"
    small, medium = ({"sku": f"shirt-{size}"} for size in "SM")

    def versions() -> tuple[int, int]:
        return tuple(keeper.simulate_get(one).json["version"] for one in (path, variant))

    steps = [
        lambda: keeper.simulate_patch(path, json={"name": "Blouse"}),
        lambda: keeper.simulate_patch(path, json={"name": "Blouse"}),
        lambda: keeper.simulate_patch(variant, json={"price": {"amount": 2000}}),
        lambda: keeper.simulate_patch(variant, json={"price": {"amount": 2000}}),
        lambda: keeper.simulate_post(movements, json={"delta": 3, "reason": "receive"}),
        lambda: keeper.simulate_post("/v1/orders", json={"lines": [{"sku": "shirt-S", "quantity": 1}]}),
        lambda: keeper.simulate_patch(path, json={"variants": [small, {**medium, "price": eur(1)}]}),
        lambda: keeper.simulate_patch(path, json={"variants": [medium, small]}),
        lambda: keeper.simulate_patch(path, json={"variants": [medium]}),
        lambda: keeper.simulate_patch(variant, json={"price": {"amount": 1500}}),
        lambda: keeper.simulate_patch(path, json={"variants": [medium, small]}),
    ]
    risen = [versions()]
    for step in steps:
        assert step().status_code < 300
        risen.append(versions())

    assert risen == [
        (1, 1),
        (2, 1),
        (2, 1),
        (3, 2),
        (3, 2),
        (3, 2),
        (3, 2),
        (4, 2),
        (5, 2),
        (6, 3),
        (6, 4),
        (7, 5),
    ]


def test_a_sale_fails_the_etag_and_not_the_version(keeper, path):
    before = keeper.simulate_get(path)
    keeper.simulate_post("/v1/orders", json={"lines": [{"sku": "shirt-S", "quantity": 1}]})

    def patch(name: str, match: str):
        return keeper.simulate_patch(path, json={"name": name}, headers={"If-Match": match}).status_code

    by_etag, by_version = patch("A", before.headers["ETag"]), patch("B", f'"v{before.json["version"]}"')
    again = patch("C", f'"v{before.json["version"]}"')

    assert (by_etag, by_version, again) == (412, 200, 412)


def test_a_variant_is_changed_by_its_version_and_fails_that_of_its_item(keeper, path):
    seen = keeper.simulate_get(path).json["version"]

    changes = [
        keeper.simulate_patch("/v1/variants/shirt-S", json={"price": {"amount": n}}, headers={"If-Match": v})
        for n, v in ((1, '"v1"'), (2, '"v1"'), (3, '"v2"'))
    ]
    stale = keeper.simulate_delete(path, headers={"If-Match": f'"v{seen}"'})

    assert [answer.status_code for answer in (*changes, stale)] == [200, 412, 200, 412]


@pytest.mark.parametrize(
    ("target", "change"),
    [
        ("item", {"summary": "Softer"}),
        ("item", {"tags": ["Silk"]}),
        ("item", {"categories": []}),
        ("item", {"slug": "blouse"}),
        ("item", {"images": [{"url": "/t.png"}]}),
        ("item", {"properties": []}),
        ("item", {"variants": [{"sku": "shirt-S"}]}),
        ("variant", {"compare_at": {"amount": 3000}}),
    ],
)
def test_what_is_shown_of_an_item_moves_its_time(keeper, path, age, target, change):
    age()

    keeper.simulate_patch(path if target == "item" else "/v1/variants/shirt-S", json=change)

    assert keeper.simulate_get(path).json["updated_at"] > LONG_AGO


def test_what_is_sold_leaves_the_time_of_its_item(keeper, path, age):
    age()

    keeper.simulate_post("/v1/orders", json={"lines": [{"sku": "shirt-S", "quantity": 1}]})

    assert keeper.simulate_get(path).json["updated_at"] == LONG_AGO


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"name": "Shirt", "slug": "shirt", "kind": "physical", "status": "published"},
        {"summary": "Soft", "description": "*Soft*", "external_url": None},
        {"tags": ["wool"], "categories": ["CLOTHES"]},
        {"images": [{"url": "/s.png", "alt": "A"}, {"url": "/s.png", "alt": "B"}]},
        {"options": [{"name": "Size", "values": ["S", "M"]}]},
        {"properties": [{"name": "Material", "value": "Wool"}]},
        {"variants": [{"sku": "SHIRT-s", "price": eur(2500)}, {"sku": "shirt-M", "options": {"Size": "M"}}]},
    ],
)
def test_a_patch_of_an_item_that_changes_nothing_moves_nothing(keeper, path, age, change):
    age()
    before = keeper.simulate_get(path)

    answer = keeper.simulate_patch(path, json=change)

    assert (answer.status_code, answer.json) == (200, before.json)
    assert answer.headers["ETag"] == keeper.simulate_get(path).headers["ETag"] == before.headers["ETag"]


@pytest.mark.parametrize(
    "change", [{}, {"price": {}}, {"price": eur(2500)}, {"compare_at": None}, {"options": {"Size": "S"}}]
)
def test_a_patch_of_a_variant_that_changes_nothing_moves_nothing(keeper, path, age, change):
    age()
    before = keeper.simulate_get(path).json

    keeper.simulate_patch("/v1/variants/shirt-s", json=change)

    assert keeper.simulate_get(path).json == before


texts = st.text(alphabet="abc é", min_size=1, max_size=8).filter(str.strip)
PATCHES = st.fixed_dictionaries(
    {},
    optional={
        "name": texts,
        "summary": st.none() | texts,
        "description": st.none() | texts,
        "kind": st.sampled_from(["physical", "digital", "service"]),
        "status": st.sampled_from(["draft", "published", "unlisted", "archived"]),
        "tags": st.none() | st.lists(st.sampled_from(["fog", "Tide", "ink"]), max_size=3),
        "images": st.none()
        | st.lists(st.fixed_dictionaries({"url": st.sampled_from(["/a", "/b"]), "alt": texts}), max_size=3),
        "properties": st.none()
        | st.lists(st.fixed_dictionaries({"name": texts, "value": texts}), max_size=3),
        "variants": st.sampled_from(["SM", "MS", "S"]).map(
            lambda sizes: [{"sku": f"shirt-{size}", "price": eur(len(sizes))} for size in sizes]
        ),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=PATCHES)
def test_a_patch_sent_twice_moves_nothing_the_second_time(keeper, path, change):
    first = keeper.simulate_patch(path, json=change)

    second = keeper.simulate_patch(path, json=change)

    assert first.status_code == 200, first.text
    assert (second.headers["ETag"], second.json) == (first.headers["ETag"], first.json)
