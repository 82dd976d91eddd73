"""Links to downloads: each is spent when it is made, and is given again as long as it works."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from falcon.testing import TestClient

from api.accounts.profiles import administration
from api.errors import NotFound
from api.personal_data import rules as personal_data
from api.shop.downloads import queries, rules
from api.shop.downloads.records import Entitlement, Link
from api.shop.downloads.tables import entitlements
from api.shop.orders.tables import order_lines
from api.shop.variants.records import Download
from api.web.logs import without_links
from tests.factories import make_item, make_order
from tests.nouns import Noun
from tests.shop.downloads.conftest import GUIDE


def _bought(tx: Any, buyer: Any, sku: str) -> str:
    """The id of a download that came with an order for nothing."""
    files = (Download(path="a/Ø 書.pdf", name="Ø 書"),)
    make_item(tx, sku=sku, price=0, kind="digital", variant={"downloads": files})
    order = make_order(tx, buyer, (sku, 1))
    return str(tx.value(sa.select(entitlements.c.id).where(entitlements.c.order_id == order.id)))


def _make(world: Any, owner: Any, _state: str) -> str:
    file = world.site.parent / "data" / "files" / "a" / "Ø 書.pdf"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"%PDF")
    with world.db.write() as tx:
        return _bought(tx, owner.viewer, world.sku())


def _make_token(world: Any, owner: Any, _state: str) -> str:
    entitlement = _make(world, owner, "")
    with world.db.write() as tx:
        return rules.link(tx, ref=entitlement, viewer=owner.viewer, hours=24)[0].token


def _fill(tx: Any, _owner: Any) -> None:
    """A download of the first line that there is, which has come back."""
    order_id, position = tx.row(sa.select(order_lines.c.order_id, order_lines.c.position).limit(1))
    gone = Entitlement(
        id=tx.new_id("ent"),
        order_id=order_id,
        position=position,
        sku="",
        path="a/Ø 書.pdf",
        media=None,
        name="Ø 書",
        limit=5,
        revoked_at=tx.now,
    )
    queries.insert_missing(tx, [gone])
    assert queries.spend(tx, Link("kof_1", tx.now), entitlement_id=gone.id, token_hash=b"\0\xff")


NOUN = Noun(
    roles="""
    GET    /v1/orders/{order}/downloads          own   401 401 200 200 200 200 200 403
    GET    /v1/orders/{order}/downloads          other 401 401 404 404 404 200 200 403
    POST   /v1/downloads/{entitlement}/links     own   401 401 201 201 201 201 201 403
    POST   /v1/downloads/{entitlement}/links     other 401 401 404 404 404 201 201 403
    GET    /v1/files/{token}                     other 200 200 200 200 200 200 200 200
    """,
    makers={"{entitlement}": _make, "{token}": _make_token},
    breaking={
        "ck_entitlements_limit": 'UPDATE entitlements SET "limit" = 0',
        "ck_entitlements_used": "UPDATE entitlements SET used = -1",
        "ck_entitlements_media": "UPDATE entitlements SET path = NULL",
    },
    fill=_fill,
)


@pytest.fixture
def download(buy, downloads) -> dict[str, Any]:
    return downloads(buy())[0]


def test_a_link_that_works_is_given_again_and_spends_nothing_more(clock, download, ask, buyer):
    first, again = ask(download), ask(download)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert re.fullmatch(r"https://kiosque\.test/v1/files/kof_[\w-]{43}", first.json["url"])
    assert first.json["expires_at"] == "2026-11-23T09:30:00.000Z"
    assert "Location" not in first.headers


def test_five_links_are_all_that_there_is(clock, download, ask):
    answers = []
    for _ in range(6):
        answers.append(ask(download))
        clock.advance(hours=24)

    assert [answer.status_code for answer in answers] == [201] * 5 + [409]
    assert answers[-1].json["code"] == "downloads-used-up"
    assert len({answer.json["url"] for answer in answers[:5]}) == 5


def test_twenty_who_ask_at_once_spend_one_link(download, ask, buyer, downloads):
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: ask(download), range(20)))

    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json["url"] for answer in answers}) == 1


def test_no_more_links_are_spent_at_once_than_there_are(db, clock, download, ask):
    with db.write() as tx:
        tx.run(sa.update(entitlements).values(used=4))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(download).status_code, range(8)))
    clock.advance(hours=25)

    assert sorted(answers) == [200] * 7 + [201]
    assert ask(download).status_code == 409


def test_reading_spends_nothing_and_asking_is_counted(download, ask, buyer, client):
    path = ask(download).json["url"].removeprefix("https://kiosque.test")

    read = [client.simulate_get(path).status_code for _ in range(9)]

    assert read == [200] * 9
    order = buyer.simulate_get("/v1/me/orders").json["data"][0]
    assert buyer.simulate_get(f"/v1/orders/{order['id']}/downloads").json["data"][0]["used"] == 1


def test_a_download_of_another_is_not_there(download, client_as, client):
    path = f"/v1/downloads/{download['id']}/links"

    assert client_as("customer").simulate_post(path).status_code == 404
    assert client.simulate_post(path).status_code == 401
    assert client_as("shopkeeper").simulate_post(path).status_code == 201


def test_a_guest_has_the_downloads_of_one_order(db, client, guide, keeper):
    def order(email: str) -> tuple[TestClient, str]:
        body = {"lines": [{"sku": "guide", "quantity": 1}], "email": email}
        placed = client.simulate_post("/v1/orders", json=body).json
        body = {"method": "cash", "amount": placed["total"]}
        keeper.simulate_post(f"/v1/orders/{placed['id']}/payments", json=body)
        headers = {"Authorization": f"Bearer {placed['access_token']}"}
        return TestClient(client.app, headers=headers), f"/v1/orders/{placed['id']}/downloads"

    (ada, own), (bob, other) = order("ada@kiosque.test"), order("bob@kiosque.test")

    (mine,), (theirs,) = (who.simulate_get(at).json["data"] for who, at in ((ada, own), (bob, other)))
    assert ada.simulate_get(other).status_code == 404
    assert ada.simulate_post(f"/v1/downloads/{theirs['id']}/links").status_code == 404
    assert ada.simulate_post(f"/v1/downloads/{mine['id']}/links").status_code == 201


def test_a_link_that_has_expired_is_gone_and_one_that_never_was_is_not_there(clock, download, ask, client):
    path = ask(download).json["url"].removeprefix("https://kiosque.test")
    clock.advance(hours=24)

    spent, unknown = client.simulate_get(path), client.simulate_get(f"{path[:-3]}xyz")

    assert (spent.status_code, spent.json["code"]) == (410, "link-spent")
    assert unknown.status_code == 404


def test_links_that_expired_long_ago_are_forgotten(db, clock, download, ask, client):
    path = ask(download).json["url"].removeprefix("https://kiosque.test")
    clock.advance(days=32)

    with db.write() as tx:
        swept = rules.sweep(tx, most=9)

    assert swept == 1
    assert client.simulate_get(path).status_code == 404


def test_the_links_of_an_erased_account_are_dead(db, download, ask, buyer, client):
    path = ask(download).json["url"].removeprefix("https://kiosque.test")
    me = buyer.simulate_get("/v1/me").json["id"]

    with db.write() as tx:
        personal_data.erase(tx, administration.lock(tx, ref=me))

    assert client.simulate_get(path).status_code == 410


def test_an_export_lists_what_was_bought_without_links(buy, ask, downloads, buyer):
    ask(downloads(buy())[0])

    exported = buyer.simulate_get("/v1/me/export")

    assert [each["name"] for each in exported.json["orders"][0]["downloads"]] == [GUIDE[0].name]
    assert "kof_" not in exported.text


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v1/files/kof_abc-_9", "/v1/files/[redacted]"),
        ("/v1/files/whatever/more", "/v1/files/[redacted]"),
        ("/v1/fils/kof_abc", "/v1/fils/[redacted]"),
        ("/files/logo.png", "/files/logo.png"),
    ],
)
def test_no_log_has_the_secret_of_a_link(path, shown):
    assert without_links(path) == shown


def test_a_token_of_nobody_is_not_found(db):
    with db.read() as tx, pytest.raises(NotFound):
        rules.find(tx, token="")
