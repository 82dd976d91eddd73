"""The queue of jobs: what a transaction leaves is done at least once if it commits, never if it is undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api import times
from api.jobs import queries, rules
from api.jobs.records import Job
from api.jobs.rules import LEASE, PAUSES, GiveUp
from api.jobs.tables import jobs
from api.storage import Database, Transaction
from tests.nouns import Noun


def _make(tx: Transaction, *_: Any) -> str:
    return rules.leave(tx, "chime", {"order": "ord_1"})


NOUN = Noun(
    roles="""
    GET    /v1/jobs                               -                401 401 403 403 403 403 200 403
    PUT    /v1/jobs/{job}/attempt                 other            401 401 403 403 403 403 404 403
    """,
    makers={"{job}": lambda *_: "job_01k9zq3v8r5m2x7c4b6n8p0qwe"},  # done, as far as HTTP can tell
    breaking={"ck_jobs_attempts": "UPDATE jobs SET attempts = -1"},
    fill=_make,
)


class Undone(Exception):
    """The end of a transaction that shall not commit."""


@pytest.fixture
def claim(db: Database) -> Callable[[], Job | None]:
    def next_job() -> Job | None:
        with db.write() as tx:
            return rules.claim(tx)

    return next_job


def leave(db: Database, **others: Any) -> str:
    with db.write() as tx:
        return rules.leave(tx, "chime", {"order": "ord_1"}, **others)


def test_a_job_of_a_transaction_that_is_undone_never_was(db, claim):
    def undone() -> None:
        with db.write() as tx:
            rules.leave(tx, "chime", {})
            raise Undone

    with pytest.raises(Undone):
        undone()

    assert claim() is None


def test_a_job_is_one_workers_until_its_lease_ends(db, claim, clock):
    job_id = leave(db)

    first = claim()
    assert first is not None
    assert (first.id, first.kind, first.facts, first.attempts) == (job_id, "chime", {"order": "ord_1"}, 1)
    clock.advance(seconds=LEASE - 1)
    assert claim() is None
    clock.advance(seconds=1)
    second = claim()

    assert second is not None
    assert (second.id, second.attempts) == (job_id, 2)


def test_a_renewed_lease_begins_anew(db, claim, clock):
    leave(db)
    job = claim()
    clock.advance(seconds=LEASE - 1)

    with db.write() as tx:
        assert rules.renew(tx, job)
    clock.advance(seconds=LEASE - 1)

    assert claim() is None


def test_whoever_lost_the_lease_neither_finishes_nor_renews_nor_postpones(db, claim, clock):
    leave(db)
    late = claim()
    clock.advance(seconds=LEASE)
    job = claim()

    with db.write() as tx:
        rules.postpone(tx, late, GiveUp(), pauses=PAUSES)
        assert not rules.renew(tx, late)
        assert not rules.finish(tx, late)
        assert rules.finish(tx, job)


def test_the_job_that_has_waited_longest_comes_first(db, claim, clock):
    later = leave(db, due_at=times.later(clock(), seconds=2))
    sooner = leave(db, due_at=times.later(clock(), seconds=1))
    assert claim() is None
    clock.advance(seconds=3)

    assert [claim().id, claim().id, claim()] == [sooner, later, None]


def test_a_failed_attempt_is_repeated_after_longer_and_longer_pauses_until_none_is_left(db, claim, clock):
    job_id = leave(db)

    def fail() -> None:
        job = claim()
        with db.write() as tx:
            rules.postpone(tx, job, TimeoutError("no answer"), pauses=(1, 10))
        assert claim() is None

    for pause in (1, 10):
        fail()
        clock.advance(seconds=pause * 1.2)
    fail()
    clock.advance(days=365)

    assert claim() is None
    with db.read() as tx:
        job = queries.find_job(tx, job_id=job_id)
        assert queries.count_failed(tx) == 1
    assert (job.state, job.attempts, job.error) == ("failed", 3, "TimeoutError: no answer")


def test_a_job_that_nobody_can_do_fails_at_once(db, claim):
    job_id = leave(db)
    job = claim()

    with db.write() as tx:
        rules.postpone(tx, job, GiveUp("gone"), pauses=PAUSES)

    with db.read() as tx:
        assert queries.find_job(tx, job_id=job_id).state == "failed"


def test_an_error_of_any_length_is_stored(db, claim):
    leave(db)
    job = claim()

    with db.write() as tx:
        rules.postpone(tx, job, GiveUp("x" * 100_000), pauses=PAUSES)

    with db.read() as tx:
        assert len(tx.value(jobs.select().with_only_columns(jobs.c.error))) == 500


def test_two_that_claim_at_once_never_get_the_same_job(db, other_db):
    for _ in range(20):
        leave(db)

    taken = []
    for _ in range(10):
        with db.write() as tx:
            taken.append(rules.claim(tx))
        with other_db.write() as tx:
            taken.append(rules.claim(tx))

    assert len({job.id for job in taken}) == 20


@pytest.mark.only_on("postgresql")
def test_a_claim_passes_over_what_another_transaction_is_claiming(db, other_db):
    leave(db)
    leave(db)

    with db.write() as tx, other_db.write() as other:
        jobs_ = rules.claim(tx), rules.claim(other), rules.claim(tx), rules.claim(other)

    assert len({job.id for job in jobs_ if job}) == 2
    assert jobs_[2:] == (None, None)
