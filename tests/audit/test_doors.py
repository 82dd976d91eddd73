"""What is in the audit of each door: who came, by which session or key, from where, and what was done."""

from __future__ import annotations

import re
from typing import Any

import pytest
from falcon.testing import TestClient

from tests.factories import PASSWORD, make_item, make_order, viewer_of

NEW = "violet-harbour-93"
Request = tuple[TestClient, str, str, dict[str, Any] | None]


class Site:
    """An owner, a customer called Ada, and what each of them can do."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self.db, self.stranger, self.ada, self.mails, self.token_in = map(
            request.getfixturevalue, ("db", "client", "ada", "mails", "token_in")
        )
        login, signed_in = map(request.getfixturevalue, ("login", "signed_in"))
        self.owner = request.getfixturevalue("client_as")("owner", email="owner@kiosque.test")
        self.me = signed_in(login().json["token"])
        self.signed_in = signed_in

    def id_of(self, who: TestClient) -> str | None:
        return who.simulate_get("/v1/me").json.get("id")

    def session_of(self, who: TestClient) -> str | None:
        rows = who.simulate_get("/v1/me/sessions").json.get("data", [])
        return next((row["id"] for row in rows if row["current"]), None)

    def latest(self) -> dict[str, Any]:
        return self.owner.simulate_get("/v1/audit-events?limit=1").json["data"][0]

    def code(self) -> tuple[str, str]:
        asked = self.stranger.simulate_post("/v1/login-codes", json={"email": self.ada.email}).json["id"]
        return asked, re.search(r"^\d{6}$", self.mails()[-1][1], re.MULTILINE)[0]


@pytest.fixture
def site(request):
    return Site(request)


def log_out(site: Site) -> Request:
    return site.me, "DELETE", "/v1/sessions/current", None


def end_a_session(site: Site) -> Request:
    return site.owner, "DELETE", f"/v1/accounts/{site.ada.id}/sessions/{site.session_of(site.me)}", None


def end_a_key(site: Site) -> Request:
    made = site.me.simulate_post("/v1/api-keys", json={"name": "till", "scopes": ["me:read"]}).json
    return site.owner, "DELETE", f"/v1/accounts/{site.ada.id}/api-keys/{made['id']}", None


def change_the_password(site: Site) -> Request:
    return site.me, "PUT", "/v1/me/password", {"current": PASSWORD, "new": NEW}


def reset_the_password(site: Site) -> Request:
    site.stranger.simulate_post("/v1/password-resets", json={"email": site.ada.email})
    body = {"token": site.token_in("reset"), "password": NEW}
    return site.stranger, "POST", "/v1/password-changes", body


def confirm_the_address(site: Site) -> Request:
    site.me.simulate_post("/v1/me/email-verifications")
    return site.stranger, "POST", "/v1/email-confirmations", {"token": site.token_in("verify")}


def restore_the_address(site: Site) -> Request:
    who, method, path, confirmed = confirm_the_address(site)
    who.simulate_request(method, path, json=confirmed)
    site.me.simulate_patch("/v1/me", json={"email": "new@kiosque.test", "current_password": PASSWORD})
    body = {"token": site.token_in("verify", "new@kiosque.test")}
    site.stranger.simulate_post("/v1/email-confirmations", json=body)
    return site.stranger, "POST", "/v1/email-restorations", {"token": site.token_in("email-changed")}


def erase_oneself(site: Site) -> Request:
    return site.me, "DELETE", "/v1/me", None


def cancel_the_order_of_another(site: Site) -> Request:
    return site.owner, "PUT", f"/v1/orders/{order_of(site)}/cancellation", {"reason": "Ada Quill called"}


def refund_an_order(site: Site) -> Request:
    order = order_of(site)
    paid = {"method": "cash", "amount": {"amount": 100, "currency": "EUR"}}
    site.owner.simulate_post(f"/v1/orders/{order}/payments", json=paid)
    return site.owner, "POST", f"/v1/orders/{order}/refunds", {"reason": "Ada Quill called"}


def order_of(site: Site) -> str:
    with site.db.write() as tx:
        make_item(tx, sku="mug", stock=1)
        return make_order(tx, viewer_of(site.ada), ("mug", 1)).id


@pytest.mark.parametrize(
    ("act", "kind", "facts"),
    [
        (log_out, "logout", {"session": "ses_"}),
        (end_a_session, "logout", {"session": "ses_"}),
        (end_a_key, "key-ended", {"key": "key_"}),
        (change_the_password, "password", {}),
        (reset_the_password, "password", {"by": "reset"}),
        (confirm_the_address, "email", {"by": "confirmation"}),
        (restore_the_address, "email", {"by": "restoration"}),
        (erase_oneself, "erasure", {}),
        (cancel_the_order_of_another, "cancellation", {"order": "ord_"}),
        (refund_an_order, "refund", {"order": "ord_"}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_request_leaves_who_sent_it_and_what_it_did(site, act, kind, facts):
    who, method, path, body = act(site)
    by, session = site.id_of(who), site.session_of(who)

    answer = who.simulate_request(method, path, json=body, remote_addr="192.0.2.7")

    event = site.latest()
    assert answer.status_code in (200, 201, 204), answer.text
    assert (event["kind"], event["subject"]) == (kind, site.ada.id)
    assert (event["account_id"], event["session_id"], event["key_id"]) == (by, session, None)
    assert (event["network"], event["request_id"]) == ("192.0.2.0/24", answer.headers["X-Request-ID"])
    assert {name: value[: len(facts[name])] for name, value in event["facts"].items()} == facts


def test_what_a_key_does_names_the_key(site):
    key = site.owner.simulate_post("/v1/api-keys", json={"name": "till", "scopes": ["orders:write"]}).json
    by_key = site.signed_in(key["secret"])

    by_key.simulate_put(f"/v1/orders/{order_of(site)}/cancellation", json={})

    event = site.latest()
    assert (event["kind"], event["session_id"], event["key_id"]) == ("cancellation", None, key["id"])


def test_a_login_by_code_is_stored_as_one_by_password_is(site):
    asked, code = site.code()
    body = {"login_code": asked, "code": code}

    site.stranger.simulate_post("/v1/sessions", json=body | {"code": f"{(int(code) + 1) % 10**6:06}"})
    failed = site.latest()
    site.stranger.simulate_post("/v1/sessions", json=body)

    event = site.latest()
    assert (failed["kind"], failed["subject"], failed["account_id"]) == ("login-failed", site.ada.id, None)
    assert (event["kind"], event["subject"], event["account_id"]) == ("login", site.ada.id, site.ada.id)


def test_buyers_cancel_their_own_orders_and_a_repetition_cancels_nothing(site):
    own = order_of(site)
    site.me.simulate_put(f"/v1/orders/{own}/cancellation", json={})
    after_own = site.latest()["kind"]
    with site.db.write() as tx:
        another = make_order(tx, viewer_of(site.ada), ("mug", 1)).id

    for _ in range(2):
        site.owner.simulate_put(f"/v1/orders/{another}/cancellation", json={})

    events = site.owner.simulate_get("/v1/audit-events?kind=cancellation").json["data"]
    assert after_own == "login"
    assert [event["facts"] for event in events] == [{"order": another}]
