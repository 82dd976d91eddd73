"""Limits: so many uses in a time, by subject, on every worker."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import pytest

from api.accounts.limits.records import Limit
from api.accounts.limits.rules import Limits, sweep
from api.accounts.limits.tables import limit_uses
from api.errors import TooMany
from api.settings import Settings, SettingsError
from api.storage import Database, Transaction
from tests.nouns import Noun

ON = Limits()
HOURLY, DAILY = Limit("knock", 2, 3_600), Limit("knock", 3, 86_400)


def _fill(tx: Transaction, _owner: Any) -> None:
    Limits().use(tx, HOURLY, subject="192.0.2.0/24")


NOUN = Noun(breaking={"ck_limit_uses_used": "UPDATE limit_uses SET used = -1"}, fill=_fill)


@pytest.fixture
def knock(db: Database) -> Callable[..., int]:
    """The seconds to wait, 0 for a use that counted."""

    def attempt(subject: str = "a", limits: Limits = ON) -> int:
        try:
            with db.write() as tx:
                limits.use(tx, HOURLY, DAILY, subject=subject)
        except TooMany as error:
            return error.retry_after
        return 0

    return attempt


def test_a_limit_is_used_up_until_its_time_is_over(knock, clock):
    assert [knock(), knock(), knock()] == [0, 0, 3_600]
    clock.advance(minutes=59)
    assert knock() == 60
    clock.advance(minutes=1)
    assert [knock(), knock()] == [0, 23 * 3_600]


def test_every_subject_has_its_own(knock, clock):
    assert [knock("a"), knock("a"), knock("a") > 0, knock("b")] == [0, 0, True, 0]


def test_a_refused_use_counts_nothing(db, knock, clock):
    for _ in range(5):
        knock()

    with db.read() as tx:
        assert {row.used for row in tx.rows(limit_uses.select())} == {2}


def test_a_clock_that_was_set_back_shuts_nobody_out_for_long(knock, clock):
    for _ in range(3):
        knock()
    clock.advance(days=-400)

    assert knock() == 0


def test_uses_at_the_same_time_do_not_slip_past_the_limit(knock, clock):
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: knock(), range(12)))

    assert waits.count(0) == 2


def test_limits_that_are_off_count_nothing(knock, clock):
    assert [knock("a", Limits(are_on=False)) for _ in range(9)] == [0] * 9


def test_what_is_over_is_removed(db, knock, clock):
    knock("a")
    clock.advance(days=2)
    knock("b")

    with db.write() as tx:
        assert sweep(tx, most=9) == 2

    with db.read() as tx:
        assert {row.subject for row in tx.rows(limit_uses.select())} == {"b"}


@pytest.mark.parametrize(
    ("environ", "is_refused"),
    [
        ({}, False),
        ({"KIOSQUE_URL": "http://localhost:8000"}, False),
        ({"KIOSQUE_URL": "http://[::1]:8000"}, False),
        ({"KIOSQUE_URL": "https://kiosque.test"}, True),
        ({"KIOSQUE_URL": "http://127.evil.test"}, True),
        ({"KIOSQUE_PROXY": "127.0.0.1"}, True),
    ],
)
def test_limits_are_switched_off_on_this_machine_alone(tmp_path, environ, is_refused):
    settings = {"KIOSQUE_DATA": str(tmp_path), "KIOSQUE_LIMITS": "off", **environ}

    with pytest.raises(SettingsError, match="KIOSQUE_LIMITS") if is_refused else nullcontext():
        Settings.from_env(settings)
