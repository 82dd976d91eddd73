"""The doors for what features would send: an outbox is a path of its own."""

from __future__ import annotations

from falcon.testing import TestClient

from api.app import create_app
from api.rehearsal import seeds
from api.rehearsal.routes import routes
from api.rehearsal.sandbox import HASHER, Sandbox, create


class Letters:
    def __init__(self):
        self.letters = [{"to": "ada@kiosque.test", "text": "Come in."}]

    def list_sent(self, tx):
        return list(self.letters)

    def empty(self, tx):
        self.letters.clear()


def test_what_a_feature_would_send_is_read_and_forgotten_at_a_path_of_its_name(tmp_path, settings):
    seeds.make(seeds.EMPTY, tmp_path / "seed")
    create(tmp_path / "a", tmp_path / "seed")
    sandbox = Sandbox(tmp_path / "a", tmp_path / "seed", settings)
    controls = routes(sandbox, HASHER, {"letters": Letters()})
    client = TestClient(create_app(settings, sandbox.db, HASHER, rehearsal=controls))

    sent = client.simulate_get("/rehearsal/letters").json["data"]
    emptied = client.simulate_delete("/rehearsal/letters")

    assert sent == [{"to": "ada@kiosque.test", "text": "Come in."}]
    assert emptied.status_code == 204
    assert client.simulate_get("/rehearsal/letters").json["data"] == []
    assert "/rehearsal/letters" in client.simulate_get("/openapi.json").json["paths"]
