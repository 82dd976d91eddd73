"""Values of a statement are in none of its errors: they would end up in the log, or on a terminal."""

from __future__ import annotations

import traceback

import pytest
import sqlalchemy as sa

from api.__main__ import sentence
from api.accounts.profiles.tables import accounts
from api.backup import queries
from api.backup.errors import CopyRefused
from api.backup.records import Column, Table
from tests.factories import make_account

SECRET = "$argon2id$jane-private"


def all_of(error: BaseException) -> str:
    """Its trace, with those of its causes, and what the shell says of it."""
    return "".join(traceback.format_exception(error)) + str(sentence(error))


def test_a_row_that_is_refused_is_not_quoted(db):
    with pytest.raises(sa.exc.IntegrityError) as refused, db.write() as tx:
        tx.run(sa.insert(accounts).values(id=SECRET))

    assert "accounts" in all_of(refused.value)
    assert SECRET not in all_of(refused.value)


def test_a_key_that_is_there_already_is_not_quoted(db):
    with db.write() as tx:
        make_account(tx)
        make_account(tx)

    with pytest.raises(sa.exc.IntegrityError) as refused, db.write() as tx:
        tx.run(sa.insert(accounts).from_select(accounts.columns.keys(), sa.select(accounts)))

    assert "accounts" in all_of(refused.value)
    assert SECRET not in all_of(refused.value)


@pytest.mark.only_on("postgresql")
def test_a_value_that_cannot_be_read_is_not_quoted(db):
    with pytest.raises(sa.exc.DataError) as refused, db.read() as tx:
        tx.rows(sa.text("SELECT CAST(CAST(:secret AS text) AS bigint)"), secret=SECRET)

    assert "SQLSTATE 22P02" in all_of(refused.value)
    assert SECRET not in all_of(refused.value)


def test_a_row_that_cannot_be_copied_is_not_quoted(db):
    table = Table("accounts", (Column("id", "text"),), ("id",), ())

    with pytest.raises(CopyRefused) as refused, db.write() as tx:
        list(queries.insert_rows(tx, table, [(SECRET,)]))

    assert SECRET not in all_of(refused.value)
