"""Downloads that were uploaded: they stay what was bought, and stay as long as somebody has bought them."""

from __future__ import annotations

from typing import Any

import pytest

from api.shop.downloads import files, rules
from api.shop.stock import holds
from tests.media.conftest import uploaded
from tests.media.pictures import PDF, jpeg
from tests.shop.downloads.conftest import pay

BOOK = PDF + bytes(range(256)) * 400
NOWHERE = "med_01k9zq3v8r5m2x7c4b6n8p0qwe"


@pytest.fixture
def medium(keeper) -> dict[str, Any]:
    return uploaded(keeper, BOOK, "application/pdf", filename="book.pdf")


@pytest.fixture
def item(keeper, medium) -> dict[str, Any]:
    """A book, which is a medium."""
    variant = {
        "sku": "book",
        "price": {"amount": 900, "currency": "EUR"},
        "downloads": [{"media": medium["id"], "name": "Émail – уход"}],
    }
    body = {"name": "Book", "kind": "digital", "status": "published", "variants": [variant]}
    answer = keeper.simulate_post("/v1/items", json=body)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


@pytest.fixture
def order(buyer, item) -> dict[str, Any]:
    body = {"lines": [{"sku": "book", "quantity": 1}]}
    return dict(buyer.simulate_post("/v1/orders", json=body).json)


@pytest.fixture
def path(keeper, order, downloads, ask) -> str:
    """That of a link to the book, which is paid."""
    pay(keeper, order, 900)
    return str(ask(downloads(order)[0]).json["url"].removeprefix("https://kiosque.test"))


def uses(keeper, medium):
    shown = keeper.simulate_get(f"/v1/media/{medium['id']}").json
    assert shown["uses_count"] == len(shown["uses"])
    return sorted(use["kind"] for use in shown["uses"])


def test_a_variant_names_a_file_that_was_uploaded(client, keeper, item, medium):
    (variant,) = item["variants"]

    public = client.simulate_get("/v1/variants/book").json
    again = keeper.simulate_patch("/v1/variants/book", json={"downloads": variant["downloads"]})

    assert variant["downloads"] == [{"path": None, "media": medium["id"], "name": "Émail – уход"}]
    assert public["downloads"] == []
    assert (again.status_code, again.json["version"]) == (200, variant["version"])
    assert uses(keeper, medium) == ["item"]


def test_a_file_that_was_uploaded_is_sent_as_it_came(keeper, order, downloads, client, path, medium):
    (download,) = downloads(order)
    answer, head = client.simulate_get(path), client.simulate_head(path)

    assert (download["type"], download["bytes"]) == ("application/pdf", len(BOOK))
    assert (answer.status_code, answer.content) == (200, BOOK)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["ETag"] == f'"{medium["sha256"][:32]}"'
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="_mail _ ____.pdf"; ')
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(BOOK)))


def test_a_file_that_was_uploaded_is_resumed_and_known(client, path):
    etag = client.simulate_get(path).headers["ETag"]

    part = client.simulate_get(path, headers={"Range": "bytes=5-", "If-Range": etag})
    other = client.simulate_get(path, headers={"Range": "bytes=5-", "If-Range": '"other"'})
    known = client.simulate_get(path, headers={"If-None-Match": etag})
    beyond = client.simulate_get(path, headers={"Range": f"bytes={len(BOOK)}-"})

    assert (part.status_code, part.content) == (206, BOOK[5:])
    assert part.headers["Content-Range"] == f"bytes 5-{len(BOOK) - 1}/{len(BOOK)}"
    assert (other.status_code, other.content) == (200, BOOK)
    assert (known.status_code, known.content) == (304, b"")
    assert (beyond.status_code, beyond.json["code"]) == (416, "range-not-satisfiable")


def test_what_was_bought_stays_when_the_item_names_another_file_or_goes(client, keeper, item, medium, path):
    other = uploaded(keeper, PDF, "application/pdf")
    named = {"downloads": [{"media": other["id"], "name": "Second edition"}]}

    keeper.simulate_patch("/v1/variants/book", json=named)
    after_another = uses(keeper, medium), uses(keeper, other)
    keeper.simulate_delete(f"/v1/items/{item['id']}")
    refused = keeper.simulate_delete(f"/v1/media/{medium['id']}")

    assert after_another == (["order"], ["item"])
    assert (refused.status_code, refused.json["code"]) == (409, "in-use")
    assert [use["kind"] for use in refused.json["uses"]] == ["order"]
    assert client.simulate_get(path).content == BOOK
    assert keeper.simulate_delete(f"/v1/media/{other['id']}").status_code == 204


def test_what_is_ordered_but_not_paid_yet_cannot_be_deleted(keeper, medium, order, downloads):
    keeper.simulate_patch("/v1/variants/book", json={"downloads": []})

    refused = keeper.simulate_delete(f"/v1/media/{medium['id']}")
    pay(keeper, order, 900)

    assert refused.json["uses"] == [{"kind": "order", "id": order["id"], "title": str(order["number"])}]
    assert [each["bytes"] for each in downloads(order)] == [len(BOOK)]


