"""Coupons over HTTP."""

from __future__ import annotations

import pytest

from tests.factories import make_item
from tests.nouns import Noun
from tests.shop.bodies import eur

TENTH = {"code": "Tenth", "kind": "percent", "percent": 10}


def _make(world, _owner, _state):
    return world.client("shopkeeper").post("/v1/coupons", {**TENTH, "code": world.sku()}).json["id"]


NOUN = Noun(
    roles="""
GET    /v1/coupons                            -                401 401 403 403 403 200 200 403
POST   /v1/coupons                            -                401 401 403 403 403 201 201 403
GET    /v1/coupons/{coupon}                   -                401 401 403 403 403 200 200 403
PATCH  /v1/coupons/{coupon}                   -                401 401 403 403 403 200 200 403
DELETE /v1/coupons/{coupon}                   -                401 401 403 403 403 204 204 403
""",
    bodies={
        ("POST", "/v1/coupons"): lambda world: {**TENTH, "code": world.sku()},
        ("PATCH", "/v1/coupons/{coupon}"): {"percent": 11},
    },
    makers={"{coupon}": _make},
)


@pytest.fixture
def add(keeper):
    return lambda **fields: keeper.simulate_post("/v1/coupons", json={**TENTH, **fields})


def test_a_coupon_is_shown_as_it_was_made(add, db):
    with db.write() as tx:
        make_item(tx, sku="mug", categories=("Kitchen",))

    fields = {
        "min_subtotal": eur(2_000),
        "starts_at": "2026-11-01T00:00:00+01:00",
        "ends_at": "2026-12-01T00:00:00Z",
        "usage_limit": 100,
        "per_customer": 1,
        "items": ["mug"],
        "categories": ["kitchen"],
    }
    answer = add(**fields)

    assert answer.status_code == 201
    assert answer.json == {
        **TENTH,
        **fields,
        "id": answer.json["id"],
        "amount": None,
        "starts_at": "2026-10-31T23:00:00.000Z",
        "ends_at": "2026-12-01T00:00:00.000Z",
        "status": "active",
        "used": 0,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": None},
        {"amount": eur(100)},
        {"kind": "fixed"},
        {"kind": "fixed", "percent": None},
        {"kind": "fixed", "percent": None, "amount": eur(0)},
        {"kind": "free_shipping"},
        {"starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-12-01T00:00:00Z"},
    ],
)
def test_a_coupon_has_the_value_of_its_kind_and_no_other(add, keeper, wrong):
    path = add(code="right").headers["Location"]

    answers = [add(code="wrong", **wrong), keeper.simulate_patch(path, json=wrong)]

    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [(409, "coupon-invalid")] * 2


def test_another_kind_comes_with_its_value(add, keeper):
    path = add().headers["Location"]

    fixed = keeper.simulate_patch(path, json={"kind": "fixed", "percent": None, "amount": {"amount": 500}})

    assert (fixed.status_code, fixed.json["amount"], fixed.json["percent"]) == (200, eur(500), None)


def test_a_code_has_one_coupon_whatever_its_case(add, keeper):
    first = add(code="SPRING").json
    path = add(code="other").headers["Location"]

    answers = [add(code="spring"), keeper.simulate_patch(path, json={"code": "Spring"})]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].json["uses"] == [{"kind": "coupon", "id": first["id"], "title": "SPRING"}]
    recased = keeper.simulate_patch(f"/v1/coupons/{first['id']}", json={"code": "Spring"})
    assert recased.json["code"] == "Spring"


@pytest.mark.parametrize(("field", "code"), [("items", "unknown-item"), ("categories", "unknown-term")])
def test_a_coupon_is_for_what_there_is(add, field, code):
    answer = add(**{field: ["nothing"]})

    assert (answer.status_code, answer.json["code"]) == (409, code)
    assert answer.json["errors"][0]["pointer"] == f"/{field}/0"


def test_a_patch_leaves_the_rest_and_a_deleted_coupon_is_gone(add, keeper):
    path = add(usage_limit=5).headers["Location"]

    changed = keeper.simulate_patch(path, json={"usage_limit": None, "status": "retired"})
    gone = keeper.simulate_delete(path)

    assert (changed.json["usage_limit"], changed.json["percent"], changed.json["status"]) == (
        None, 10, "retired",
    )  # fmt: skip
    assert gone.status_code == 204
    assert keeper.simulate_get(path).status_code == 404
