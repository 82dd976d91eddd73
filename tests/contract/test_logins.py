"""Contract 6.46–6.48: failing to log in, guessing, and weak passwords."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests import factories
from tests.contract.client import Answer
from tests.contract.server import World
from tests.contract.test_credentials import CHALLENGE, without_id

WRONG = "not-the-password"


def test_a_login_that_fails_says_the_same_whatever_is_wrong(world: World):
    person, suspended = world.login(), world.login()
    world.suspend(suspended)

    answers = [
        world.stranger.post("/v1/sessions", {"email": email, "password": password})
        for email, password in (
            (person.account.email, WRONG),
            (world.email(), WRONG),
            (suspended.account.email, factories.PASSWORD),
            (suspended.account.email, WRONG),
        )
    ]

    for answer in answers:
        answer.is_problem(401, "login-failed")
        assert answer.header("WWW-Authenticate") == CHALLENGE
    assert len({without_id(answer) for answer in answers}) == 1


@pytest.mark.parametrize("known", [True, False])
def test_five_failures_are_free_and_then_one_must_wait(world: World, known: bool):
    email = world.login().account.email if known else world.email()
    guesser = replace(world.stranger, source="127.7.1.1")  # a network of its own, to leave ours alone

    def guess(number: int) -> Answer:
        return guesser.post("/v1/sessions", {"email": email, "password": f"{WRONG}{number}"})

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(guess, range(14)))

    failed = [answer for answer in answers if answer.code == "login-failed"]
    braked = [answer for answer in answers if answer.code == "too-many-requests"]
    assert len(failed) + len(braked) == len(answers)
    assert 5 <= len(failed) < 11
    assert all(1 <= int(answer.header("Retry-After") or 0) <= 900 for answer in braked)
    assert all(answer.status == 429 for answer in braked)


def test_a_network_that_fails_60_times_waits_whoever_it_asks_for_or_says_it_is(world: World):
    guesser = replace(world.stranger, source="127.7.2.1")
    person = world.login()

    def guess(number: int) -> int:
        body = {"email": world.email(), "password": WRONG}
        address = f"10.0.{number}.1"  # believed only of a trusted proxy
        return guesser.post("/v1/sessions", body, X_Forwarded_For=address, Forwarded=f"for={address}").status

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(guess, range(62)))
    good = {"email": person.account.email, "password": factories.PASSWORD}

    assert sorted(statuses) == [401] * 60 + [429] * 2
    guesser.post("/v1/sessions", good).is_problem(429, "too-many-requests")
    replace(guesser, source="127.7.2.99").post("/v1/sessions", good).is_problem(429, "too-many-requests")
    assert replace(guesser, source="127.7.3.1").post("/v1/sessions", good).status == 201


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("a" * 11, "too-short"),
        ("ä" * 11, "too-short"),
        ("a" * 257, "too-long"),
        ("passwordpassword", "weak-password"),
        ("123456789012", "weak-password"),
        ("aaaaaaaaaaaaaaaa", "weak-password"),
        ("violet-{local}-harbour-91", "weak-password"),
        ("VIOLET-{LOCAL}-harbour-91", "weak-password"),
        ("{email}", "weak-password"),
    ],
)
def test_a_weak_password_is_refused_at_sign_up_and_at_change(world: World, password: str, code: str):
    email, person = world.email(), world.login()

    def filled(address: str) -> str:
        local = address.partition("@")[0]
        return password.format(local=local, LOCAL=local.upper(), email=address)

    sign_up = world.stranger.post("/v1/accounts", {"email": email, "password": filled(email), "name": "A"})
    change = world.client(person).put(
        "/v1/me/password", {"current": factories.PASSWORD, "new": filled(person.account.email)}
    )

    sign_up.is_problem(422, code)
    assert sign_up.errors() == {("/password", code)}
    change.is_problem(422, code)
    assert change.errors() == {("/new", code)}


def test_a_password_of_256_characters_is_not_cut(world: World):
    email, long = world.email(), "kvartz-" * 36 + "ab"  # 254
    long += "öß"

    made = world.stranger.post("/v1/accounts", {"email": email, "password": long, "name": "A"})

    assert made.status == 201
    assert world.stranger.post("/v1/sessions", {"email": email, "password": long}).status == 201
    shorter = world.stranger.post("/v1/sessions", {"email": email, "password": long[:-1]})
    shorter.is_problem(401, "login-failed")
