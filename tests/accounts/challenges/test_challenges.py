"""The second step of a login: one login for each code, recovery codes once, and guesses that are delayed."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from api.accounts.challenges import rules
from api.accounts.challenges.tables import login_challenges
from api.accounts.profiles import queries as profiles
from api.accounts.profiles.records import Account
from api.accounts.second_factors.records import Evidence
from api.accounts.sessions import logins
from api.storage import Transaction
from tests.factories import CHEAP_HASHER, PASSWORD
from tests.nouns import Noun


def _fill(tx: Transaction, owner: Any) -> None:
    values = {"id": tx.new_id("chl"), "token_hash": b"hash", "fingerprint": b"print", "expires_at": tx.now}
    tx.run(sa.insert(login_challenges), account_id=owner.id, **values)


NOUN = Noun(fill=_fill)


@pytest.fixture
def factor(client_of, switch_on, clock):
    """The secrets of Ada's second factor, whose first code is used up."""
    made = switch_on(client_of("ada@kiosque.test"))
    clock.advance(seconds=30)
    return made


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_right_password_is_followed_by_a_challenge_and_a_code(factor, login, enter, app_code, signed_in):
    first = login()

    second = enter(code=app_code(factor["secret"]), challenge=first.json["challenge"])

    assert (first.status_code, first.json["code"]) == (401, "second-factor-required")
    assert first.headers["WWW-Authenticate"] == 'Bearer realm="kiosque"'
    assert "token" not in first.json
    assert second.status_code == 201
    assert signed_in(second.json["token"]).simulate_get("/v1/me").status_code == 200


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 201), (0, 201), (1, 201), (2, 401)])
def test_a_code_logs_in_one_step_to_either_side(factor, enter, app_code, clock, steps, status):
    clock.advance(minutes=2)

    assert enter(code=app_code(factor["secret"], steps=steps)).status_code == status


def test_no_code_works_twice_nor_one_from_before_it(factor, enter, app_code):
    code, before = app_code(factor["secret"]), app_code(factor["secret"], steps=-1)

    assert enter(code=code).status_code == 201
    assert enter(code=code).status_code == 401
    assert enter(code=before).status_code == 401
    assert enter(code=app_code(factor["secret"], steps=1)).status_code == 201


def test_a_clock_that_was_set_back_locks_nobody_out(factor, enter, app_code, clock):
    clock.advance(days=400)
    assert enter(code=app_code(factor["secret"])).status_code == 201
    clock.advance(days=-400)

    assert enter(code=app_code(factor["secret"])).status_code == 201


def test_whatever_is_wrong_the_answer_has_the_same_bytes(factor, enter, app_code, login, clock):
    right, challenge = app_code(factor["secret"]), login().json["challenge"]
    answers = [
        enter(code=other_than(right), challenge=challenge),
        enter(recovery_code="0000-0000-0000-0000", challenge=challenge),
        enter(code=right, challenge="kc_unknown"),
        login(password="wrong-lantern-42", **{"X-Request-ID": "same"}),
    ]
    assert enter(code=right, challenge=challenge).status_code == 201
    clock.advance(seconds=30)
    answers.append(enter(code=app_code(factor["secret"]), challenge=challenge))  # it is used

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json["code"] == "login-failed"


def test_a_challenge_lasts_ten_minutes(factor, enter, app_code, login, clock):
    challenge = login().json["challenge"]
    clock.advance(minutes=10)

    assert enter(code=app_code(factor["secret"]), challenge=challenge).status_code == 401


@pytest.mark.parametrize("change", ["password", "status", "erased"])
def test_a_challenge_ends_with_the_password_and_the_account(
    db, ada, factor, enter, app_code, login, change, client_as
):
    challenge = login().json["challenge"]
    if change == "password":
        with db.write() as tx:
            profiles.update_password(tx, account_id=ada.id, password_hash=CHEAP_HASHER.hash("other"))
    elif change == "status":
        client_as("owner").simulate_patch(f"/v1/accounts/{ada.id}", json={"status": "suspended"})
    else:
        client_as("owner").simulate_delete(f"/v1/accounts/{ada.id}")

    assert enter(code=app_code(factor["secret"]), challenge=challenge).status_code == 401


def test_each_recovery_code_logs_in_once_however_it_is_typed(factor, enter, client_of):
    first, second, *_ = factor["recovery_codes"]

    answers = [enter(recovery_code=code) for code in (first.upper().replace("-", " "), first, second)]

    assert [answer.status_code for answer in answers] == [201, 401, 201]
    token = answers[2].json["token"]
    listed = client_of(token=token).simulate_get("/v1/me/second-factors").json["data"]
    assert listed[0]["recovery_codes_left"] == 8


@pytest.mark.parametrize("kind", ["code", "recovery_code"])
def test_of_twenty_logins_at_once_by_one_code_one_is_let_in(db, ada, factor, login, app_code, kind):
    value = app_code(factor["secret"]) if kind == "code" else factor["recovery_codes"][0]
    challenges = [login().json["challenge"] for _ in range(20)]

    def answer(token: str) -> bool:
        def attempt() -> bool:
            with db.write() as tx:
                outcome = rules.answer(tx, token=token, evidence=Evidence(**{kind: value}), network="n")
            return isinstance(outcome, Account)

        return db.attempt(attempt)

    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(answer, challenges))

    assert outcomes.count(True) == 1


