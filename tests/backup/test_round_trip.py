"""What comes back is what was there: every table, every row, on both databases and between them."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts.sessions.tables import sessions
from api.accounts.throttle.tables import login_failures
from api.backup import rules
from api.backup.errors import CopyRefused
from api.backup.queries import outline_at
from api.shop.items.listing import list_items
from api.storage import Keyset, metadata, migrations
from tests.backup.filling import NOT_COPIED, differences, every_row
from tests.factories import cancel, make_account, make_item, make_order, make_viewer

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
NUMBER = st.integers(0, 2**63 - 1)


def unwatched(_table: str, _rows: int) -> None:
    pass


def test_the_outline_names_every_table_of_the_code_but_those_of_links():
    assert {table.name for table in outline_at(migrations.HEAD).tables} == {*metadata.tables} - NOT_COPIED


def test_a_restored_database_holds_the_same_rows(filled, archive, empty):
    head, tallies = rules.restore(empty, archive, watch=unwatched)

    assert every_row(empty) == every_row(filled)
    assert {name: tally.rows for name, tally in tallies.items()} == {
        name: len(rows) for name, rows in every_row(filled).items()
    }
    assert migrations.current(empty) == head.revision == migrations.HEAD
    assert differences(empty) == []


def test_a_backup_of_either_database_is_restored_into_the_other(filled, archive, other_kind, tmp_path):
    rules.restore(other_kind, archive, watch=unwatched)
    rules.back_up(other_kind, tmp_path / "b.kiosque", watch=unwatched)

    assert every_row(other_kind) == every_row(filled)


def test_a_database_moves_to_the_other_kind(filled, other_kind):
    tallies = rules.move(filled, other_kind, watch=unwatched)

    assert every_row(other_kind) == every_row(filled)
    assert all(tally.rows for tally in tallies.values())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.dictionaries(TEXT, st.tuples(st.binary(), st.none() | TEXT, NUMBER), max_size=8))
def test_any_text_bytes_and_numbers_come_back(make_file, rows):
    source, target = make_file(), make_file()
    migrations.upgrade(source)
    with source.write() as tx:
        account = make_account(tx)
        times = dict.fromkeys(("created_at", "last_used_at", "confirmed_at", "expires_at"), tx.now)
        for key, (token, agent, number) in rows.items():
            tx.run(sa.insert(login_failures), subject=key, failures=number, since=tx.now)
            row = {"id": key, "token_hash": key.encode() + b"\0" + token, "user_agent": agent}
            tx.run(sa.insert(sessions), account_id=account.id, **times, **row)

    rules.move(source, target, watch=unwatched)

    assert every_row(target) == every_row(source)


def test_numbers_and_searches_go_on_in_the_copy(filled, archive, empty):
    rules.restore(empty, archive, watch=unwatched)

    with empty.write() as tx:
        buyer = make_viewer(tx, role="owner", email="new@kiosque.test")
        order = make_order(tx, buyer, ("mug", 1))
        item = make_item(tx, sku="cup")
    with empty.read() as tx:
        hits = [list_items(tx, Keyset(None, 9), q=word) for word in ("ærøskøbing", "書", "gres")]

    assert order.number == 3
    assert item.number == 3
    assert [item.variants[0].sku for found in hits for _, item in found] == ["Mug"] * 3


def test_a_copy_goes_into_an_empty_place_only(filled, archive):
    before = every_row(filled)

    with pytest.raises(CopyRefused, match="not empty"):
        rules.restore(filled, archive, watch=unwatched)
    with pytest.raises(CopyRefused, match="not empty"):
        rules.move(filled, filled, watch=unwatched)

    assert every_row(filled) == before


def test_a_place_with_tables_of_others_is_not_empty(archive, empty):
    with empty.engine.execution_options(write=True).begin() as connection:
        connection.execute(sa.text("CREATE TABLE guests (name TEXT)"))

    with pytest.raises(CopyRefused, match="guests"):
        rules.restore(empty, archive, watch=unwatched)

    with empty.engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == ["guests"]


def test_a_place_with_a_schema_and_no_row_is_empty(filled, archive, empty):
    migrations.upgrade(empty)

    rules.restore(empty, archive, watch=unwatched)

    assert every_row(empty) == every_row(filled)


def test_nothing_is_not_backed_up(empty, tmp_path):
    with pytest.raises(CopyRefused, match="nothing to copy"):
        rules.back_up(empty, tmp_path / "a", watch=unwatched)

    assert not (tmp_path / "a").exists()


def test_a_backup_taken_while_others_write_is_one_state(filled, empty, tmp_path):
    with filled.write() as tx:
        make_item(tx, sku="tea", kind="service", stock=10_000)
        buyers = [make_viewer(tx, role="shopkeeper") for _ in range(3)]
    over, sold = Event(), Event()

    def shop(buyer):
        while not over.is_set():
            with filled.write() as tx:
                order = make_order(tx, buyer, ("tea", 2))
                cancel(tx, order, actor=buyer)
                make_order(tx, buyer, ("tea", 1))
            sold.set()

    def others_first(_table, rows):
        """Before each table others write."""
        if not rows:
            sold.clear()
            assert sold.wait(10)

    with ThreadPoolExecutor(3) as pool:
        shopping = [pool.submit(shop, buyer) for buyer in buyers]
        try:
            tallies = rules.back_up(filled, tmp_path / "busy.kiosque", watch=others_first)
        finally:
            over.set()
        assert [done.result() for done in shopping] == [None] * 3
    rules.restore(empty, tmp_path / "busy.kiosque", watch=unwatched)

    assert differences(empty) == []
    assert tallies["orders"].rows == len(every_row(empty)["orders"]) < len(every_row(filled)["orders"])
    rounds, odd = divmod(tallies["orders"].rows - 2, 2)
    assert (tallies["stock_movements"].rows, odd) == (5 + 3 * rounds, 0)


def test_only_its_owner_reads_a_backup(archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_a_backup_is_not_written_over(filled, archive):
    before = archive.read_bytes()

    with pytest.raises(FileExistsError, match="not overwritten"):
        rules.back_up(filled, archive, watch=unwatched)

    assert archive.read_bytes() == before
    assert not archive.with_name("a.kiosque.part").exists()
