"""What a database says when it gives up, and what becomes of its connections."""

from __future__ import annotations

import errno

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from api.storage import Among, Busy, Database, Prepared, StorageUnavailable
from api.storage.change_token import changes_of
from tests.factories import make_item

STOCK = sa.text("SELECT available FROM variants WHERE sku_key = 'mug'")
SELL = sa.text("UPDATE variants SET available = available - 1 WHERE sku_key = 'mug'")
KILL_OTHERS = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'kiosque' AND pid <> pg_backend_pid()"
)
on_postgresql = pytest.mark.only_on("postgresql")


@pytest.fixture
def mug(db):
    with db.write() as tx:
        return make_item(tx, sku="mug", stock=9)


@on_postgresql
@pytest.mark.parametrize(
    ("state", "refusal"),
    [("57014", Busy), ("55P03", Busy), ("53100", StorageUnavailable), ("25006", StorageUnavailable)],
)
def test_what_postgresql_says_of_itself_is_told_in_our_words(db, state, refusal):
    with pytest.raises(refusal), db.write() as tx:
        tx.run(sa.text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))


@on_postgresql
def test_who_waits_for_a_lock_too_long_is_told_to_come_back(db, settings, mug):
    hasty = Database(settings.database_url, patience=0.1)
    with db.write() as tx:
        tx.run(SELL)
        with pytest.raises(Busy), hasty.write() as other:
            other.run(SELL)
        with pytest.raises(Busy), hasty.write(wait=0.01) as other:
            other.run(SELL)

    hasty.dispose()


@on_postgresql
def test_connections_that_were_lost_in_the_pool_are_replaced_unnoticed(db, other_db, client, mug):
    with db.read(), db.read(), db.read():
        pass
    with other_db.write() as tx:
        tx.rows(KILL_OTHERS)

    assert [client.simulate_get("/v1/items/mug").status_code for _ in range(4)] == [200] * 4


@on_postgresql
def test_who_finds_a_lost_connection_forgets_none_that_is_in_use(other_db, settings):
    fresh = Database(settings.database_url)
    with fresh.read() as tx:
        used = tx.connection.connection.driver_connection
        with fresh.read() as idle:
            lost = idle.value(sa.text("SELECT pg_backend_pid()"))
        with other_db.read() as other:
            other.rows(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), pid=lost)
        with fresh.read() as new:
            assert new.value(sa.text("SELECT pg_backend_pid()")) != lost

    fresh.dispose()

    assert used.closed


@on_postgresql
def test_a_connection_that_is_lost_in_a_transaction_is_a_503_and_the_next_is_new(db, other_db, mug):
    def act():
        with db.write() as tx:
            tx.run(SELL)
            with other_db.write() as other:
                other.rows(KILL_OTHERS)
            tx.value(STOCK)

    with pytest.raises(StorageUnavailable):
        db.attempt(act)

    with db.read() as tx:
        assert tx.value(STOCK) == 9


@on_postgresql
def test_a_commit_that_is_not_answered_is_not_repeated(db, other_db, mug):
    tries = []

    def act():
        tries.append(1)
        with db.write() as tx:
            tx.run(SELL)
            with other_db.write() as other:
                other.rows(KILL_OTHERS)

    with pytest.raises(StorageUnavailable):
        db.attempt(act)

    assert len(tries) == 1


@on_postgresql
def test_a_server_that_is_not_there_is_storage_unavailable(tmp_path):
    nowhere = Database(f"postgresql:///kiosque?host={tmp_path}")

    with pytest.raises(StorageUnavailable), nowhere.read():
        pass


@pytest.mark.only_on("sqlite")
def test_a_connection_that_saw_the_disk_full_is_not_used_again(db, mug):
    with db.read() as tx:
        first = tx.connection.connection.driver_connection
        first.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StorageUnavailable), db.write() as tx:
        tx.run(sa.text("CREATE TABLE filler AS SELECT randomblob(100000)"))

    with db.write() as tx:
        assert tx.connection.connection.driver_connection is not first
        tx.run(SELL)


@on_postgresql
def test_no_descriptor_left_to_connect_with_is_no_mistake_of_ours(db, settings, monkeypatch):
    def exhausted():
        raise OSError(errno.EMFILE, "Too many open files")

    fresh = Database(settings.database_url)
    monkeypatch.setattr("psycopg.waiting.DefaultSelector", exhausted)

    with pytest.raises(Busy), fresh.read():
        pass

    assert changes_of(fresh).look() is None


def test_an_error_of_any_statement_is_the_databases_own(db):
    nowhere = sa.table("nowhere", sa.column("sku"))
    statement = Prepared(sa.select(nowhere.c.sku).where(Among(nowhere.c.sku, "skus")))

    with pytest.raises(exc.DBAPIError, match="nowhere"), db.read() as tx:
        tx.rows(statement, skus=["mug"])
