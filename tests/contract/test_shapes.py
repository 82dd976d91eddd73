"""Contract 4.1–4.11: every resource has exactly these keys, none left out, each of its form."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import factories
from tests.contract.server import URL, World

ID = "[0-9a-z]{26}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
SHAPES = {
    "account": "id email email_verified_at pending_email name language role status created_at"
    " version erased_at",
    "session": "id created_at last_used_at expires_at user_agent current",
    "api_key": "id name prefix scopes created_at last_used_at expires_at",
    "login": "token expires_at account",
    "article": "id type slug title status excerpt language image format body body_html authors tags"
    " categories featured comment_policy comment_count publish_at published_at created_at updated_at"
    " version url",
    "comment": "id article parent author body body_html status created_at version",
    "commented": "id slug title",
    "commenter": "name slug staff",
    "tag": "name slug count",
    "category": "name slug parent count",
    "item": "id slug name kind tax_class external_url status summary description description_html categories"
    " tags images options properties variants created_at updated_at version url",
    "variant": "id sku name options price regular_price sale compare_at weight_g max_per_order downloads"
    " stock on_sale version",
    "movement": "id delta reason note order by created_at",
    "order": "id number placed_at expires_at buyer shipping_address billing_address shipping_method"
    " order_status payment_status fulfilment_status lines subtotal discount shipping shipping_tax tax taxes"
    " prices_include_tax coupons tax_id total paid refunded credited due note staff_note updated_at version"
    " events",
    "line": "sku variant name quantity unit_price total discount tax fulfilled cancelled returned",
    "payment": "id provider state amount captured refunded method reference next failure instructions"
    " created_at",
    "fulfilment": "id lines carrier tracking created_at",
    "named": "name slug",
    "property": "name value",
    "image": "id url alt media sizes width height",
    "money": "amount currency",
    "event": "at kind by by_account note",
}
INNER: dict[Any, str] = {
    ("comment", "article"): "commented", ("comment", "author"): "commenter",
    "account": "account", "image": "image", "authors": "named", "tags": "named", "categories": "named",
    "images": "image", "properties": "property", "variants": "variant",
    "price": "money", "compare_at": "money", "unit_price": "money",
    "subtotal": "money", "discount": "money", "shipping": "money", "tax": "money", "total": "money",
    "paid": "money", "shipping_tax": "money", "refunded": "money", "credited": "money", "due": "money",
    "captured": "money", "events": "event",
}  # fmt: skip
PREFIXES = {"account": "acc", "session": "ses", "api_key": "key", "article": "art", "comment": "cmt",
"item": "itm",
            "variant": "var", "order": "ord", "payment": "pay", "fulfilment": "ful",
            "movement": "mov"}  # fmt: skip
ENUMS = {
    ("account", "role"): {"customer", "author", "editor", "shopkeeper", "owner"},
    ("account", "status"): {"active", "suspended"},
    ("article", "type"): {"article", "page"},
    ("article", "status"): {"draft", "scheduled", "published"},
    ("article", "format"): {"markdown", "html"},
    ("article", "comment_policy"): {"open", "closed"},
    ("comment", "status"): {"pending", "approved", "spam", "trash"},
    ("item", "kind"): {"physical", "digital", "service", "external"},
    ("item", "status"): {"draft", "published", "unlisted", "archived"},
    ("order", "order_status"): {"open", "completed", "cancelled"},
    ("order", "payment_status"): {
        "unpaid",
        "pending",
        "authorised",
        "partly_paid",
        "paid",
        "partly_refunded",
        "refunded",
    },
    ("order", "fulfilment_status"): {"none", "partial", "fulfilled"},
    ("payment", "provider"): {"manual"},
    ("payment", "state"): {"open", "processing", "authorised", "captured", "failed", "cancelled"},
    ("movement", "reason"): {
        "receive",
        "return",
        "adjust",
        "loss",
        "initial",
        "order",
        "cancellation",
        "import",
    },
}
LEFT_OUT_OF_LISTS = {"body", "body_html"}


def check(kind: str, thing: dict[str, Any], *, without: set[str] | frozenset[str] = frozenset()) -> None:
    assert set(thing) == set(SHAPES[kind].split()) - without, kind
    if kind in PREFIXES:
        assert re.fullmatch(f"{PREFIXES[kind]}_{ID}", thing["id"])
    for name, value in thing.items():
        if (name.endswith("_at") and name != "compare_at") or name == "at":
            assert value is None or TIME.fullmatch(value), (kind, name, value)
        if kind in ("article", "item") and name == "url":
            assert value.startswith(URL + "/"), value
        if (kind, name) in ENUMS:
            assert value in ENUMS[kind, name]
        inner = (
            INNER.get((kind, name), INNER.get(name)) if not (kind == "line" and name == "variant") else None
        )
        if inner is not None:
            for part in value if isinstance(value, list) else [value] * (value is not None):
                check(inner, part)
    if kind == "money":
        assert type(thing["amount"]) is int
        assert thing["currency"] == "EUR"


@pytest.fixture(scope="module")
def rich(world: World) -> dict[str, Any]:
    """One of everything, with everything set; and one with nothing set."""
    owner, keeper = world.client("owner"), world.client("shopkeeper")
    price = {"amount": 1999, "currency": "EUR"}
    item = keeper.post(
        "/v1/items",
        {
            "name": "Rich",
            "kind": "service",
            "status": "published",
            "summary": "S",
            "description": "*D*",
            "categories": ["Cat"],
            "tags": ["Tag"],
            "images": [{"url": "/a.png", "alt": "A"}],
            "options": [{"name": "Size", "values": ["S"]}],
            "properties": [{"name": "Material", "value": "Wool"}],
            "variants": [{"sku": world.sku(), "price": price, "compare_at": {**price, "amount": 2999},
                          "stock": 5, "options": {"Size": "S"}}],
        },
    ).json  # fmt: skip
    poor = keeper.post("/v1/items", {"name": "Poor", "variants": [{"sku": world.sku(), "price": price}]}).json
    sku = item["variants"][0]["sku"]
    order = owner.post("/v1/orders", {"lines": [{"sku": sku, "quantity": 2}], "note": "N"}).json
    path = f"/v1/orders/{order['id']}"
    article = owner.post(
        "/v1/articles",
        {"title": "Rich", "body": "b", "excerpt": "e", "language": "pt-BR", "tags": ["T"],
        "categories": ["C"],
         "image": {"url": "https://i.test/a", "alt": "a"}, "featured": True},
    ).json  # fmt: skip
    owner.put(f"/v1/articles/{article['id']}/publication", {})
    place = f"/v1/articles/{article['id']}"
    parent = owner.post(f"{place}/comments", {"body": "p"}).json
    return {
        "item": [item, poor],
        "order": [order],
        "payment": [
            keeper.post(f"{path}/payments", {"method": "cash", "amount": price, "reference": "R"}).json
        ],
        "fulfilment": [keeper.post(f"{path}/fulfilments", {"carrier": "C"}).json],
        "movement": [
            keeper.post(
                f"/v1/variants/{sku}/stock-movements", {"delta": 1, "reason": "receive", "note": "n"}
            ).json
        ],
        "article": [
            article,
            owner.get(place).json,
            owner.post("/v1/articles", {"title": "P", "body": ""}).json,
        ],
        "comment": [parent, owner.post(f"{place}/comments", {"body": "c", "parent": parent["id"]}).json],
        "account": [owner.get("/v1/me").json],
    }


@pytest.mark.parametrize(
    "kind", ["item", "order", "payment", "fulfilment", "movement", "article", "comment", "account"]
)
def test_what_is_made_and_read_has_the_contracts_shape(rich: dict[str, Any], kind: str):
    for thing in rich[kind]:
        check(kind, thing)


LISTS = [
    ("/v1/accounts", "account"), ("/v1/me/sessions", "session"), ("/v1/api-keys", "api_key"),
    ("/v1/articles", "article"), ("/v1/articles?status=draft", "article"), ("/v1/articles?q=rich", "article"),
    ("/v1/articles?type=page", "article"), ("/v1/comments", "comment"),
    ("/v1/me/comments", "comment"), ("/v1/tags", "tag"),
    ("/v1/authors", "tag"),
    ("/v1/categories", "category"), ("/v1/items", "item"), ("/v1/items?q=rich", "item"), ("/v1/orders",
    "order"),
    ("/v1/me/orders", "order"), ("/v1/items?status=draft", "item"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "kind"), LISTS, ids=[path for path, _ in LISTS])
def test_lists_show_the_same_shape(world: World, rich: dict[str, Any], path: str, kind: str):
    without = LEFT_OUT_OF_LISTS if kind == "article" else frozenset()
    world.article(world.staff["owner"], type="page")
    world.key(world.staff["owner"])

    rows = world.client("owner").get(f"{path}{'&' if '?' in path else '?'}limit=50").json["data"]

    assert rows
    for row in rows:
        check(kind, row, without=without)


def test_lists_under_a_thing_show_the_same_shape(world: World, rich: dict[str, Any]):
    owner, order = world.client("owner"), f"/v1/orders/{rich['order'][0]['id']}"
    sku = rich["item"][0]["variants"][0]["sku"]

    for path, kind in (
        (f"{order}/payments", "payment"),
        (f"{order}/fulfilments", "fulfilment"),
        (f"/v1/variants/{sku}/stock-movements", "movement"),
        (f"/v1/articles/{rich['article'][0]['id']}/comments", "comment"),
    ):
        rows = owner.get(path).json["data"]
        assert rows
        for row in rows:
            check(kind, row)


def test_an_orders_parts(rich: dict[str, Any]):
    order = rich["order"][0]

    assert set(order["buyer"]) == {"account", "email"}
    assert re.fullmatch(f"acc_{ID}", order["buyer"]["account"])
    assert isinstance(order["number"], int)
    for line in order["lines"]:
        check("line", line)
        assert re.fullmatch(f"var_{ID}", line["variant"])
    assert order["shipping_address"] is None
    assert [order[name]["amount"] for name in ("discount", "shipping", "tax")] == [0, 0, 0]


def test_a_variants_stock_and_sale(rich: dict[str, Any]):
    counted, free = (item["variants"][0] for item in rich["item"])

    assert counted["stock"] == {"tracked": True, "available": 5}
    assert free["stock"] == {"tracked": False, "available": None}
    assert (counted["on_sale"], free["on_sale"], free["compare_at"], free["options"]) == (
        True,
        False,
        None,
        {},
    )


def test_a_login_and_a_key_show_their_secret_once(world: World):
    person = world.login()
    login = world.stranger.post(
        "/v1/sessions", {"email": person.account.email, "password": factories.PASSWORD}
    ).json
    check("login", login)
    key = world.key(person)
    assert set(key) == set(SHAPES["api_key"].split()) | {"secret"}


def test_order_numbers_and_ids_rise(world: World):
    client = world.client("customer")
    sku = world.item().variants[0].sku
    body = {"lines": [{"sku": sku, "quantity": 1}]}

    orders = [client.post("/v1/orders", body).json for _ in range(4)]

    assert [order["number"] for order in orders] == sorted({order["number"] for order in orders})