def test_a_file_can_be_deleted_once_its_orders_are_cancelled_refunded_or_expired(
    db, settings, clock, client_as, keeper, buyer, item, medium, order
):
    body = {"lines": [{"sku": "book", "quantity": 1}]}
    refunded = buyer.simulate_post("/v1/orders", json=body).json
    buyer.simulate_post("/v1/orders", json=body)
    pay(keeper, refunded, 900)
    keeper.simulate_delete(f"/v1/items/{item['id']}")
    before = uses(keeper, medium)

    keeper.simulate_put(f"/v1/orders/{order['id']}/cancellation", json={})
    keeper.simulate_post(f"/v1/orders/{refunded['id']}/refunds", json={})
    clock.advance(minutes=40)
    holds.expire_overdue(db)
    deleted = client_as("shopkeeper").simulate_delete(f"/v1/media/{medium['id']}")

    assert before == ["order", "order", "order"]
    assert deleted.status_code == 204
    with db.read() as tx:
        assert rules.compare(tx, files.folder_of(settings)) == (0, [])


def test_late_money_for_a_file_that_was_deleted_meanwhile_is_refused_or_goes_back(
    db, clock, client_as, keeper, buyer, item, medium, order
):
    paid = {"lines": [{"sku": "book", "quantity": 1}], "payment": {"provider": "test"}}
    second = buyer.simulate_post("/v1/orders", json=paid).json
    payment = second["payment"]["id"]
    buyer.simulate_put(f"/v1/test-payments/{payment}/outcome", json={"outcome": "success"})
    keeper.simulate_patch("/v1/variants/book", json={"downloads": []})
    clock.advance(minutes=80)
    holds.expire_overdue(db)
    with db.write() as tx:
        holds.expire(tx, [second["id"]])
    late = client_as("shopkeeper")
    late.simulate_delete(f"/v1/media/{medium['id']}")

    by_hand = late.simulate_post(
        f"/v1/orders/{order['id']}/payments",
        json={"method": "cash", "amount": {"amount": 900, "currency": "EUR"}},
    )
    late.simulate_put(f"/v1/orders/{second['id']}/payments/{payment}/return")
    after = late.simulate_get(f"/v1/orders/{second['id']}").json

    assert (by_hand.status_code, by_hand.json["code"]) == (409, "out-of-stock")
    assert by_hand.json["available"] == {"book": 0}
    assert late.simulate_get(f"/v1/orders/{order['id']}").json["order_status"] == "expired"
    assert (after["order_status"], after["payment_status"]) == ("expired", "refunded")
    assert after["credited"]["amount"] == 0


@pytest.mark.parametrize(
    ("download", "status", "code", "pointer"),
    [
        ({}, 422, "required", "/path"),
        ({"path": None, "media": None}, 422, "required", "/path"),
        ({"path": "a.pdf", "media": NOWHERE}, 422, "unknown-field", "/path"),
        ({"media": NOWHERE}, 409, "unknown-media", "/media"),
        ({"media": "nonsense"}, 409, "unknown-media", "/media"),
    ],
)
def test_a_download_has_one_source_that_is_known(keeper, item, download, status, code, pointer):
    offer = {"sku": "book", "downloads": [download | {"name": "Book"}]}
    new = {"sku": "new", "price": {"amount": 900, "currency": "EUR"}, "downloads": offer["downloads"]}

    answers = {
        "/variants/0/downloads/0": keeper.simulate_post(
            "/v1/items", json={"name": "Other", "variants": [new]}
        ),
        "/variants/0/downloads/0 ": keeper.simulate_patch(
            f"/v1/items/{item['id']}", json={"variants": [offer]}
        ),
        "/downloads/0": keeper.simulate_patch("/v1/variants/book", json={"downloads": offer["downloads"]}),
    }

    for at, answer in answers.items():
        assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
        assert answer.json["errors"][0]["pointer"] == at.strip() + pointer


def test_a_picture_can_be_sold_too_and_its_buyer_has_the_original(
    keeper, buyer, item, client, downloads, ask
):
    picture = uploaded(keeper, jpeg(), filename="print.jpeg")
    keeper.simulate_patch(
        "/v1/variants/book", json={"downloads": [{"media": picture["id"], "name": "Print"}]}
    )
    order = buyer.simulate_post("/v1/orders", json={"lines": [{"sku": "book", "quantity": 1}]}).json
    pay(keeper, order, 900)

    (download,) = downloads(order)
    answer = client.simulate_get(ask(download).json["url"].removeprefix("https://kiosque.test"))

    assert (download["type"], download["bytes"]) == ("image/jpeg", picture["bytes"])
    assert len(answer.content) == picture["bytes"]
    assert 'filename="Print.jpeg"' in answer.headers["Content-Disposition"]
