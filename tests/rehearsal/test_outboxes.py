"""The doors for what features would send: an outbox is a path of its own."""

from __future__ import annotations

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.mail import rules
from api.mail.writing import Link
from api.rehearsal import seeds
from api.rehearsal.outboxes import OUTBOXES
from api.rehearsal.routes import routes
from api.rehearsal.sandbox import HASHER, Sandbox, create
from api.tasks import LETTERS


class Letters:
    def __init__(self):
        self.letters = [{"to": "ada@kiosque.test", "text": "Come in."}]

    def list_sent(self, tx):
        return list(self.letters)

    def empty(self, tx):
        self.letters.clear()


@pytest.fixture
def sandbox(tmp_path, settings):
    seeds.make(seeds.EMPTY, tmp_path / "seed", settings.public_site)
    create(tmp_path / "a", tmp_path / "seed")
    return Sandbox(tmp_path / "a", tmp_path / "seed", settings)


@pytest.fixture
def client(sandbox, settings):
    controls = routes(sandbox, HASHER, OUTBOXES | {"letters": Letters()})
    return TestClient(create_app(settings, sandbox.db, HASHER, rehearsal=controls))


def test_what_a_feature_would_send_is_read_and_forgotten_at_a_path_of_its_name(client):
    sent = client.simulate_get("/rehearsal/letters").json["data"]
    emptied = client.simulate_delete("/rehearsal/letters")

    assert sent == [{"to": "ada@kiosque.test", "text": "Come in."}]
    assert emptied.status_code == 204
    assert client.simulate_get("/rehearsal/letters").json["data"] == []
    assert "/rehearsal/letters" in client.simulate_get("/openapi.json").json["paths"]


def test_a_mail_is_read_with_the_secrets_of_its_links(sandbox, client, monkeypatch):
    link = Link("https://kiosque.test/reset/#token=secret")
    monkeypatch.setitem(LETTERS, "reset", lambda _tx, _request: {"link": link, "minutes": 30})
    with sandbox.db.write() as tx:
        rules.post(tx, "reset", to="ada@kiosque.test", language="en")

    (mail,) = client.simulate_get("/rehearsal/mails").json["data"]
    client.simulate_delete("/rehearsal/mails")

    assert (mail["kind"], mail["to"], mail["state"]) == ("reset", "ada@kiosque.test", "kept")
    assert link in mail["text"]
    assert client.simulate_get("/rehearsal/mails").json["data"] == []
