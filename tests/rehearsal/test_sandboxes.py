"""Sandboxes: by port and by name, apart from each other, and the same through every worker."""

from __future__ import annotations

import pytest

from tests.rehearsal.server import Sandbox, rehearsal


def test_every_answer_names_the_sandbox_that_a_port_or_a_header_has_picked(server, sandbox):
    first, second = Sandbox(server[0]), Sandbox(server[1])

    assert first.get("/v1").headers["Kiosque-Rehearsal"] == "0"
    assert second.get("/v1/items").headers["Kiosque-Rehearsal"] == "1"
    assert sandbox.get("/nowhere").headers["Kiosque-Rehearsal"] == sandbox.name
    assert second.called("a-b").get("/").headers["Kiosque-Rehearsal"] == "a-b"


def test_links_lead_to_the_port_of_the_sandbox(server):
    links = [Sandbox(port).get("/v1").json["links"]["articles"] for port in server]

    assert links == [f"http://127.0.0.1:{port}/v1/articles" for port in server]


def test_what_is_done_in_one_sandbox_happens_in_no_other(sandbox):
    other = sandbox.called("other")
    owner = sandbox.someone("owner")

    path = owner.article("Fog over the harbour")

    assert sandbox.get(path).status == 200
    assert other.get(path).status == 404
    assert other.by(owner.token).get("/v1/me").status == 401


def test_the_server_says_what_it_is_and_describes_its_controls(sandbox):
    root = sandbox.get("/v1").json

    assert root["mode"] == "rehearsal"
    assert "/rehearsal/resets" in sandbox.get("/openapi.json").json["paths"]


@pytest.mark.parametrize("name", ["", "Upper", "a" * 41, "../etc", "a.b"])
def test_a_name_that_is_none_is_refused(sandbox, name):
    refused = sandbox.called(name).get("/v1")

    assert (refused.status, refused.code) == (400, "bad-request")
    assert refused.headers["Kiosque-Rehearsal"] == "0"


@pytest.mark.parametrize("role", ["customer", "author", "editor", "shopkeeper", "owner"])
def test_someone_to_be_has_the_role_a_token_and_a_password(sandbox, role):
    person = sandbox.post("/rehearsal/accounts", {"role": role})
    login = sandbox.post("/v1/sessions", {key: person.json[key] for key in ("email", "password")})

    assert (person.status, login.status) == (201, 201)
    assert sandbox.by(person.json["token"]).get("/v1/me").json["role"] == role
    assert person.json["token"].startswith("kkt_ks_")
    assert login.json["token"].startswith("kkt_ks_")


def test_an_api_key_is_marked_as_well(sandbox):
    owner = sandbox.someone("owner")

    key = owner.post("/v1/api-keys", {"name": "Key", "scopes": ["me:read"]}).json

    assert key["secret"].startswith("kkt_kk_")
    assert sandbox.by(key["secret"]).get("/v1/me").status == 200


def test_background_work_is_done_when_a_test_asks_for_it(sandbox):
    assert sandbox.post("/rehearsal/jobs", {"until_idle": True}).json == {"done": 0}
    assert sandbox.post("/rehearsal/jobs", {"until_idle": False}).status == 422


def test_a_seed_may_be_empty_and_the_first_port_is_in_a_file_when_the_server_is_ready(tmp_path):
    with rehearsal("--seed", "empty", "--port-file", str(tmp_path / "port"), workers=1) as ready:
        port = int((tmp_path / "port").read_text())
        articles = Sandbox(port).get("/v1/articles").json["data"]

    assert ready["ports"] == [port]
    assert ready["url"] == f"http://127.0.0.1:{port}"
    assert articles == []
