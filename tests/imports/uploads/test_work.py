"""The work on a file: killed at any time it is done once, and a dry run changes nothing."""

from __future__ import annotations

import os
import sys

import pytest

from api.errors import Unavailable
from api.imports import runs
from api.imports.uploads import commands, rules, work
from api.imports.uploads.processes import Importer
from api.storage import StorageUnavailable
from tests.imports.running import everything
from tests.imports.uploads.conftest import TABLE, send


class Killed(BaseException):
    """The end of a process, which no handler of errors sees."""


def kill(*_args, **_named):
    raise Killed


def without_imports(db):
    return {name: rows for name, rows in everything(db).items() if name not in ("imports", "sessions")}


@pytest.mark.parametrize("content", [None, TABLE])
def test_a_dry_run_counts_everything_and_changes_nothing(db, ended, owner, content):
    sent = () if content is None else (content,)
    before = without_imports(db)

    seen = ended(*sent, query="dry_run=true")

    assert without_imports(db) == before
    assert (seen["state"], sum(each["created"] for each in seen["counts"].values()) > 0) == ("done", True)
    assert owner.simulate_get("/v1/audit-events?kind=import").json["data"] == []
    assert ended(*sent)["counts"] == seen["counts"]


@pytest.mark.parametrize("place", ["text_of", "Articles"])
def test_what_was_killed_is_begun_once_more_and_doubles_nothing(owner, importer, folder, monkeypatch, place):
    where = send(owner).headers["Location"]
    with monkeypatch.context() as patched:
        patched.setattr(runs, place, kill)
        with pytest.raises(Killed):
            importer.act()
    between = owner.simulate_get(where).json["state"]

    importer.act()

    seen = owner.simulate_get(where).json
    assert (between, seen["state"], folder.ids()) == ("running", "done", [])
    assert len(owner.simulate_get("/v1/articles").json["data"]) == 3


def test_what_was_killed_after_its_end_is_only_cleared_away(owner, importer, folder, monkeypatch):
    where = send(owner).headers["Location"]
    with monkeypatch.context() as patched:
        patched.setattr(folder.__class__, "remove", kill)
        with pytest.raises(Killed):
            importer.act()
    before = owner.simulate_get(where).json

    importer.act()

    assert (before["state"], owner.simulate_get(where).json, folder.ids()) == ("done", before, [])


def test_a_file_that_kills_every_process_is_refused(owner, importer, folder, monkeypatch):
    where = send(owner).headers["Location"]
    with monkeypatch.context() as patched:
        patched.setattr(runs, "text_of", kill)
        for _ in range(rules.MOST_ATTEMPTS):
            with pytest.raises(Killed):
                importer.act()

    importer.act()

    seen = owner.simulate_get(where).json
    assert (seen["state"], folder.ids()) == ("refused", [])
    assert "killed" in seen["error"]["detail"]


def test_a_mistake_of_ours_refuses_the_file_and_is_logged(ended, monkeypatch, caplog):
    monkeypatch.setattr(runs, "text_of", lambda _row: 1 // 0)

    seen = ended()

    assert (seen["state"], seen["error"]["detail"]) == ("refused", work.FAILED.detail)
    assert "ZeroDivisionError" in caplog.text


def test_a_file_that_takes_too_much_memory_is_refused(ended, monkeypatch):
    def exhaust(_row):
        raise MemoryError

    monkeypatch.setattr(runs, "text_of", exhaust)

    assert ended()["error"]["detail"] == work.TOO_LARGE.detail


def test_a_database_that_gets_no_memory_is_not_waited_for(ended, monkeypatch):
    def fail(*_args, **_named):
        raise StorageUnavailable

    monkeypatch.setattr(runs, "text_of", fail)
    monkeypatch.setattr(work.time, "sleep", kill)
    monkeypatch.setattr(work, "MARGIN", sys.maxsize)  # so that any memory is too much
    monkeypatch.setattr(work.resource, "getrlimit", lambda _kind: (commands.MEMORY, commands.MEMORY))

    seen = ended()

    assert (seen["state"], seen["error"]["detail"]) == ("refused", work.TOO_LARGE.detail)


def test_an_import_waits_while_the_database_is_away(ended, monkeypatch):
    pauses, whole = [], runs.run

    def away(*args, **named):
        if len(pauses) < 2:
            raise Unavailable
        return whole(*args, **named)

    monkeypatch.setattr(work.time, "sleep", pauses.append)
    monkeypatch.setattr(runs, "run", away)

    assert (ended()["state"], pauses) == ("done", [1, 2])


def test_progress_is_seen_while_a_file_is_imported(owner, importer, monkeypatch):
    where, seen = send(owner).headers["Location"], []
    whole = runs.text_of

    def look(row):
        seen.append(owner.simulate_get(where).json)
        return whole(row)

    monkeypatch.setattr(runs, "text_of", look)
    importer.act()

    assert (seen[0]["state"], seen[0]["progress"]) == ("running", {"step": "texts", "done": 0, "total": 3})


def test_one_file_is_imported_at_a_time_on_a_machine(owner, importer, folder):
    send(owner)

    with folder.turn():
        assert importer.act() is False

    assert importer.act() is True


def test_the_file_of_no_import_is_removed_once_nobody_can_be_sending_it(owner, importer, folder):
    send(owner, b"<html></html>")
    importer.act()
    stray = "imp_" + "0" * 26
    folder.path(stray).write_bytes(b"x")
    importer.act()
    fresh = folder.ids()
    os.utime(folder.path(stray), (0, 0))

    importer.act()

    assert (fresh, folder.ids()) == ([stray], [])


def test_an_import_whose_file_is_nowhere_is_refused_after_a_day(clock, owner, db, folder):
    sent = send(owner).json["id"]
    folder.remove(sent)
    clock.advance(days=1, seconds=1)

    with db.write() as tx:
        count = rules.give_up_lost(tx, most=10)
        seen = rules.find(tx, ref=sent)

    assert (count, seen.state, seen.error) == (1, "refused", rules.LOST)


def test_imports_are_forgotten_after_30_days(clock, ended, owner, db):
    seen, waiting = ended(), send(owner).json
    clock.advance(days=rules.DAYS, seconds=1)

    with db.write() as tx:
        count = rules.sweep(tx, most=10)
        left = rules.find(tx, ref=waiting["id"])

    assert (count, left.state, seen["state"]) == (1, "waiting", "done")


def test_a_worker_imports_by_a_process_that_others_need_not_wait_for(owner, db, settings):
    where = send(owner).headers["Location"]
    importer = Importer(db, settings, apart=True)

    importer.act()
    code = importer.process.wait(30)
    importer.act()

    assert (code, importer.process) == (0, None)
    assert owner.simulate_get(where).json["state"] == "done"


def test_that_process_ends_with_its_worker_and_leaves_the_file_to_the_next(owner, db, settings, importer):
    where = send(owner).headers["Location"]
    first = Importer(db, settings, apart=True)

    first.act()
    first.process.stdin.close()  # as the kernel does when the worker is killed
    code = first.process.wait(30)
    importer.act()

    assert (code, owner.simulate_get(where).json["state"]) == (1, "done")
