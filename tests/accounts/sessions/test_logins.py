"""Logging in, and everything that keeps others from it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from falcon.testing import Result

from api.accounts import commands, passwords
from api.accounts.passwords import Hasher
from api.accounts.profiles import queries
from api.accounts.sessions import logins
from api.errors import TooMany
from api.storage import Busy
from tests.factories import CHEAP_HASHER, PASSWORD, make_account, make_login

WRONG = "wrong-lantern-42"


def test_a_login_answers_a_token_its_end_and_the_account(client, ada, login, clock, signed_in):
    answer = login()

    assert answer.status_code == 201
    assert set(answer.json) == {"token", "expires_at", "account"}
    assert answer.json["expires_at"] == "2026-12-22T09:30:00.000Z"
    assert answer.json["account"]["id"] == ada.id
    assert answer.headers["Cache-Control"] == "no-store"
    assert signed_in(answer.json["token"]).simulate_get("/v1/me").json == answer.json["account"]


def test_the_e_mail_may_be_spelled_otherwise(ada, login):
    assert login("ADA@Kiosque.TEST").status_code == 201


def test_a_password_is_the_same_however_its_accents_are_composed(db, ada, login):
    commands.set_password(
        db, CHEAP_HASHER, email="ada@kiosque.test", password="Noe\u0308l \u00e0 la c\u00f4te"
    )

    assert login(password="No\u00ebl a\u0300 la co\u0302te").status_code == 201


def test_whatever_is_wrong_the_answer_has_the_same_bytes(db, ada, login):
    with db.write() as tx:
        make_login(tx, email="eve@kiosque.test", status="suspended")
        make_account(tx, email="ghost@kiosque.test")

    answers = [
        login(email, password, **{"X-Request-ID": "same"})
        for email, password in (
            ("ada@kiosque.test", WRONG),
            ("ada@kiosque.test", "x"),
            ("nobody@kiosque.test", PASSWORD),
            ("eve@kiosque.test", PASSWORD),
            ("ghost@kiosque.test", "!"),
        )
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json["code"] == "login-failed"
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {'Bearer realm="kiosque"'}


def test_one_password_is_hashed_whatever_is_wrong(db, ada, monkeypatch):
    hashed = []
    verify = passwords.argon2.PasswordHasher.verify
    monkeypatch.setattr(
        passwords.argon2.PasswordHasher,
        "verify",
        lambda self, given, password: hashed.append(given.split("$")[3]) or verify(self, given, password),
    )

    for email in ("ada@kiosque.test", "nobody@kiosque.test"):
        with pytest.raises(logins.LoginFailed):
            logins.prove(db, CHEAP_HASHER, email=email, password=WRONG, network="n")

    assert hashed == ["m=8,t=1,p=1"] * 2


def test_five_failures_are_free_then_each_further_try_waits_twice_as_long(ada, login, clock):
    assert [login(password=WRONG).status_code for _ in range(5)] == [401] * 5

    for wait in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
        refused = login()
        assert refused.status_code == 429
        assert refused.json["code"] == "too-many-requests"
        assert refused.headers["Retry-After"] == str(wait)
        clock.advance(seconds=wait - 0.001)
        assert login().status_code == 429
        clock.advance(seconds=0.001)
        assert login(password=WRONG).status_code == 401


def test_failures_elsewhere_lock_nobody_out(ada, login_from):
    for _ in range(20):
        login_from("192.0.2.1", password=WRONG)
    elsewhere = login_from("198.51.100.1")

    assert login_from("192.0.2.1").status_code == 429
    assert elsewhere.status_code == 201


def guessed_everywhere(login_from: Callable[..., Result]) -> None:
    """Thirty failures for one e-mail, from networks of their own."""
    for number in range(30):
        login_from(f"10.0.{number}.1", password=WRONG)
        login_from(f"10.0.{number}.1", password=WRONG)


def test_an_account_that_is_guessed_from_everywhere_delays_a_new_network_by_30_seconds_once(
    ada, login_from, clock
):
    guessed_everywhere(login_from)

    refused = login_from("198.51.100.1")
    clock.advance(seconds=29)
    login_from("10.1.1.1", password=WRONG)
    still = login_from("198.51.100.1")
    clock.advance(seconds=1)

    assert (refused.status_code, 1 <= int(refused.headers["Retry-After"]) <= 30) == (429, True)
    assert still.status_code in (201, 429)
    assert login_from("198.51.100.1").status_code == 201


@pytest.mark.parametrize(("days", "status"), [(29, 201), (31, 429)])
def test_a_network_that_logged_in_lately_is_not_delayed(ada, login_from, clock, days, status):
    login_from("198.51.100.1")
    clock.advance(days=days)
    guessed_everywhere(login_from)

    assert login_from("198.51.100.99").status_code == status


def test_guesses_at_the_login_do_not_keep_a_session_from_a_new_password(client, ada, login, signed_in):
    me = signed_in(login().json["token"])
    for _ in range(6):
        login(password=WRONG)

    answer = me.simulate_put("/v1/me/password", json={"current": PASSWORD, "new": "violet-harbour-93"})

    assert login().status_code == 429
    assert answer.status_code == 204


def test_an_unknown_e_mail_is_braked_like_a_known_one(login, clock):
    answers = [login("nobody@kiosque.test").status_code for _ in range(6)]

    assert answers == [401] * 5 + [429]


def test_a_login_clears_the_count_of_its_account(ada, login, clock):
    for _ in range(4):
        login(password=WRONG)
    login()

    assert [login(password=WRONG).status_code for _ in range(6)] == [401] * 5 + [429]


def test_a_day_without_failures_clears_it_too(ada, login, clock):
    for _ in range(5):
        login(password=WRONG)
    clock.advance(days=1)

    assert [login(password=WRONG).status_code for _ in range(6)] == [401] * 5 + [429]


def test_a_network_may_fail_sixty_times_in_a_quarter_of_an_hour(ada, login, clock):
    for number in range(60):
        assert login(f"person{number}@kiosque.test").status_code == 401
    clock.advance(minutes=10)

    refused = login()

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "300"
    clock.advance(minutes=5)
    assert login().status_code == 201


def test_logins_that_succeed_do_not_count_against_the_network(ada, login, clock):
    assert {login().status_code for _ in range(61)} == {201}


def test_guesses_at_the_same_time_do_not_slip_past_the_limit(db, ada, clock):
    def guess(_: int) -> str:
        try:
            logins.prove(db, CHEAP_HASHER, email=ada.email, password=WRONG, network="n")
        except (logins.LoginFailed, TooMany) as error:
            return error.code

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(guess, range(24)))

    assert outcomes.count("login-failed") == 5
    assert outcomes.count("too-many-requests") == 19


def test_good_logins_at_the_same_time_do_not_shut_each_other_out(ada, login):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: login().status_code, range(24)))

    assert answers == [201] * 24


def test_a_login_loses_against_a_change_of_the_password_while_it_was_checked(db, ada):
    proof = logins.prove(db, CHEAP_HASHER, email=ada.email, password=PASSWORD, network="n")
    commands.set_password(db, CHEAP_HASHER, email=ada.email, password="violet-harbour-93")

    with pytest.raises(logins.LoginFailed), db.write() as tx:
        logins.accept(tx, proof=proof, network="n")


def test_a_login_renews_a_hash_that_was_made_with_less_work(db, ada):
    stronger = Hasher(rounds=2, memory=16)

    proof = logins.prove(db, stronger, email=ada.email, password=PASSWORD, network="n")
    with db.write() as tx:
        logins.accept(tx, proof=proof, network="n")

    with db.read() as tx:
        stored = queries.find_login(tx, email_key=ada.email).password_hash
    assert "$m=16,t=2,p=1$" in stored
    assert stronger.verify(stored, PASSWORD)


def test_who_waits_too_long_for_the_hasher_is_told_to_come_back(monkeypatch):
    monkeypatch.setattr(passwords, "LONGEST_WAIT", 0.01)
    hasher, held, done = Hasher(rounds=1, memory=8), threading.Event(), threading.Event()

    def hold() -> None:
        with hasher.turn():
            held.set()
            done.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    with pytest.raises(Busy):
        hasher.hash(PASSWORD)
    done.set()
    holder.join()


def test_forwarding_headers_are_not_believed_by_default(ada, login, clock):
    for number in range(60):
        login(f"person{number}@kiosque.test", **{"X-Forwarded-For": f"10.0.{number}.1"})

    assert login(**{"X-Forwarded-For": "192.0.2.1"}).status_code == 429


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"email": "ada@kiosque.test"}, 422),
        ({"email": "ada", "password": PASSWORD}, 422),
        ({"email": "ada@kiosque.test", "password": "x" * 257}, 422),
        ({"email": "ada@kiosque.test", "password": PASSWORD, "remember": True}, 422),
        ([], 422),
        ("ada", 422),
    ],
)
def test_a_login_of_another_shape_is_refused_before_it_counts(client, ada, body, status):
    assert client.simulate_post("/v1/sessions", json=body).status_code == status
