"""Faults by order: each happens to exactly so many requests, and looks like the real thing."""

from __future__ import annotations

import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import IncompleteRead, RemoteDisconnected

import pytest

from tests.rehearsal.server import SECONDS, Sandbox

MUG = {
    "name": "Mug",
    "status": "published",
    "variants": [{"sku": "mug", "stock": 5, "price": {"amount": 900, "currency": "EUR"}}],
}
ORDER = {"lines": [{"sku": "mug", "quantity": 1}]}


def used(sandbox: Sandbox) -> list[int]:
    return [fault["used"] for fault in sandbox.get("/rehearsal/faults").json["data"]]


def test_a_script_happens_step_by_step_and_is_then_used_up(sandbox):
    sandbox.fail("/v1/items", {"code": 503}, {}, {"code": "out-of-stock"}, {"code": 429})

    answers = [sandbox.get("/v1/items") for _ in range(5)]

    assert [answer.status for answer in answers] == [503, 200, 409, 429, 200]
    assert [answers[place].code for place in (0, 2, 3)] == ["busy", "out-of-stock", "too-many-requests"]
    assert used(sandbox) == [4]


def test_each_step_happens_to_one_request_however_many_come_at_once(sandbox):
    sandbox.fail("/v1/items", *[{"code": 503}] * 25)
    sandbox.fail("/v1/*", *[{"code": 429}] * 25)

    with ThreadPoolExecutor(16) as pool:
        statuses = Counter(pool.map(lambda _: sandbox.get("/v1/items").status, range(80)))

    assert statuses == {503: 25, 429: 25, 200: 30}


def test_a_script_is_for_its_method_and_its_path_alone(sandbox):
    sandbox.fail("/v1/articles/{article}", {"code": 500}, method="GET")

    others = [
        sandbox.get("/v1/articles").status,
        sandbox.get("/v1/articles/fog/comments").status,
        sandbox.called("elsewhere").get("/v1/articles/fog").status,
        sandbox.delete("/v1/articles/fog").status,
    ]

    assert others == [200, 404, 404, 401]
    assert sandbox.get("/v1/articles/fog").status == 500


def test_a_path_is_meant_as_it_is_read(sandbox):
    sandbox.fail("/café/{name}", {"code": 500})

    assert sandbox.get("/caf%C3%A9/au-lait").status == 500


def test_an_answer_that_workers_have_cached_fails_as_well(sandbox):
    for _ in range(6):
        sandbox.get("/v1/articles")
    sandbox.fail("/v1/articles", {"code": 503})

    assert sandbox.get("/v1/articles").status == 503


def test_every_problem_can_be_rehearsed_with_all_its_members(sandbox):
    real = sandbox.get("/v1/nowhere")
    problems = sandbox.get("/problems").json["data"]

    for problem in problems:
        refused = sandbox.get("/v1/items", Prefer=f"code={problem['code']}")

        assert (refused.status, refused.code) == (problem["status"], problem["code"])
        assert refused.headers["Preference-Applied"] == f"code={problem['code']}"
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert set(refused.headers) >= set(real.headers)
        assert set(refused.json) >= set(real.json)


@pytest.mark.parametrize(
    ("code", "headers", "members"),
    [
        ("busy", {"Retry-After"}, set()),
        ("too-many-requests", {"Retry-After"}, set()),
        ("invalid-token", {"WWW-Authenticate"}, set()),
        ("precondition-failed", {"ETag"}, set()),
        ("out-of-stock", set(), {"available", "errors"}),
        ("price-changed", set(), {"total"}),
        ("invalid-state", set(), {"state", "allowed"}),
        ("too-long", set(), {"errors"}),
    ],
)
def test_a_problem_has_what_clients_act_on(sandbox, code, headers, members):
    refused = sandbox.get("/v1/items", Prefer=f"code={code}")

    assert all(refused.headers[name] for name in headers)
    assert set(refused.json) >= members


@pytest.mark.parametrize("status", [502, 504])
def test_a_proxy_answers_in_html(sandbox, status):
    refused = sandbox.get("/v1/items", Prefer=f"code={status}")

    assert refused.status == status
    assert refused.headers["Content-Type"] == "text/html"
    assert b"<h1>" in refused.body


