"""Several workers or nodes on one database: what one has answered, the others know."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest
import sqlalchemy as sa
from falcon.testing import TestClient

from api.app import create_app
from api.storage import Database
from tests.factories import CHEAP_HASHER, PASSWORD, make_account, make_item, make_login, sign_in

ORDER = {"lines": [{"sku": "mug", "quantity": 1}]}
AT_ONCE = 50


@pytest.fixture
def nodes(db, other_db, settings):
    """Two applications that share nothing but the database."""
    return [create_app(settings, own, CHEAP_HASHER) for own in (db, other_db)]


@pytest.fixture
def on_both(db, nodes):
    """`on_both("editor")` is the client of one account on each node, and its id."""

    def signed_in(role="customer"):
        with db.write() as tx:
            account = make_account(tx, role=role)
            headers = {"Authorization": f"Bearer {sign_in(tx, account)}"}
        return *(TestClient(node, headers=headers) for node in nodes), account.id

    return signed_in


def test_a_write_that_was_answered_here_is_read_there(db, on_both):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=9)
    here, there, _ = on_both("shopkeeper")

    for price in range(20):
        here, there = there, here
        new = {"price": {"amount": price, "currency": "EUR"}}
        assert here.simulate_patch("/v1/variants/mug", json=new).status_code == 200
        assert there.simulate_get("/v1/variants/mug").json["price"]["amount"] == price


def test_what_is_published_here_is_in_the_list_there(on_both):
    here, there, _ = on_both("editor")

    for number in range(10):
        here, there = there, here
        draft = here.simulate_post("/v1/articles", json={"title": f"Fog {number}", "body": "x"}).json
        assert here.simulate_put(f"/v1/articles/{draft['id']}/publication", json={}).status_code == 200
        assert there.simulate_get("/v1/articles", params={"limit": 1}).json["data"][0]["id"] == draft["id"]
        assert there.simulate_get("/v1/articles", params={"q": f"fog {number}"}).json["data"]


def test_a_new_role_counts_at_once_everywhere(on_both):
    owner, _, _ = on_both("owner")
    _, promoted, account_id = on_both()
    statuses = []

    for role in ("shopkeeper", "customer", "owner"):
        owner.simulate_patch(f"/v1/accounts/{account_id}", json={"role": role})
        statuses.append(promoted.simulate_get("/v1/orders").status_code)

    assert statuses == [200, 403, 200]


def test_a_suspension_ends_all_sessions_everywhere(on_both):
    owner, _, _ = on_both("owner")
    _, suspended, account_id = on_both()

    owner.simulate_patch(f"/v1/accounts/{account_id}", json={"status": "suspended"})

    assert suspended.simulate_get("/v1/me").json["code"] == "invalid-token"


def test_failed_logins_are_counted_together(db, nodes):
    with db.write() as tx:
        make_login(tx, email="ada@kiosque.test")
    clients = [TestClient(node) for node in nodes]

    def log_in(client, password):
        body = {"email": "ada@kiosque.test", "password": password}
        return client.simulate_post("/v1/sessions", json=body).status_code

    failed = [log_in(client, "wrong-password-1") for client, _ in zip(cycle(clients), range(5), strict=False)]

    assert failed == [401] * 5
    assert [log_in(client, PASSWORD) for client in clients] == [429, 429]


def test_the_last_unit_has_one_buyer_whichever_node_is_asked(db, on_both, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=1)
    buyers = [on_both()[number % 2] for number in range(8)]

    with ThreadPoolExecutor(len(buyers)) as pool:
        answers = list(pool.map(lambda buyer: buyer.simulate_post("/v1/orders", json=ORDER), buyers))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert left() == {"mug": 0}


def test_fifty_at_once_with_one_key_have_one_effect(db, on_both, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=60)
    here, there, _ = on_both()
    start = threading.Barrier(AT_ONCE)

    def order(number):
        start.wait()
        key = {"Idempotency-Key": "one"}
        return (here, there)[number % 2].simulate_post("/v1/orders", json=ORDER, headers=key)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(order, range(AT_ONCE)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({(answer.headers["Location"], answer.headers["ETag"], answer.text) for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == AT_ONCE - 1
    assert left() == {"mug": 59}


@pytest.mark.only_on("postgresql")
def test_a_key_whose_first_request_takes_too_long_is_told_to_come_back(db, settings, left):
    with db.write() as tx:
        make_item(tx, sku="mug", stock=9)
        account = make_account(tx)
        headers = {"Authorization": f"Bearer {sign_in(tx, account)}", "Idempotency-Key": "one"}
    hasty = Database(settings.database_url, patience=0.1)
    impatient = TestClient(create_app(settings, hasty, CHEAP_HASHER), headers=headers)
    claim = sa.text(
        "INSERT INTO idempotency_records (account_id, method, path, key, fingerprint, created_at)"
        " VALUES (:account, 'POST', '/v1/orders', 'one', '', '')"
    )

    with db.write() as tx:
        tx.run(claim, account=account.id)
        answer = impatient.simulate_post("/v1/orders", json=ORDER)
    hasty.dispose()

    assert (answer.status_code, answer.json["code"]) == (409, "idempotency-in-progress")
    assert answer.headers["Retry-After"] == "1"
    assert left() == {"mug": 9}
