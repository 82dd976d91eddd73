"""Writers who wait for each other share a commit, and nothing else."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError

from api.storage import Busy, StorageUnavailable
from api.storage.failures import Overtaken

pytestmark = pytest.mark.only_on("sqlite")

WRITE = sa.text("INSERT INTO login_failures (subject, failures, since) VALUES (:name, 1, '')")
WRITTEN = sa.text("SELECT subject FROM login_failures ORDER BY subject")
ORPHAN = sa.text("INSERT INTO item_slugs (slug, item_id) VALUES ('mug', 'itm_none')")


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A group that stays open for as long as a test takes."""
    monkeypatch.setattr("api.storage.group_commit.LONGEST", 60)


@pytest.fixture
def commits(db):
    """One entry for each."""
    seen = []
    event.listen(db.engine, "commit", seen.append)
    return seen


@pytest.fixture
def threads():
    with ThreadPoolExecutor(8) as pool:
        yield pool


@pytest.fixture
def in_line(db, threads):
    """`in_line({name: then})` writes each name and calls `then` with its transaction.

    All stand in line while the first writes. What became of them, when all have ended, in that order.
    """

    def run(members, *, write=write):
        all_here = Event()
        futures = []
        for name, then in members.items():
            first = not futures
            futures.append(threads.submit(write, db, name, then=then, until=all_here if first else None))
            await_queue(db, len(futures))
        all_here.set()
        wait(futures)
        return futures

    return run


def write(db, name, *, then=None, until=None):
    with db.write() as tx:
        tx.run(WRITE, name=name)
        if until is not None:
            until.wait(30)
        if then is not None:
            then(tx)


def write_attempted(db, name, **how):
    db.attempt(lambda: write(db, name, **how))


def await_queue(db, length):
    """Return when that many write or wait."""
    last = time.monotonic() + 30
    while len(db.queue) < length:
        assert time.monotonic() < last
        time.sleep(0.001)


def written(db):
    with db.read() as tx:
        return [name for (name,) in tx.rows(WRITTEN)]


def fail(_tx):
    raise ZeroDivisionError


def errors(futures):
    return [type(future.exception()) for future in futures]


def test_those_who_wait_share_one_commit(db, in_line, commits):
    in_line(dict.fromkeys("abcd"))

    assert written(db) == ["a", "b", "c", "d"]
    assert len(commits) == 1


def test_who_comes_when_a_group_is_old_begins_another(db, in_line, commits, monkeypatch):
    monkeypatch.setattr("api.storage.group_commit.LONGEST", 0)
    in_line(dict.fromkeys("abc"))

    assert len(commits) == 3


def test_nobody_returns_before_all_of_it_is_committed(db, other_db, in_line):
    returned, seen = [], []

    def noted(db, name, **how):
        write(db, name, **how)
        returned.append(name)

    def look(_tx):
        seen.append((list(returned), written(other_db)))

    in_line({"first": None, "second": look, "third": look}, write=noted)

    assert seen == [([], [])] * 2
    assert written(other_db) == sorted(returned) == ["first", "second", "third"]


def test_an_error_undoes_the_part_it_left_and_no_other(db, in_line, commits):
    told = in_line({"first": None, "before": None, "failing": fail, "behind": None})

    assert errors(told) == [type(None), type(None), ZeroDivisionError, type(None)]
    assert written(db) == ["before", "behind", "first"]
    assert len(commits) == 1


def test_an_error_of_the_last_leaves_the_others_committed(db, in_line):
    in_line({"first": None, "last": fail})

    assert written(db) == ["first"]


def test_an_error_of_the_first_lets_the_next_begin(db, in_line):
    in_line({"first": fail, "next": None})

    assert written(db) == ["next"]


def test_a_full_disk_refuses_all_whose_part_is_lost_with_it(db, in_line):
    def fill(tx):
        tx.run(sa.text("PRAGMA max_page_count = 1"))
        tx.run(sa.text("CREATE TABLE filler AS SELECT randomblob(100000)"))

    told = in_line({"first": None, "filling": fill, "next": None})

    assert errors(told) == [StorageUnavailable, StorageUnavailable, type(None)]
    assert written(db) == ["next"]


def test_what_cannot_be_told_from_the_others_is_undone_with_them(db, in_line):
    told = in_line({"first": None, "meddling": lambda tx: tx.run(sa.text("RELEASE part")), "next": None})

    assert errors(told) == [StorageUnavailable, OperationalError, type(None)]
    assert written(db) == ["next"]


def test_who_breaks_a_reference_takes_nobody_along(db, in_line):
    told = in_line(
        {"first": None, "breaking": lambda tx: tx.run(ORPHAN), "last": None}, write=write_attempted
    )

    assert errors(told) == [type(None), IntegrityError, type(None)]
    assert written(db) == ["first", "last"]


def test_who_cannot_be_repeated_is_told_that_another_undid_it(db, in_line):
    told = in_line({"first": None, "breaking": lambda tx: tx.run(ORPHAN)})

    assert errors(told) == [Overtaken, Overtaken]
    assert written(db) == []


def test_who_gives_up_leaves_the_line_to_the_others(db, threads):
    with db.write() as tx:
        tx.run(WRITE, name="first")
        with pytest.raises(Busy), db.write(wait=0.01):
            pass
        other = threads.submit(write, db, "other")
        await_queue(db, 2)
    other.result()

    assert written(db) == ["first", "other"]


def test_in_a_crowd_what_succeeded_is_there_and_what_failed_is_not(db, threads, monkeypatch):
    monkeypatch.undo()

    def act(number):
        chance = random.Random(number)
        try:
            with db.write(wait=chance.choice((0.0005, 5))) as tx:
                tx.run(WRITE, name=f"{number:04}")
                if chance.random() < 0.2:
                    fail(tx)
        except (Busy, ZeroDivisionError) as error:
            return type(error).__name__
        return f"{number:04}"

    told = list(threads.map(act, range(1000)))

    assert written(db) == [name for name in told if name.isdecimal()]
    assert {"Busy", "ZeroDivisionError"} < set(told)