def test_what_is_carried_out_first_stays_though_its_answer_is_lost(sandbox):
    assert sandbox.someone("owner").post("/v1/items", MUG).status == 201
    buyer = sandbox.someone()
    lost = [{"code": 503}, {"code": 504, "after": True}, {"cut": 0}, {"wait": 0.01, "after": True}]
    sandbox.fail("/v1/orders", *lost, method="POST")

    def order(key: str = "one"):
        return buyer.post("/v1/orders", ORDER, Idempotency_Key=key)

    refused, lost_answer = order(), order()
    with pytest.raises(RemoteDisconnected):
        order()
    late = order()

    assert (refused.status, lost_answer.status, late.status) == (503, 504, 201)
    assert late.headers["Idempotent-Replayed"] == "true"
    assert len(buyer.get("/v1/me/orders").json["data"]) == 1


def test_an_answer_is_cut_after_so_many_bytes(sandbox):
    with pytest.raises(IncompleteRead) as cut:
        sandbox.get("/v1/items", Prefer="cut=200")

    assert len(cut.value.partial) == 200
    assert sandbox.get("/v1/items").status == 200


def test_a_preference_is_applied_once_and_uses_no_script_up(sandbox):
    sandbox.fail("/v1/items", {"code": 500})

    waited = sandbox.get("/v1/items", Prefer="respond-async, wait=0.01; code=busy")
    ignored = sandbox.get("/v1/articles", Prefer="code=999, return=minimal, wait=1e9")

    assert waited.status == 503
    assert waited.headers["Preference-Applied"] == "code=busy, wait=0.01"
    assert ignored.status == 200
    assert ignored.headers["Preference-Applied"] is None
    assert used(sandbox) == [0]


def test_a_request_whose_body_is_awaited_takes_one_step(sandbox):
    sandbox.fail("/v1/articles", {}, {"code": 500})
    head = (
        f"POST /v1/articles HTTP/1.1\r\nHost: 127.0.0.1\r\nKiosque-Sandbox: {sandbox.name}\r\n"
        "Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    )

    with socket.create_connection(("127.0.0.1", sandbox.port), SECONDS) as client:
        client.sendall(head.encode())
        first = client.recv(65_536)
        client.sendall(b"{}")
        second = client.recv(65_536)

    assert first.startswith(b"HTTP/1.1 100 ")
    assert second.startswith(b"HTTP/1.1 401 ")
    assert used(sandbox) == [1]


def test_a_request_with_a_large_body_takes_one_step(sandbox):
    author = sandbox.someone("author")
    sandbox.fail("/v1/articles", {}, {"code": 503})

    long = author.post("/v1/articles", {"title": "Long", "body": "\u00e9" * 100_000})
    following = author.post("/v1/articles", {"title": "Short", "body": "Fog."})

    assert (long.status, following.status) == (201, 503)


def test_faults_are_removed_one_by_one_or_all(sandbox):
    ids = [sandbox.fail(f"/v1/{name}", {"code": 503}) for name in ("items", "articles", "tags")]

    removed = sandbox.delete(f"/rehearsal/faults/{ids[0]}")
    left = [fault["id"] for fault in sandbox.get("/rehearsal/faults").json["data"]]
    sandbox.delete("/rehearsal/faults")

    assert removed.status == 204
    assert sandbox.delete(f"/rehearsal/faults/{ids[0]}").status == 404
    assert left == ids[1:]
    assert sandbox.get("/v1/articles").status == 200


@pytest.mark.parametrize(
    ("step", "pointer"),
    [
        ({"code": 409}, "/sequence/0/code"),
        ({"code": 299}, "/sequence/0/code"),
        ({"code": "no-such"}, "/sequence/0/code"),
        ({"code": 503, "cut": 1}, "/sequence/0/cut"),
        ({"wait": 61}, "/sequence/0/wait"),
        ({"explode": True}, "/sequence/0/explode"),
    ],
)
def test_a_step_that_cannot_happen_is_refused_at_its_place(sandbox, step, pointer):
    refused = sandbox.post("/rehearsal/faults", {"path": "/v1/items", "sequence": [step]})

    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == pointer


def test_a_status_of_several_problems_names_them(sandbox):
    refused = sandbox.post("/rehearsal/faults", {"path": "/v1/orders", "sequence": [{"code": 409}]})

    assert "out-of-stock" in refused.json["detail"]
