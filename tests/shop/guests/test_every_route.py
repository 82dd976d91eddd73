"""Every route by the guest of another order: not found in the same bytes, as a stranger, or forbidden."""

from __future__ import annotations

import re

import pytest

from api.routes import routes
from api.web.metrics import Metrics
from api.web.operation import operations
from tests.contract.operations import BODIES

NEVER = "ord_01m8000000000000000000000z"
FILLING = {"order": NEVER, "sku": "mug", "name": "start.js", "code": "teapot"}


@pytest.fixture
def declared(db, settings):
    return [
        (method, path, operation.access)
        for path, resource in routes(db, settings, Metrics())
        for method, operation in operations(resource).items()
        if operation.status < 400
    ]


def path_for(path: str, order: str) -> str:
    return re.sub(r"{(\w+)}", lambda match: {**FILLING, "order": order}.get(match[1], NEVER), path)


def without_id(answer) -> bytes:
    return re.sub(rb"req_[0-9a-z]{26}", b"", answer.content)


def send(client, method: str, path: str, template: str):
    body = BODIES.get((method, template), {} if method in ("POST", "PUT", "PATCH") else None)
    return client.simulate_request(method, path, json=None if callable(body) else body)


def test_another_order_is_what_never_was_wherever_a_guest_is_let_in(declared, order, by_token):
    guest = by_token(order().json["access_token"])
    another = order("bob@kiosque.test").json["id"]
    doors = [(method, path) for method, path, access in declared if access.guests]

    for method, path in doors:
        there, never = (send(guest, method, path_for(path, ref), path) for ref in (another, NEVER))
        assert (there.status_code, without_id(there)) == (404, without_id(never)), (method, path)
    assert ("GET", "/v1/orders/{order}") in doors
    assert all("{order}" in path or "{entitlement}" in path for _, path in doors)


def test_a_guest_is_forbidden_whatever_needs_an_account(declared, order, by_token):
    placed = order().json
    guest = by_token(placed["access_token"])
    closed = [(m, p) for m, p, a in declared if a.signed_in and not (a.guests or a.strangers or a.local)]

    for method, path in closed:
        for ref in (placed["id"], NEVER):
            answer = send(guest, method, path_for(path, ref), path)
            assert answer.status_code == 403, (method, path, answer.text)
            assert answer.json["code"] in ("forbidden", "session-required")
    assert ("GET", "/v1/me/orders") in closed


def test_a_guest_sees_what_is_public_as_a_stranger_does(declared, client, order, by_token):
    guest = by_token(order().json["access_token"])
    public = [path for method, path, access in declared if method == "GET" and not access.signed_in]

    for path in public:
        if path in ("/readyz", "/openapi.json"):
            continue
        by_guest, by_stranger = (send(each, "GET", path_for(path, NEVER), path) for each in (guest, client))
        assert (by_guest.status_code, without_id(by_guest)) == (
            by_stranger.status_code,
            without_id(by_stranger),
        ), path


def test_a_guest_who_orders_again_is_another_guest(order, by_token):
    first = order()
    guest = by_token(first.json["access_token"])

    second = order("bob@kiosque.test", by=guest)

    assert second.status_code == 201
    assert guest.simulate_get(second.headers["Location"]).status_code == 404
