"""Sessions: how long they last, and how they end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from falcon.testing import TestClient
from sqlalchemy import event

from api.app import create_app
from tests.factories import CHEAP_HASHER, make_account, sign_in


def test_logging_out_kills_the_token_at_once_on_every_worker(other_db, settings, ada, login, signed_in):
    token = login().json["token"]
    me, bearer = signed_in(token), {"Authorization": f"Bearer {token}"}
    other_worker = TestClient(create_app(settings, other_db, CHEAP_HASHER), headers=bearer)

    assert other_worker.simulate_get("/v1/me").status_code == 200
    assert me.simulate_delete("/v1/sessions/current").status_code == 204
    assert other_worker.simulate_get("/v1/me").status_code == 401
    assert me.simulate_get("/v1/me").json["code"] == "invalid-token"


@pytest.mark.parametrize(("role", "idle"), [("customer", {"days": 7}), ("editor", {"minutes": 30})])
def test_a_session_that_is_not_used_ends(client_as, clock, role, idle):
    me = client_as(role)
    clock.advance(**idle)
    clock.advance(seconds=-1)
    assert me.simulate_get("/v1/me").status_code == 200

    clock.advance(**idle)

    assert me.simulate_get("/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("role", "step", "steps"), [("customer", {"days": 6}, 5), ("owner", {"minutes": 24}, 30)]
)
def test_a_session_that_is_used_ends_all_the_same(client_as, clock, role, step, steps):
    me = client_as(role)
    for _ in range(steps - 1):
        clock.advance(**step)
        assert me.simulate_get("/v1/me").status_code == 200

    clock.advance(**step)

    assert me.simulate_get("/v1/me").status_code == 401


def test_use_is_noted_once_a_minute(client_as, clock):
    me = client_as()
    noted = []
    for _ in range(4):
        noted.append(me.simulate_get("/v1/me/sessions").json["data"][0]["last_used_at"][14:19])
        clock.advance(seconds=30)

    assert noted == ["30:00", "30:00", "31:00", "31:00"]


@pytest.mark.only_on("sqlite")
def test_a_disk_that_takes_no_writes_does_not_keep_anyone_from_reading(db, client_as, clock):
    me = client_as()
    clock.advance(minutes=2)
    db.dispose()
    event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))

    assert [me.simulate_get("/v1/me").status_code for _ in range(3)] == [200] * 3
    assert me.simulate_patch("/v1/me", json={"name": "x"}).json["code"] == "storage-unavailable"


def test_another_writer_does_not_keep_anyone_from_reading(db, other_db, client_as, clock):
    me = client_as()
    clock.advance(minutes=2)

    for other in (db, other_db):
        with other.write(), ThreadPoolExecutor(1) as thread:
            answer = thread.submit(me.simulate_get, "/v1/me")
            assert answer.result(timeout=2).status_code == 200
        clock.advance(minutes=2)
    assert me.simulate_get("/v1/me/sessions").json["data"][0]["last_used_at"] == clock.now


def test_my_sessions_are_listed_newest_first_and_the_current_is_marked(ada, login, signed_in, clock):
    agents = ["first\x7f", "x" * 300, None]
    answers = [login(**({"User-Agent": agent} if agent else {})) for agent in agents]

    sessions = signed_in(answers[1].json["token"]).simulate_get("/v1/me/sessions").json["data"]

    assert [session["current"] for session in sessions] == [False, True, False]
    assert sessions[1]["user_agent"] == "x" * 200
    assert sessions[2]["user_agent"] == "first"
    assert set(sessions[0]) == {"id", "created_at", "last_used_at", "expires_at", "user_agent", "current"}


def test_sessions_are_listed_by_pages(ada, login, signed_in):
    me = signed_in(login().json["token"])
    login()
    login()

    first = me.simulate_get("/v1/me/sessions", query_string="limit=2").json
    path, _, query = first["next"].partition("?")
    second = me.simulate_get(path, query_string=query).json

    assert [len(first["data"]), len(second["data"]), second["next"]] == [2, 1, None]
    assert len({session["id"] for session in first["data"] + second["data"]}) == 3


def test_i_may_end_one_of_my_sessions(ada, login, signed_in):
    stolen, mine = (signed_in(login().json["token"]) for _ in range(2))
    found = [s["id"] for s in mine.simulate_get("/v1/me/sessions").json["data"] if not s["current"]]

    assert mine.simulate_delete(f"/v1/me/sessions/{found[0]}").status_code == 204
    assert stolen.simulate_get("/v1/me").status_code == 401
    assert mine.simulate_delete(f"/v1/me/sessions/{found[0]}").status_code == 404


def test_the_session_of_another_is_not_found(ada, login, signed_in, client_as):
    me, eve = signed_in(login().json["token"]), client_as("owner")
    found = me.simulate_get("/v1/me/sessions").json["data"][0]["id"]
    same = {"X-Request-ID": "same"}

    answers = [
        eve.simulate_delete(f"/v1/me/sessions/{session}", headers=same)
        for session in (found, "ses_" + "0" * 26, "x", "%F0%9F%90%A7")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert me.simulate_get("/v1/me").status_code == 200


def test_ending_a_session_takes_if_match(ada, login, signed_in):
    me = signed_in(login().json["token"])

    assert me.simulate_delete("/v1/sessions/current", headers={"If-Match": '"x"'}).status_code == 412
    assert me.simulate_delete("/v1/sessions/current", headers={"If-Match": "*"}).status_code == 204


@pytest.mark.parametrize("token", ["x", "ks_" + "A" * 43, "kk_abcdefgh_" + "A" * 43, "kk_", "a" * 512])
def test_a_token_that_never_was_is_invalid_on_public_paths_too(signed_in, token):
    answer = signed_in(token).simulate_get("/v1/roles")

    assert answer.status_code == 401
    assert answer.json["code"] == "invalid-token"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="kiosque", error="invalid_token"'


def test_only_the_hash_of_a_token_is_stored(db, settings):
    with db.write() as tx:
        token = sign_in(tx, make_account(tx))
    db.dispose()

    stored = b"".join(path.read_bytes() for path in settings.data.glob("kiosque.db*"))
    assert token.encode() not in stored
    assert len(token) >= 43


def test_of_more_than_twenty_sessions_the_oldest_ends(ada, login, signed_in):
    first, *_, last = [login().json["token"] for _ in range(21)]

    assert signed_in(first).simulate_get("/v1/me").status_code == 401
    assert len(signed_in(last).simulate_get("/v1/me/sessions?limit=100").json["data"]) == 20


def test_sessions_that_ended_by_themselves_take_no_place(ada, login, signed_in, clock):
    for _ in range(19):
        login()
    clock.advance(days=6)
    kept = login().json["token"]
    clock.advance(days=2)
    for _ in range(19):
        login()

    assert signed_in(kept).simulate_get("/v1/me").status_code == 200
