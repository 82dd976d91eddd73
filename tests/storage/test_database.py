"""Transactions: one state to read, all or nothing to write, and again when another was in the way."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from api import times
from api.accounts.throttle import queries
from api.accounts.throttle.records import Failures
from api.storage import Busy
from api.times import Instant
from tests.factories import make_item
from tests.postgres import wait_until_blocked

STOCK = sa.text("SELECT available FROM variants WHERE sku_key = 'mug'")
SELL = sa.text("UPDATE variants SET available = available - 1 WHERE sku_key = 'mug'")
on_postgresql = pytest.mark.only_on("postgresql")


@pytest.fixture
def mug(db):
    with db.write() as tx:
        return make_item(tx, sku="mug", stock=9)


def count(tx, subject):
    found = queries.lock_failures(tx, subject=subject).count
    queries.update_failures(tx, subject=subject, failures=Failures(found + 1, Instant("")))


def counted(db, subject):
    with db.read() as tx:
        return queries.find_failures(tx, subject=subject).count


def test_a_read_sees_one_state_whatever_is_written_meanwhile(db, other_db, mug):
    with db.read() as tx:
        before = tx.value(STOCK)
        with other_db.write() as other:
            other.run(SELL)
        meanwhile = tx.value(STOCK)
    with db.read() as tx:
        after = tx.value(STOCK)

    assert (before, meanwhile, after) == (9, 9, 8)


def test_an_error_that_leaves_the_block_undoes_all_of_it(db, mug):
    with pytest.raises(ZeroDivisionError), db.write() as tx:
        assert tx.run(SELL) / 0

    with db.read() as tx:
        assert tx.value(STOCK) == 9


@on_postgresql
def test_every_connection_is_told_its_limits(db):
    with db.write() as tx:
        told = {
            name: tx.value(sa.text(f"SHOW {name}"))
            for name in (
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
                "synchronous_commit",
                "application_name",
                "transaction_isolation",
            )
        }

    assert told == {
        "statement_timeout": "5s",
        "lock_timeout": "3s",
        "idle_in_transaction_session_timeout": "10s",
        "synchronous_commit": "on",
        "application_name": "kiosque",
        "transaction_isolation": "read committed",
    }


@on_postgresql
def test_all_nodes_have_the_time_of_the_database(db, other_db, monkeypatch):
    before, clock = times.now(), time.time_ns
    monkeypatch.setattr("api.times.time.time_ns", lambda: clock() - 3_600_000_000_000)

    with db.read() as tx:
        assert tx.now >= before > times.now()


@on_postgresql
def test_two_that_wait_for_each_other_both_get_through(db, other_db):
    meeting, tries = Barrier(2), []

    def act(own, subjects):
        def once():
            tries.append(subjects)
            with own.write() as tx:
                count(tx, subjects[0])
                if tries.count(subjects) == 1:
                    meeting.wait(5)
                count(tx, subjects[1])

        own.attempt(once)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(act, (db, other_db), (("a", "b"), ("b", "a"))))

    assert len(tries) > 2  # the one that was undone may be quick enough to stand in the way once more
    assert (counted(db, "a"), counted(db, "b")) == (2, 2)


@on_postgresql
def test_a_race_that_nobody_foresaw_is_run_again_and_then_refused_properly(db, other_db, client_as):
    author, reader = client_as("author"), client_as()
    slug = author.simulate_post("/v1/articles", json={"title": "Fog", "body": "x"}).json["slug"]
    author.simulate_put(f"/v1/articles/{slug}/publication", json={})

    with ThreadPoolExecutor(1) as pool:
        with other_db.write() as tx:
            tx.run(sa.text("DELETE FROM articles"))
            comment = pool.submit(
                reader.simulate_post, f"/v1/articles/{slug}/comments", json={"body": "Late."}
            )
            wait_until_blocked(other_db)
        assert comment.result(10).status_code == 404


@on_postgresql
def test_nothing_is_repeated_once_something_was_committed(db):
    tries = []

    def act():
        tries.append(1)
        with db.write() as tx:
            count(tx, "a")
        with db.write() as tx:
            tx.run(sa.text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))

    with pytest.raises(Busy):
        db.attempt(act)

    assert (len(tries), counted(db, "a")) == (1, 1)


@on_postgresql
def test_what_is_undone_again_and_again_is_busy_after_six_tries(db):
    tries = []

    def act():
        tries.append(1)
        with db.write() as tx:
            tx.run(sa.text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))

    with pytest.raises(Busy):
        db.attempt(act)

    assert len(tries) == 6
