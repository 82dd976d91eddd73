"""The worker: it does jobs and chores, and goes on whatever becomes of them."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from api.jobs import queries, rules
from api.jobs.worker import Chore, Handler, Tasks, Worker
from api.storage import Database, Keyset


def leave(db: Database, kind: str = "chime", **facts: str) -> str:
    with db.write() as tx:
        return rules.leave(tx, kind, facts)


def states(db: Database) -> list[tuple[str, str]]:
    with db.read() as tx:
        return [(job.kind, job.state) for job in queries.list_jobs(tx, Keyset("job_~", 100))]


def test_what_a_job_brings_is_written_as_it_is_struck_off(db):
    leave(db, "first")
    tasks = Tasks({"first": Handler(lambda job: lambda tx: rules.leave(tx, "second", {}) and None)})

    worker = Worker(db, Tasks(tasks.handlers | {"second": Handler(lambda job: None)}))

    assert worker.until_idle() == 2
    assert states(db) == []


def test_what_a_job_brings_is_undone_with_it(db):
    leave(db)

    def act(_job: Any) -> Any:
        def write(tx: Any) -> None:
            rules.leave(tx, "phantom", {})
            raise ZeroDivisionError

        return write

    with pytest.raises(ZeroDivisionError):
        Worker(db, Tasks({"chime": Handler(act)})).until_idle()

    assert states(db) == [("chime", "waiting")]


def test_a_worker_that_lost_its_lease_writes_nothing(db, clock):
    leave(db)

    def act(_job: Any) -> Any:
        clock.advance(seconds=rules.LEASE)
        with db.write() as tx:
            assert rules.claim(tx)  # another worker's
        return lambda tx: rules.leave(tx, "phantom", {}) and None

    Worker(db, Tasks({"chime": Handler(act)})).until_idle()

    assert states(db) == [("chime", "waiting")]


def test_a_failure_is_stored_and_the_next_job_is_done(db, clock):
    leave(db, "broken")
    leave(db, "fine")

    def broken(_job: Any) -> Any:
        raise OSError("no route to host")

    handlers = {"broken": Handler(broken), "fine": Handler(lambda job: None)}
    Worker(db, Tasks(handlers)).until_idle()

    assert states(db) == [("broken", "waiting")]


def test_a_job_that_this_release_does_not_know_fails_at_once(db):
    leave(db, "from-the-future")

    Worker(db, Tasks()).until_idle()

    assert states(db) == [("from-the-future", "failed")]


def test_a_thread_goes_on_after_any_failure_and_stops_when_asked(db):
    leave(db)
    done, failed = threading.Event(), threading.Event()

    def chore() -> bool:
        failed.set()
        raise RuntimeError("a mistake in a chore")

    tasks = Tasks({"chime": Handler(lambda job: done.set())}, [Chore("broken", chore)])
    with Worker(db, tasks).in_thread():
        assert failed.wait(20)
        assert done.wait(20)

    assert not any(thread.name == "jobs" for thread in threading.enumerate())


def test_a_chore_with_more_to_do_comes_again_at_once_and_else_after_its_time(db):
    turns: list[int] = []
    idle = threading.Event()

    def chore() -> bool:
        turns.append(1)
        return len(turns) < 5

    def last() -> bool:
        if len(turns) == 5:
            idle.set()
        return not idle.is_set()

    with Worker(db, Tasks({}, [Chore("much", chore, every=3_600), Chore("last", last)])).in_thread():
        assert idle.wait(20)

    assert len(turns) == 5
