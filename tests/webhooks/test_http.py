"""Webhooks over HTTP: made by a fresh session, shown without their secrets, tested, changed, replayed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
import standardwebhooks
from falcon.testing import TestClient

from api.app import create_app
from api.events import rules as events
from api.events.tables import events as log
from api.storage import Transaction
from api.webhooks import rules
from api.webhooks.deliveries import queries
from api.webhooks.records import WebhookDraft
from tests.factories import CHEAP_HASHER, make_account, sign_in
from tests.nouns import Noun
from tests.webhooks.conftest import TAKEN

DELIVERY = "dlv_01k9zq3v8r5m2x7c4b6n8p0qwe"
BODY = {
    "url": "https://192.0.2.1/hook",  # not on the public internet, so nobody is called
    "events": ["order.*"],
    "description": "Books",
}


def _make(world: Any, *_: Any) -> str:
    return str(world.client("owner").post("/v1/webhooks", BODY).json["id"])


def _fill(tx: Transaction, owner: Any) -> None:
    webhook = rules.create(tx, WebhookDraft(url="https://192.0.2.1", events=("*",)), inside=())
    account = make_account(tx)
    events.note(tx, "account.created", account, actor=owner)
    event_id = tx.value(sa.select(log.c.id).where(log.c.subject_id == account.id))
    queries.begin(tx, webhook_id=webhook.id, jobs=[(event_id, "job_1")])


NOUN = Noun(
    roles="""
    GET    /v1/webhooks                              -                401 401 403 403 403 403 200 403
    POST   /v1/webhooks                              -                401 401 403 403 403 403 201 403
    GET    /v1/webhooks/{webhook}                    other            401 401 403 403 403 403 200 403
    PATCH  /v1/webhooks/{webhook}                    own              401 401 403 403 403 403 200 403
    DELETE /v1/webhooks/{webhook}                    own              401 401 403 403 403 403 204 403
    POST   /v1/webhooks/{webhook}/secrets            other            401 401 403 403 403 403 201 403
    POST   /v1/webhooks/{webhook}/tests              other            401 401 403 403 403 403 200 403
    GET    /v1/webhooks/{webhook}/deliveries         other            401 401 403 403 403 403 200 403
    PUT    /v1/webhooks/{webhook}/deliveries/{delivery}/attempt other 401 401 403 403 403 403 404 403
    POST   /v1/webhooks/{webhook}/replays            other            401 401 403 403 403 403 202 403
    """,
    bodies={
        ("POST", "/v1/webhooks"): BODY,
        ("PATCH", "/v1/webhooks/{webhook}"): {"description": "Bookkeeping"},
        ("POST", "/v1/webhooks/{webhook}/replays"): {"since": "2026-11-22T09:30:00Z"},
    },
    makers={"{webhook}": _make, "{delivery}": lambda *_: DELIVERY},
    breaking={
        "ck_webhooks_status": "UPDATE webhooks SET status = 'asleep'",
        "ck_webhooks_disabled_reason": "UPDATE webhooks SET disabled_reason = 'mood'",
        "ck_webhook_deliveries_state": "UPDATE webhook_deliveries SET state = 'lost'",
        "ck_webhook_deliveries_tries": "UPDATE webhook_deliveries SET tries = -1",
    },
    fill=_fill,
)


@pytest.fixture
def owner(db, settings):
    """An owner whose session is fresh, at a server that knows 127.0.0.1 as a host inside."""
    with db.write() as tx:
        token = sign_in(tx, make_account(tx, role="owner"))
    app = create_app(replace(settings, webhook_inside=frozenset({"127.0.0.1"})), db, CHEAP_HASHER)
    return TestClient(app, headers={"Authorization": f"Bearer {token}"})


def make(owner, url, **others):
    answer = owner.simulate_post("/v1/webhooks", json=BODY | {"url": url} | others)
    assert answer.status_code == 201
    return answer


def happen(db, owner):
    with db.write() as tx:
        events.note(tx, "order.placed", make_account(tx), actor="stranger")
    owner.app.background.until_idle()


def test_only_the_answer_that_makes_a_webhook_shows_its_secret(owner):
    answer = make(owner, "https://erp.example.org/hook")
    webhook = answer.json
    secret = webhook.pop("secret")

    assert secret.startswith("whsec_")
    assert "ETag" not in answer.headers
    assert answer.headers["Location"] == f"/v1/webhooks/{webhook['id']}"
    assert owner.simulate_get(answer.headers["Location"]).json == webhook
    assert owner.simulate_get("/v1/webhooks").json["data"] == [webhook]


def test_the_same_key_makes_another_webhook_and_stores_no_secret(owner, db):
    answers = [
        owner.simulate_post("/v1/webhooks", json=BODY, headers={"Idempotency-Key": "one"}) for _ in range(2)
    ]

    assert answers[0].json["secret"] != answers[1].json["secret"]
    with db.read() as tx:
        assert tx.value(sa.text("SELECT count(*) FROM idempotency_records")) == 0


def test_a_description_that_was_never_written_or_is_cleared_is_null(owner):
    webhook = make(owner, "https://erp.example.org/hook", description=None).json
    path = f"/v1/webhooks/{webhook['id']}"

    written = owner.simulate_patch(path, json={"description": "Books"}).json
    cleared = owner.simulate_patch(path, json={"description": None}).json

    assert [each["description"] for each in (webhook, written, cleared)] == [None, "Books", None]


@pytest.mark.parametrize("path", ["", "/{webhook}/secrets"])
def test_a_secret_is_shown_to_a_fresh_session_only(clock, owner, path):
    webhook = make(owner, "https://erp.example.org/hook").json
    clock.advance(minutes=11)

    answer = owner.simulate_post(f"/v1/webhooks{path.format(webhook=webhook['id'])}", json=BODY)

    assert (answer.status_code, answer.json["code"]) == (403, "confirmation-required")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "http://erp.example.org/"}, "/url"),
        ({"url": "https://erp.example.org:99999/"}, "/url"),
        ({"url": "ftp://erp.example.org/"}, "/url"),
        ({"events": ["order.placed", "order.eaten"]}, "/events/1"),
        ({"events": []}, "/events"),
    ],
)
def test_a_webhook_that_could_never_get_anything_is_refused(owner, body, pointer):
    answer = owner.simulate_post("/v1/webhooks", json=BODY | body)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_a_test_is_one_attempt_that_counts_for_nothing(owner, db, start):
    receiver = start(b"HTTP/1.1 410 Gone\r\nContent-Length: 4\r\n\r\nbye!")
    webhook = make(owner, receiver.url()).json

    failed = owner.simulate_post(f"/v1/webhooks/{webhook['id']}/tests").json
    receiver.answer = TAKEN
    arrived = owner.simulate_post(f"/v1/webhooks/{webhook['id']}/tests").json

    del webhook["secret"], failed["ms"], arrived["ms"]
    assert failed == {"delivered": False, "status": 410, "error": "410 Gone"}
    assert arrived == {"delivered": True, "status": 204, "error": None}
    assert owner.simulate_get(f"/v1/webhooks/{webhook['id']}").json == webhook
    assert owner.simulate_get(f"/v1/webhooks/{webhook['id']}/deliveries").json["data"] == []


def test_a_test_is_signed_like_any_event(owner, start):
    receiver = start()
    webhook = make(owner, receiver.url()).json

    owner.simulate_post(f"/v1/webhooks/{webhook['id']}/tests")

    _, headers, body = receiver.taken[0]
    event = standardwebhooks.Webhook(webhook["secret"]).verify(body, headers)
    assert (event["type"], event["id"]) == ("webhook.test", headers["webhook-id"])
    assert event["data"] == {name: value for name, value in webhook.items() if name != "secret"}


def test_an_owner_sees_what_failed_and_has_it_delivered_now(owner, db, start):
    receiver = start(b"HTTP/1.1 500 Oops\r\nContent-Length: 6\r\n\r\nbroken")
    path = f"/v1/webhooks/{make(owner, receiver.url()).json['id']}/deliveries"
    happen(db, owner)

    (pending,) = owner.simulate_get(path, query_string="state=pending").json["data"]
    receiver.answer = TAKEN
    stale = owner.simulate_put(f"{path}/{pending['id']}/attempt", headers={"If-Match": '"stale"'})
    answer = owner.simulate_put(f"{path}/{pending['id']}/attempt")
    owner.app.background.until_idle()
    (delivered,) = owner.simulate_get(path, query_string="state=delivered").json["data"]

    assert (pending["attempts"][0]["status"], pending["attempts"][0]["excerpt"]) == (500, "broken")
    assert (stale.status_code, answer.status_code, answer.json) == (412, 202, pending)
    assert [attempt["status"] for attempt in delivered["attempts"]] == [500, 204]
    assert owner.simulate_get(path, query_string="state=failed").json["data"] == []


def test_a_disabled_webhook_neither_repeats_nor_replays(owner, db, start):
    receiver = start(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
    path = f"/v1/webhooks/{make(owner, receiver.url()).json['id']}"
    happen(db, owner)
    (delivery,) = owner.simulate_get(f"{path}/deliveries").json["data"]

    answers = [
        owner.simulate_put(f"{path}/deliveries/{delivery['id']}/attempt"),
        owner.simulate_post(f"{path}/replays", json={"since": "2026-11-22T09:30:00Z"}),
    ]

    assert [answer.json["code"] for answer in answers] == ["webhook-disabled"] * 2
    revived = owner.simulate_patch(path, json={"status": "active"}).json
    assert (revived["status"], revived["disabled_reason"]) == ("active", None)
    receiver.answer = TAKEN
    replayed = owner.simulate_post(f"{path}/replays", json={"since": "2020-01-01T00:00:00Z"})
    owner.app.background.until_idle()
    assert (replayed.status_code, replayed.json) == (202, {"events": 1})
    assert owner.simulate_get(f"{path}/deliveries").json["data"][0]["state"] == "delivered"


def test_a_replay_ends_where_it_is_said_to(owner, db, start):
    receiver = start()
    path = f"/v1/webhooks/{make(owner, receiver.url()).json['id']}"
    happen(db, owner)

    body = {"since": "2020-01-01T00:00:00Z", "until": "2021-01-01T00:00:00Z"}
    answer = owner.simulate_post(f"{path}/replays", json=body)
    owner.app.background.until_idle()

    assert answer.json == {"events": 0}
    assert len(receiver.taken) == 1


def test_the_delivery_of_one_webhook_is_not_that_of_another(owner, db, start):
    first, second = (make(owner, start().url()).json["id"] for _ in range(2))
    happen(db, owner)
    (delivery,) = owner.simulate_get(f"/v1/webhooks/{first}/deliveries").json["data"]

    answer = owner.simulate_put(f"/v1/webhooks/{second}/deliveries/{delivery['id']}/attempt")

    assert answer.status_code == 404
