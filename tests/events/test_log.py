"""The log of events: none is lost, none comes before a cursor that was handed out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from api.accounts.profiles import rules as profiles
from api.events import rules
from api.events.rules import CursorExpired
from api.events.tables import events
from api.storage import Database, Transaction
from tests.factories import make_account
from tests.nouns import Noun


def _fill(tx: Transaction, owner: Any) -> None:
    rules.note(tx, "account.created", profiles.find(tx, ref=owner.id), actor="stranger")


NOUN = Noun(
    roles="""
    GET    /v1/events                             -                401 401 403 403 200 200 200 403
    """,
    breaking={
        "ck_events_actor": "UPDATE events SET actor = 'x'",
        "ck_events_subject_kind": "UPDATE events SET subject_kind = 'x'",
    },
    fill=_fill,
)


class Undone(Exception):
    """The end of a transaction that shall not commit."""


def happen(db: Database) -> str:
    with db.write() as tx:
        account = make_account(tx)
        rules.note(tx, "account.created", account, actor="stranger")
    return account.id


def read(db: Database, after: int = 0, **filters: Any) -> tuple[list[str], int]:
    """The subjects, and the position to go on from."""
    rules.number(db)
    with db.read() as tx:
        asked = {"after": after, "types": rules.TYPES, "subject": None, "most": 100} | filters
        page, position = rules.read(tx, **asked)
    return [numbered.event.subject.id for numbered in page], position


def test_what_is_undone_did_not_happen(db):
    def undone() -> None:
        with db.write() as tx:
            rules.note(tx, "account.created", make_account(tx))
            raise Undone

    with pytest.raises(Undone):
        undone()

    assert read(db) == ([], 0)


def test_whoever_goes_on_from_a_cursor_reads_each_event_once(db):
    happened = [happen(db) for _ in range(5)]

    first, cursor = read(db, most=2)
    second, cursor = read(db, cursor, most=2)
    third, cursor = read(db, cursor, most=2)

    assert first + second + third == happened
    assert read(db, cursor) == ([], cursor)


@pytest.mark.only_on("postgresql")  # SQLite has one writer
def test_no_event_comes_before_a_cursor_that_was_handed_out(db, other_db):
    with db.write() as tx:
        slow = make_account(tx)
        rules.note(tx, "account.created", slow)
        quick = happen(other_db)
        first, cursor = read(other_db)

    assert first == [quick]
    assert read(other_db, cursor) == ([slow.id], cursor + 1)


def test_readers_in_the_middle_of_a_storm_miss_nothing(db, other_db):
    def follow() -> list[str]:
        seen: list[str] = []
        cursor = 0
        while len(seen) < 40:
            page, cursor = read(other_db, cursor, most=7)
            seen += page
        return seen

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(follow) for _ in range(2)]
        happened = set(pool.map(lambda _: happen(db), range(40)))

    for reader in readers:
        seen = reader.result()
        assert len(seen) == 40
        assert set(seen) == happened


def test_a_cursor_whose_next_event_is_no_longer_stored_has_expired(db, clock):
    for _ in range(3):
        happen(db)
    _, cursor = read(db, most=1)
    clock.advance(days=31)
    happen(db)
    read(db)

    with db.write() as tx:
        assert rules.sweep(tx, most=9) == 3

    with pytest.raises(CursorExpired):
        read(db, cursor)
    assert len(read(db, 3)[0]) == 1


def test_positions_go_on_after_all_events_have_become_old(db, clock):
    happen(db)
    _, cursor = read(db)
    clock.advance(days=31)
    with db.write() as tx:
        assert rules.sweep(tx, most=9) == 0

    fresh = happen(db)

    assert read(db, cursor) == ([fresh], cursor + 1)


def test_a_cursor_from_before_a_restored_backup_has_expired(db):
    happen(db)

    with pytest.raises(CursorExpired):
        read(db, 4711)


def test_an_erased_account_leaves_events_without_data(db):
    account_id = happen(db)

    with db.write() as tx:
        rules.forget(tx, account_id=account_id)

    rules.number(db)
    with db.read() as tx:
        (numbered,), _ = rules.read(tx, after=0, types=rules.TYPES, subject=account_id, most=1)
    assert numbered.event.data is None


def test_events_that_a_backup_brings_without_a_position_get_the_next_ones(db):
    first = happen(db)
    read(db)
    second, third = happen(db), happen(db)
    with db.write() as tx:
        for position, subject in ((-7, second), (-8, third)):
            tx.run(
                sa.update(events).where(events.c.subject_id == subject).values(position=sa.bindparam("new")),
                new=position,
            )

    assert read(db) == ([first, second, third], 3)
