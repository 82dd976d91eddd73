"""The ledger and the counter beside it: they agree, and never pass below zero."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api.shop.stock.tables import stock_movements
from api.shop.variants.tables import variants
from tests.factories import make_item

PATH = "/v1/variants/mug/stock-movements"


def test_the_ledger_tells_every_movement_newest_first(db, keeper, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=3)

    moved = keeper.simulate_post(PATH, json={"delta": -2, "reason": "loss", "note": "broken"})
    placed = keeper.simulate_post("/v1/orders", json={"lines": [{"sku": "MUG", "quantity": 1}]}).json
    keeper.simulate_put(f"/v1/orders/{placed['id']}/cancellation")
    ledger = keeper.simulate_get(PATH).json["data"]

    assert moved.status_code == 201
    assert ledger[2] == moved.json
    assert [(line["delta"], line["reason"], line["order"]) for line in ledger] == [
        (1, "cancellation", placed["id"]),
        (-1, "order", placed["id"]),
        (-2, "loss", None),
        (3, "initial", None),
    ]
    assert moved.json["by"] == placed["buyer"]["account"]
    assert left() == {"mug": 1}
    first = keeper.simulate_get(PATH + "?limit=3").json
    rest = keeper.simulate_get(PATH, query_string=first["next"].partition("?")[2]).json
    assert (first["data"] + rest["data"], rest["next"]) == (ledger, None)


def test_nothing_takes_stock_below_zero(db, keeper, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=3)

    answer = keeper.simulate_post(PATH, json={"delta": -4, "reason": "adjust"})

    assert (answer.status_code, answer.json["code"]) == (409, "out-of-stock")
    assert answer.json["available"] == {"mug": 3}
    assert left() == {"mug": 3}
    with pytest.raises(sa.exc.IntegrityError), db.write() as tx:
        tx.run(sa.update(variants).values(available=-1))


def test_what_is_not_counted_has_no_movements(db, keeper, left):
    with db.write() as tx:
        make_item(tx, sku="mug")

    keeper.simulate_post("/v1/orders", json={"lines": [{"sku": "mug", "quantity": 9}]})
    answer = keeper.simulate_post(PATH, json={"delta": 1, "reason": "receive"})

    assert (answer.status_code, answer.json["code"]) == (409, "invalid-state")
    assert (answer.json["state"], answer.json["allowed"]) == ("untracked", ["tracking"])
    assert left() == {"mug": 0}
    assert keeper.simulate_get(PATH).json["data"] == []


@pytest.mark.parametrize(
    "statement", [sa.update(stock_movements).values(delta=9), sa.delete(stock_movements)]
)
def test_the_ledger_is_append_only(db, statement):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=3)

    with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.write() as tx:
        tx.run(statement)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"delta": 0, "reason": "adjust"}, "out-of-range"),
        ({"delta": 1_000_000_001, "reason": "adjust"}, "out-of-range"),
        ({"delta": 1, "reason": "initial"}, "invalid-format"),
        ({"delta": 1}, "required"),
        ({"delta": 1, "reason": "loss", "available": 3}, "unknown-field"),
    ],
)
def test_a_movement_of_a_bad_form_is_refused(db, keeper, body, code):
    assert keeper.simulate_post(PATH, json=body).json["code"] == code


def test_the_ledger_is_for_shopkeepers(db, client, client_as, keeper):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=3)

    assert client.simulate_get(PATH).status_code == 401
    assert client_as("editor").simulate_get(PATH).status_code == 403
    assert keeper.simulate_get("/v1/variants/none/stock-movements").status_code == 404
    body = {"delta": 1, "reason": "receive"}
    for _ in range(2):
        assert keeper.simulate_post(PATH, json=body, headers={"Idempotency-Key": "k"}).status_code == 201
    assert keeper.simulate_get("/v1/variants/mug").json["stock"]["available"] == 4
