"""A move that is killed leaves nothing behind, so it can be begun again."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from api.backup import rules
from api.backup.errors import CopyRefused
from tests.backup.filling import every_row
from tests.postgres import url_of

KILLED_AT = ["accounts", "stock_movements", "fulfilment_lines", "words of items"]
MOVE = """
import os, signal, sys
from api.storage import Database
from api.backup import rules

def watch(table, rows):
    if table == sys.argv[3] and rows:
        os.kill(os.getpid(), signal.SIGKILL)

rules.move(Database(sys.argv[1]), Database(sys.argv[2]), watch=watch)
"""


@pytest.mark.parametrize("table", KILLED_AT)
def test_a_killed_move_leaves_an_empty_place_to_begin_again(filled, other_kind, table):
    killed = subprocess.run(
        [sys.executable, "-c", MOVE, url_of(filled), url_of(other_kind), table], check=False
    )
    tallies = rules.move(filled, other_kind, watch=lambda _table, _rows: None)

    assert killed.returncode == -signal.SIGKILL
    assert every_row(other_kind) == every_row(filled)
    assert tallies["orders"].rows == 2


def test_what_does_not_read_back_as_it_came_is_not_kept(filled, empty, monkeypatch):
    from api.backup import queries

    honest = queries.list_rows

    def forgetful(tx, table):
        for row in honest(tx, table):
            if table.name == "payments" and tx.connection.engine.url == empty.engine.url:
                continue
            yield row

    monkeypatch.setattr(queries, "list_rows", forgetful)
    with pytest.raises(CopyRefused, match="payments does not read back"):
        rules.move(filled, empty, watch=lambda _table, _rows: None)
    monkeypatch.undo()

    rules.move(filled, empty, watch=lambda _table, _rows: None)
    assert every_row(empty) == every_row(filled)
