"""News of providers: signed, taken once, and a look at the payment left behind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import sqlalchemy as sa
from falcon.testing import TestClient

from api.app import create_app
from api.jobs import queries as jobs
from api.jobs.worker import Tasks, Worker
from api.shop.payments.news import rules
from api.shop.payments.news.tables import provider_events
from api.shop.payments.port import LOOK, Hint, Provider, Unreachable
from api.storage import Keyset, Transaction
from tests.factories import CHEAP_HASHER, make_item, make_order, make_viewer, pay
from tests.nouns import Noun

EVENTS = "/v1/payment-providers/{provider}/events"


def _fill(tx: Transaction, _owner: Any) -> None:
    rules.receive(tx, Hint("evt_1", None, about="pi_1"), provider="stripe")


NOUN = Noun(
    roles="""
    GET    /v1/payment-providers                          -     200 401 200 200 200 200 200 200
    POST   /v1/payment-providers/{provider}/events        other 400 400 400 400 400 400 400 400
    """,
    bodies={("POST", EVENTS): {"id": "evt_1"}},
    makers={"{provider}": lambda *_: "manual"},
    fill=_fill,
)


@pytest.fixture
def paid(db):
    """A payment by hand."""
    with db.write() as tx:
        keeper, buyer = make_viewer(tx, role="shopkeeper"), make_viewer(tx)
        make_item(tx)
        return pay(tx, make_order(tx, buyer, ("mug", 1)), 400, actor=keeper)


def hear(db, *hints, provider="manual", due_at=None):
    with db.write() as tx:
        for hint in hints:
            rules.receive(tx, hint, provider=provider, due_at=due_at)


def waiting(db):
    """The kinds and facts of the jobs, newest last."""
    with db.read() as tx:
        left = jobs.list_jobs(tx, Keyset("job_~", 100))
    return [(job.kind, dict(job.facts)) for job in reversed(left)]


def events(db):
    with db.read() as tx:
        return [row.id for row in tx.rows(sa.select(provider_events).order_by(provider_events.c.id))]


def test_an_event_leaves_one_look_however_often_it_comes(db, paid):
    hear(db, Hint("evt_1", paid.id), Hint("evt_1", paid.id))
    hear(db, Hint("evt_1", paid.id))

    assert waiting(db) == [(LOOK, {"payment": paid.id})]
    assert events(db) == ["evt_1"]


def test_events_of_two_providers_may_have_the_same_id(db, paid):
    hear(db, Hint("evt_1", None, about="pi_1"), provider="stripe")
    hear(db, Hint("evt_1", paid.id))

    assert len(waiting(db)) == 2


@pytest.mark.parametrize("provider", ["stripe", "manual"])
def test_of_what_is_not_ours_nothing_is_kept(db, paid, provider):
    stranger = paid.id if provider == "stripe" else "pay_01k9zq3v8r5m2x7c4b6n8p0qwe"

    hear(db, Hint("evt_1", stranger), provider=provider)

    assert (waiting(db), events(db)) == ([], [])


def test_a_look_may_be_due_later(db, paid, clock):
    hear(db, Hint("evt_1", paid.id), due_at="2026-11-22T09:30:10.000Z")

    with db.read() as tx:
        assert not jobs.is_due(tx)
    clock.advance(seconds=10)
    with db.read() as tx:
        assert jobs.is_due(tx)


def test_ids_are_forgotten_after_40_days(db, paid, clock):
    hear(db, Hint("evt_1", paid.id))
    clock.advance(days=1)
    hear(db, Hint("evt_2", paid.id))
    clock.advance(days=39, seconds=1)

    with db.write() as tx:
        assert rules.sweep(tx, most=10) == 1

    assert events(db) == ["evt_2"]


@dataclass
class Directory:
    """A provider that knows our payments by names of its own."""

    names: Mapping[str, str] = field(default_factory=dict)
    is_there: bool = True

    def payment_of(self, about: str) -> str | None:
        if not self.is_there:
            raise Unreachable
        return self.names.get(about)


def find(db, directory):
    providers: Any = {"manual": directory}
    handler = rules.finder(providers)
    Worker(db, Tasks({rules.FIND: handler})).until_idle()


@pytest.mark.parametrize("about", ["pi_1", "pi_of_somebody_else"])
def test_an_event_that_names_no_payment_of_ours_is_followed_by_its_own_name(db, paid, about):
    hear(db, Hint("evt_1", None, about=about))

    find(db, Directory({"pi_1": paid.id}))

    assert waiting(db) == ([(LOOK, {"payment": paid.id})] if about == "pi_1" else [])


def test_the_name_is_looked_up_again_when_the_provider_was_away(db, paid, clock):
    hear(db, Hint("evt_1", None, about="pi_1"))

    find(db, Directory(is_there=False))

    assert waiting(db) == [(rules.FIND, {"provider": "manual", "about": "pi_1"})]
    clock.advance(seconds=10)
    find(db, Directory({"pi_1": paid.id}))
    assert waiting(db) == [(LOOK, {"payment": paid.id})]


def test_the_ways_to_pay_are_listed_in_the_order_of_the_shop(db, settings):
    shop = replace(settings, payments=("test", "manual"), languages=("fr", "en"))

    answer = TestClient(create_app(shop, db, CHEAP_HASHER)).simulate_get("/v1/payment-providers")

    assert answer.status_code == 200
    assert answer.json == {
        "data": [
            {"id": "test", "label": "Paiement d’essai", "test": True},
            {"id": "manual", "label": "Virement ou espèces", "test": False},
        ],
        "next": None,
    }


@pytest.mark.parametrize(
    ("provider", "body", "status", "code"),
    [
        ("manual", b"{}", 400, "bad-signature"),
        ("stripe", b"{}", 404, "not-found"),
        ("paypal", b"{}", 404, "not-found"),
        ("manual", b"", 400, "body-required"),
        ("manual", b"{" + b" " * 262_144, 413, "body-too-large"),
    ],
)
def test_what_no_provider_has_signed_is_refused(client, db, provider, body, status, code):
    path = EVENTS.format(provider=provider)

    answer = client.simulate_post(path, body=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert (waiting(db), events(db)) == ([], [])


class Signing:
    """A provider that signs by a word."""

    name, label, is_test = "manual", "Signing", True

    def hint(self, headers: Mapping[str, str], body: bytes) -> Hint | None:
        event = json.loads(body)
        assert headers["signing-word"] == "hush"
        return Hint(event["id"], event["payment"]) if event["payment"] else None


def test_an_event_is_taken_without_credentials_and_before_anything_else_is_done(
    client, db, paid, monkeypatch
):
    providers: dict[str, Provider] = {"manual": Signing()}  # type: ignore[dict-item]
    monkeypatch.setattr("api.shop.payments.providers.switched_on", lambda *_: providers)
    shop = TestClient(create_app(client.app.settings, db, CHEAP_HASHER))
    headers = {"Signing-Word": "hush", "Authorization": "Bearer expired"}

    answers = [
        shop.simulate_post(EVENTS.format(provider="manual"), json=event, headers=headers)
        for event in ({"id": "evt_1", "payment": paid.id}, {"id": "evt_2", "payment": None})
    ]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert waiting(db) == [(LOOK, {"payment": paid.id})]
    assert events(db) == ["evt_1"]
