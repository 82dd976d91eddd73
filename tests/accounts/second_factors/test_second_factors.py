"""Second factors: made by password, active after their first code, and seen by nobody afterwards."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from api.accounts import commands
from api.accounts.second_factors import queries
from api.accounts.second_factors.tables import recovery_codes, second_factors
from api.accounts.throttle.tables import login_failures
from api.audit import queries as audit
from api.errors import NotFound
from api.personal_data import rules as personal_data
from api.storage import Keyset
from tests.factories import PASSWORD, make_account, sign_in
from tests.nouns import Noun

PATH = "/v1/me/second-factors"


def _fill(tx: Any, owner: Any) -> str:
    factor_id = str(tx.new_id("fac"))
    values = {"secret": b"12345678901234567890", "code_hashes": [factor_id.encode()]}
    queries.insert_factor(tx, factor_id=factor_id, account_id=owner.id, **values)
    return factor_id


def _make(world: Any, owner: Any, _state: str) -> str:
    with world.db.write() as tx:
        queries.delete_factors(tx, account_id=owner.id)
        factor_id = _fill(tx, owner)
        queries.activate_factor(tx, factor_id=factor_id, step=0)  # so that any code is right
    return factor_id


NOUN = Noun(
    roles="""
    GET    /v1/me/second-factors                  -                401 401 200 200 200 200 200 403
    POST   /v1/me/second-factors                  -                401 401 201 201 201 201 201 403
    GET    /v1/me/second-factors/{factor}         own              401 401 200 200 200 200 200 403
    GET    /v1/me/second-factors/{factor}         other            401 401 404 404 404 404 404 403
    DELETE /v1/me/second-factors/{factor}         own              401 401 204 204 204 204 204 403
    DELETE /v1/me/second-factors/{factor}         other            401 401 404 404 404 404 404 403
    PUT    /v1/me/second-factors/{factor}/activation own           401 401 200 200 200 200 200 403
    PUT    /v1/me/second-factors/{factor}/activation other         401 401 404 404 404 404 404 403
    """,
    bodies={
        ("POST", PATH): {"password": PASSWORD},
        ("PUT", PATH + "/{factor}/activation"): {"code": "123456"},
    },
    makers={"{factor}": _make},
    breaking={
        "ck_second_factors_status": "UPDATE second_factors SET status = 'new'",
        "ck_second_factors_activated_at": "UPDATE second_factors SET status = 'active'",
    },
    fill=_fill,
)


@pytest.fixture
def me(client_of):
    """Ada, by a session that has just logged in."""
    return client_of("ada@kiosque.test")


def test_a_factor_shows_its_secrets_once_and_counts_after_its_first_code(me, login, app_code):
    made = me.simulate_post(PATH, json={"password": PASSWORD})
    before = login().status_code
    path = f"{PATH}/{made.json['id']}"

    active = me.simulate_put(path + "/activation", json={"code": app_code(made.json["secret"])})

    assert made.status_code == 201
    assert list(made.json) == ["id", "secret", "uri", "recovery_codes"]
    assert made.headers["Location"] == path
    assert f"secret={made.json['secret']}" in made.json["uri"]
    assert len({*made.json["recovery_codes"]}) == 10
    assert (before, login().status_code) == (201, 401)
    assert (active.status_code, active.json["status"], active.json["recovery_codes_left"]) == (
        200,
        "active",
        10,
    )
    assert me.simulate_get(path).json == active.json
    assert me.simulate_get(PATH).json["data"] == [active.json]


def test_a_factor_needs_the_password_and_a_fresh_session(me, clock):
    wrong = me.simulate_post(PATH, json={"password": "wrong-lantern-42"})
    clock.advance(minutes=11)
    late = me.simulate_post(PATH, json={"password": PASSWORD})

    assert (wrong.status_code, wrong.json["code"]) == (403, "wrong-password")
    assert (late.status_code, late.json["code"]) == (403, "confirmation-required")


def test_a_wrong_first_code_activates_nothing_and_is_delayed(me, login, app_code):
    made = me.simulate_post(PATH, json={"password": PASSWORD}).json
    wrong = {"code": f"{(int(app_code(made['secret'])) + 1) % 10**6:06}"}

    answers = [me.simulate_put(f"{PATH}/{made['id']}/activation", json=wrong) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[0].json["code"] == "login-failed"
    assert login().status_code == 201


def test_an_activation_that_is_repeated_changes_nothing(me, app_code):
    made = me.simulate_post(PATH, json={"password": PASSWORD}).json
    code = {"code": app_code(made["secret"])}

    answers = [me.simulate_put(f"{PATH}/{made['id']}/activation", json=code) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content


def test_a_new_factor_replaces_the_one_before_when_it_is_activated(me, switch_on, app_code, enter, clock):
    old = switch_on(me)
    waiting = me.simulate_post(PATH, json={"password": PASSWORD}).json
    new = me.simulate_post(PATH, json={"password": PASSWORD}).json
    listed = me.simulate_get(PATH).json["data"]
    clock.advance(seconds=30)

    me.simulate_put(f"{PATH}/{new['id']}/activation", json={"code": app_code(new["secret"])})

    clock.advance(seconds=30)
    assert [(factor["id"], factor["status"]) for factor in listed] == [
        (new["id"], "pending"),
        (old["id"], "active"),
    ]
    assert me.simulate_get(f"{PATH}/{waiting['id']}").status_code == 404
    assert enter(code=app_code(old["secret"])).status_code == 401
    assert enter(recovery_code=old["recovery_codes"][0]).status_code == 401
    assert enter(code=app_code(new["secret"])).status_code == 201


def test_a_factor_is_removed_by_a_fresh_session_alone(me, switch_on, login, clock, app_code):
    path = f"{PATH}/{switch_on(me)['id']}"
    clock.advance(minutes=11)
    refused = me.simulate_delete(path)

    me.simulate_put("/v1/sessions/current/confirmation", json={"password": PASSWORD})

    assert (refused.status_code, refused.json["code"]) == (403, "confirmation-required")
    assert me.simulate_delete(path, headers={"If-Match": '"other"'}).status_code == 412
    assert me.simulate_delete(path).status_code == 204
    assert me.simulate_delete(path).status_code == 404
    assert login().status_code == 201


def test_an_account_without_a_password_has_to_choose_one_first(db, signed_in):
    with db.write() as tx:
        me = signed_in(sign_in(tx, make_account(tx, email="ghost@kiosque.test")))

    assert me.simulate_post(PATH, json={"password": "!"}).json["code"] == "wrong-password"


def test_whoever_has_lost_everything_is_let_in_again_at_the_shell(db, me, switch_on, login):
    switch_on(me)

    removed = commands.remove_second_factor(db, email="Ada@kiosque.test")
    again = commands.remove_second_factor(db, email="ada@kiosque.test")

    assert (removed.email, again) == ("ada@kiosque.test", None)
    assert me.simulate_get("/v1/me").status_code == 401
    assert login().status_code == 201
    with pytest.raises(NotFound):
        commands.remove_second_factor(db, email="nobody@kiosque.test")


def test_switching_on_and_off_is_audited_without_any_secret(db, ada, me, switch_on):
    factor = switch_on(me)
    me.simulate_delete(f"{PATH}/{factor['id']}")

    with db.read() as tx:
        rows = audit.list_audit_events(tx, Keyset("aud_~", 9), account=ada.id, kind="second-factor")

    assert [row.facts for row in rows] == [{"change": "off"}, {"change": "on"}]
    assert {row.subject for row in rows} == {ada.id}


def test_an_export_holds_no_secret_and_an_erasure_leaves_nothing(db, ada, me, switch_on, enter):
    factor = switch_on(me)
    enter(recovery_code="wrong")
    exported = me.simulate_get("/v1/me/export")

    with db.write() as tx:
        personal_data.erase(tx, ada)

    assert [each["id"] for each in exported.json["second_factors"]] == [factor["id"]]
    assert [each["failures"] for each in exported.json["failed_logins"]] == [1]
    assert factor["secret"] not in exported.text
    with db.read() as tx:
        assert [row for row in tx.rows(login_failures.select()) if ada.id in row.subject] == []
        for table in (second_factors, recovery_codes):
            assert tx.value(sa.select(sa.func.count()).select_from(table)) == 0
