"""The clock of a sandbox: everything in it obeys, in every worker, and nothing outside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.rehearsal.server import Sandbox

CHRISTMAS = "2030-12-24T08:00:00.000Z"


def advance(sandbox: Sandbox, **duration: float) -> None:
    seconds = duration.get("minutes", 0) * 60 + duration.get("days", 0) * 86_400 + duration.get("seconds", 0)
    assert sandbox.post("/rehearsal/clock/advances", {"seconds": seconds}).status == 200


def test_a_frozen_clock_stands_and_a_running_one_goes_on(sandbox):
    frozen = sandbox.put("/rehearsal/clock", {"now": CHRISTMAS}).json
    advanced = sandbox.post("/rehearsal/clock/advances", {"seconds": 1.5}).json
    running = sandbox.put("/rehearsal/clock", {"frozen": False}).json
    system = sandbox.delete("/rehearsal/clock")

    assert frozen == {"now": CHRISTMAS, "frozen": True}
    assert advanced == {"now": "2030-12-24T08:00:01.500Z", "frozen": True}
    assert running["frozen"] is False
    assert running["now"] >= "2030-12-24T08:00:01.4"
    assert system.status == 204
    assert sandbox.get("/rehearsal/clock").json["now"] < CHRISTMAS


def test_a_scheduled_article_appears_when_its_hour_has_come_and_is_gone_before(sandbox):
    path = sandbox.someone("owner").article("Advent", publish_at=CHRISTMAS)

    before = [sandbox.get(path).status for _ in range(4)]
    sandbox.put("/rehearsal/clock", {"now": CHRISTMAS})
    first = [sandbox.get("/v1/articles").json["data"][0]["title"] for _ in range(4)]
    sandbox.delete("/rehearsal/clock")
    after = [sandbox.get(path).status for _ in range(4)]

    assert before == after == [404] * 4
    assert first == ["Advent"] * 4


def test_a_session_ends_when_it_has_been_idle(sandbox):
    owner = sandbox.someone("owner")

    advance(sandbox, minutes=29)
    used = [owner.get("/v1/me").status for _ in range(4)]
    advance(sandbox, minutes=31)

    assert used == [200] * 4
    assert [owner.get("/v1/me").status for _ in range(4)] == [401] * 4


def test_an_unpaid_order_expires_and_its_stock_is_back(sandbox):
    variant = {"sku": "mug", "stock": 1, "price": {"amount": 900, "currency": "EUR"}}
    item = {"name": "Mug", "status": "published", "variants": [variant]}
    assert sandbox.someone("owner").post("/v1/items", item).status == 201
    buyer, other = sandbox.someone(), sandbox.someone()
    order = {"lines": [{"sku": "mug", "quantity": 1}]}

    placed, refused = buyer.post("/v1/orders", order), other.post("/v1/orders", order)
    advance(sandbox, minutes=31)
    served = other.post("/v1/orders", order)

    assert (placed.status, refused.status, served.status) == (201, 409, 201)
    assert buyer.get(f"/v1/orders/{placed.json['id']}").json["order_status"] == "expired"


def test_the_brake_on_logins_and_the_limit_of_sign_ups_obey(sandbox):
    sandbox.put("/rehearsal/clock", {"frozen": True})

    logins = [log_in(sandbox) for _ in range(6)]
    sign_ups = [sign_up(sandbox, number) for number in range(11)]
    advance(sandbox, minutes=60)

    assert logins == [401] * 5 + [429]
    assert sign_ups == [201] * 10 + [429]
    assert log_in(sandbox) == 401
    assert sign_up(sandbox, 12) == 201


def log_in(sandbox: Sandbox) -> int:
    return sandbox.post("/v1/sessions", {"email": "owner@kiosque.test", "password": "wrong-one"}).status


def sign_up(sandbox: Sandbox, number: int) -> int:
    body = {"email": f"p{number}@people.test", "password": "violet-harbour-91", "name": "Ada"}
    return sandbox.post("/v1/accounts", body).status


def test_an_answer_is_replayed_for_a_week(sandbox):
    customer = sandbox.someone()  # whose session lasts as long, if it is used
    slug = sandbox.get("/v1/articles?limit=1").json["data"][0]["slug"]

    def comment():
        body = {"body": "Well."}
        return customer.post(f"/v1/articles/{slug}/comments", body, Idempotency_Key="one")

    first, again = comment(), comment()
    advance(sandbox, days=6)
    customer.get("/v1/me")
    advance(sandbox, days=2)
    new = comment()

    assert first.json["id"] == again.json["id"] != new.json["id"]


def test_lists_keep_the_order_in_which_things_were_made_though_the_clock_stands(sandbox):
    sandbox.put("/rehearsal/clock", {"now": CHRISTMAS})
    owner = sandbox.someone("owner")

    for number in range(12):
        owner.article(f"Fog {number}")

    listed = [article["title"] for article in sandbox.get("/v1/articles?limit=12").json["data"]]
    assert listed == [f"Fog {number}" for number in reversed(range(12))]


def test_no_advance_is_lost_when_many_come_at_once(sandbox):
    sandbox.put("/rehearsal/clock", {"now": CHRISTMAS})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: advance(sandbox, seconds=1), range(40)))

    assert sandbox.get("/rehearsal/clock").json["now"] == "2030-12-24T08:00:40.000Z"


def test_each_sandbox_has_a_clock_of_its_own_and_the_date_of_an_answer_is_real(sandbox):
    sandbox.put("/rehearsal/clock", {"now": CHRISTMAS})

    assert sandbox.called("another").get("/rehearsal/clock").json["now"] < CHRISTMAS
    assert "2030" not in sandbox.get("/v1").headers["Date"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/rehearsal/clock", {"now": "3000-01-01T00:00:00Z"}),
        ("PUT", "/rehearsal/clock", {"now": "yesterday"}),
        ("POST", "/rehearsal/clock/advances", {"seconds": -1}),
    ],
)
def test_an_hour_that_no_clock_shows_is_refused_at_its_field(sandbox, method, path, body):
    refused = sandbox.call(method, path, body)

    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == f"/{next(iter(body))}"
