"""The doors for what features would send: an outbox is a path of its own."""

from __future__ import annotations

import pytest
import standardwebhooks
from falcon.testing import TestClient

from api.accounts.identification import REHEARSED
from api.app import create_app
from api.events import rules as events
from api.rehearsal import seeds
from api.rehearsal.outboxes import OUTBOXES
from api.rehearsal.routes import routes
from api.rehearsal.sandbox import HASHER, Sandbox, create
from api.webhooks import rules as webhooks
from api.webhooks.records import WebhookDraft
from tests.factories import make_account, sign_in


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


def test_a_mail_is_read_with_the_secrets_of_its_links(sandbox, client):
    with sandbox.db.write() as tx:
        make_account(tx, email="ada@kiosque.test", role="editor")
        token = sign_in(tx, make_account(tx, role="owner")).removeprefix(REHEARSED)
    client.simulate_post("/v1/password-resets", json={"email": "ada@kiosque.test"})

    (mail,) = client.simulate_get("/rehearsal/mails").json["data"]
    shown = client.simulate_get(f"/v1/mails/{mail['id']}", headers={"Authorization": f"Bearer {token}"})
    client.simulate_delete("/rehearsal/mails")

    assert (mail["kind"], mail["to"], mail["state"]) == ("reset", "ada@kiosque.test", "kept")
    assert "#token=" in mail["text"]
    assert shown.json["text"] == mail["text"]  # to other staff too
    assert client.simulate_get("/rehearsal/mails").json["data"] == []


def test_a_message_to_a_webhook_is_read_with_its_signature_and_nobody_is_called(sandbox, client):
    with sandbox.db.write() as tx:
        draft = WebhookDraft(url="https://192.0.2.1/hook", events=("account.*",))
        webhook = webhooks.create(tx, draft, inside=())
        events.note(tx, "account.created", make_account(tx), actor="stranger")
        token = sign_in(tx, make_account(tx, role="owner")).removeprefix(REHEARSED)

    (message,) = client.simulate_get("/rehearsal/webhooks").json["data"]
    signer = standardwebhooks.Webhook(webhook.secret)
    trial = client.simulate_post(
        f"/v1/webhooks/{webhook.id}/tests", headers={"Authorization": f"Bearer {token}"}
    )
    client.simulate_delete("/rehearsal/webhooks")

    assert message["url"] == "https://192.0.2.1/hook"
    assert signer.verify(message["body"], message["headers"]) == message["event"]
    assert trial.json == {"delivered": True, "status": 200, "ms": 0, "error": None}
    assert client.simulate_get("/rehearsal/webhooks").json["data"] == []
