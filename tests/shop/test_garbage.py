"""Nothing that a client sends makes the shop fail: every answer is a success or a refusal."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_item

FIELDS = (
    *("name", "sku", "price", "amount", "currency", "compare_at", "options", "values", "stock", "variants"),
    *("slug", "kind", "status", "summary", "url", "alt", "description", "categories", "tags", "images"),
    *("lines", "quantity", "expected_total", "note", "delta", "reason", "method", "reference", "carrier"),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.sampled_from(
        ["EUR", "mug", "Size", "S", "published", "receive", "external", "/a", "é", "\u0000", "Ⅷ"]
    ),
)
money = st.fixed_dictionaries(
    {"amount": st.integers(-1, 10**13), "currency": st.sampled_from(["EUR", "USD"])}
)
values = st.recursive(
    scalars | money,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=12,
)
lines = st.lists(
    st.fixed_dictionaries(
        {"sku": st.sampled_from(["mug", "MUG", "tea", "no"]), "quantity": st.integers(0, 4)}
    ),
    max_size=3,
)
variant = st.fixed_dictionaries(
    {"sku": st.text("abMUG._-", min_size=1, max_size=3), "price": money},
    optional={"stock": st.integers(-1, 9) | st.none(), "options": values, "compare_at": money | st.none()},
)
bodies = st.dictionaries(st.sampled_from(FIELDS), values, max_size=5) | st.fixed_dictionaries(
    {},
    optional={
        "lines": lines,
        "variants": st.lists(variant, max_size=3),
        "name": scalars,
        "slug": scalars,
        "price": money,
        "amount": money,
        "method": scalars,
        "delta": st.integers(-9, 9),
        "reason": st.sampled_from(["receive", "loss"]),
        "options": st.lists(
            st.fixed_dictionaries({"name": scalars, "values": st.lists(scalars, max_size=2)})
        ),
        "expected_total": money,
    },
)
targets = st.sampled_from(
    [
        ("POST", "/v1/items"),
        ("PATCH", "/v1/items/mug"),
        ("PATCH", "/v1/variants/mug"),
        ("POST", "/v1/variants/mug/stock-movements"),
        ("POST", "/v1/orders"),
        ("POST", "{order}/payments"),
        ("POST", "{order}/fulfilments"),
        ("PUT", "{order}/cancellation"),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
@given(requests=st.lists(st.tuples(targets, bodies), min_size=10, max_size=30))
def test_no_body_makes_a_500(db, client_as, left, requests):
    keeper = client_as("owner")
    with db.write() as tx:
        if "mug" not in left():
            make_item(tx, sku="mug", stock=9)
    order = keeper.simulate_post("/v1/orders", json={"lines": [{"sku": "mug", "quantity": 1}]})
    path = order.headers.get("Location", "/v1/orders/none")

    for (method, target), body in requests:
        answer = keeper.simulate_request(method, target.replace("{order}", path), json=body)
        assert answer.status_code < 500, (method, target, body, answer.text)
    left()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(name=st.text(st.characters(codec="utf-8", exclude_characters="/?#%"), min_size=1, max_size=40))
def test_no_name_in_a_path_makes_a_500(client, client_as, name):
    keeper = client_as("owner")

    for path in ("/v1/items/{}", "/v1/variants/{}", "/v1/variants/{}/stock-movements", "/v1/orders/{}"):
        assert keeper.simulate_get(path.format(name)).status_code in (200, 404)