def test_of_twenty_logins_at_once_by_one_challenge_one_is_let_in(db, ada, factor, login, app_code):
    token = login().json["challenge"]
    codes = [Evidence(code=app_code(factor["secret"], steps=steps)) for steps in (-1, 0, 1)]
    proofs = codes + [Evidence(recovery_code=code) for code in factor["recovery_codes"]]

    def answer(evidence: Evidence) -> bool:
        def attempt() -> bool:
            try:
                with db.write() as tx:
                    outcome = rules.answer(tx, token=token, evidence=evidence, network="n")
            except logins.LoginFailed:
                return False
            return isinstance(outcome, Account)

        return db.attempt(attempt)

    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(answer, (proofs * 2)[:20]))

    assert outcomes.count(True) == 1


def test_five_wrong_codes_are_free_then_even_the_right_one_waits(factor, enter, app_code, clock):
    wrong = other_than(app_code(factor["secret"]))

    answers = [enter(code=wrong) for _ in range(5)] + [enter(code=app_code(factor["secret"]))]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[5].headers["Retry-After"] == "1"
    clock.advance(seconds=1)
    assert enter(code=app_code(factor["secret"])).status_code == 201
    assert enter(code=wrong).status_code == 401


def test_guesses_from_many_networks_stop_all_but_those_that_the_account_knows(factor, enter, app_code, clock):
    enter(code=app_code(factor["secret"]), address="192.0.2.1")
    clock.advance(seconds=30)
    wrong = other_than(app_code(factor["secret"]))
    guesses = [enter(code=wrong, address=f"10.0.{number}.1").status_code for number in range(21)]

    strange = enter(recovery_code=factor["recovery_codes"][0], address="10.1.0.1")
    known = enter(code=app_code(factor["secret"]), address="192.0.2.2")

    assert guesses == [401] * 20 + [429]
    assert strange.status_code == 429
    assert known.status_code == 201


def test_a_network_is_known_and_a_login_audited_only_after_the_second_step(
    client, factor, login_from, enter, app_code, client_as
):
    owner = client_as("owner")
    ada_id = enter(code=app_code(factor["secret"])).json["account"]["id"]
    path = f"/v1/audit-events?account={ada_id}&kind=login"
    before = len(owner.simulate_get(path).json["data"])

    login_from("192.0.2.1")

    assert len(owner.simulate_get(path).json["data"]) == before


def test_a_mailed_code_is_followed_by_the_second_factor(client, factor, mails, enter, app_code):
    asked = client.simulate_post("/v1/login-codes", json={"email": "ada@kiosque.test"}).json["id"]
    code = re.search(r"^\d{6}$", mails()[-1][1], re.MULTILINE)[0]

    first = client.simulate_post("/v1/sessions", json={"login_code": asked, "code": code})

    assert (first.status_code, first.json["code"]) == (401, "second-factor-required")
    second = enter(code=app_code(factor["secret"]), challenge=first.json["challenge"])
    assert second.status_code == 201


def test_a_reset_by_mail_leaves_the_second_factor(client, factor, token_in, login, enter, app_code):
    client.simulate_post("/v1/password-resets", json={"email": "ada@kiosque.test"})
    body = {"token": token_in("reset"), "password": "violet-harbour-91"}

    client.simulate_post("/v1/password-changes", json=body)

    assert login(password="violet-harbour-91").json["code"] == "second-factor-required"


def test_a_session_confirms_itself_by_a_code_once(factor, enter, app_code, client_of, clock):
    token = enter(code=app_code(factor["secret"])).json["token"]
    me = client_of(token=token)
    clock.advance(minutes=11)
    code = {"code": app_code(factor["secret"])}

    answers = [me.simulate_put("/v1/sessions/current/confirmation", json=code) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [204] + [401] * 5
    assert me.simulate_put("/v1/sessions/current/confirmation", json=code).status_code == 429
    assert me.simulate_post("/v1/api-keys", json={"name": "x", "scopes": []}).status_code == 201


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"challenge": "kc_1"}, "/code"),
        ({"challenge": "kc_1", "code": "12345"}, "/code"),
        ({"challenge": "kc_1", "recovery_code": ""}, "/recovery_code"),
        ({"challenge": "kc_1", "code": "123456", "recovery_code": "x"}, "/recovery_code"),
        ({"recovery_code": "x"}, "/challenge"),
        ({"email": "ada@kiosque.test", "password": PASSWORD, "code": "123456"}, "/code"),
    ],
)
def test_what_is_wrong_with_a_second_step_is_named(client, body, pointer):
    answer = client.simulate_post("/v1/sessions", json=body)

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_challenges_are_at_most_twenty_and_go_when_they_have_expired(db, factor, login, clock):
    for _ in range(22):
        login()
    with db.read() as tx:
        count = tx.value(sa.select(sa.func.count()).select_from(login_challenges))
    clock.advance(minutes=10)

    with db.write() as tx:
        swept = rules.sweep(tx, most=99)

    assert (count, swept) == (20, 20)


def test_no_log_line_holds_a_secret(factor, login, enter, app_code, caplog):
    with caplog.at_level("DEBUG"):
        challenge = login().json["challenge"]
        code = app_code(factor["secret"])
        enter(code=code, challenge=challenge)

    said = " ".join(str(vars(record)) for record in caplog.records)
    assert "second-factor-asked" in said
    assert not [secret for secret in (factor["secret"], challenge, f"'{code}'") if secret in said]
