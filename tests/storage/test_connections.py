"""Connections between transactions: used again, unless one has failed or somebody waits for another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from api import sqlite
from api.storage.connections import Connections

pytestmark = pytest.mark.only_on("sqlite")


@pytest.fixture
def engine(tmp_path):
    engine = sa.create_engine(
        f"sqlite:///{tmp_path / 'some.db'}", module=sqlite.driver, pool_size=3, max_overflow=0, pool_timeout=5
    )
    yield engine
    engine.dispose()


@pytest.fixture
def connections(engine):
    return Connections(engine, most=2)


def test_the_connection_used_last_is_used_next(connections):
    first, second = connections.take(), connections.take()
    connections.give_back(first)
    connections.give_back(second)

    assert connections.take() is second


def test_what_is_not_committed_is_undone_when_its_connection_is_given_back(connections):
    connection = connections.take()
    connection.execute(sa.text("CREATE TABLE things (id INTEGER)"))
    connection.commit()
    connection.execute(sa.text("INSERT INTO things VALUES (1)"))
    connections.give_back(connection)

    assert connections.take().scalar(sa.text("SELECT count(*) FROM things")) == 0


def test_whoever_waits_for_a_connection_has_the_next_that_is_given_back(connections):
    connection, _, _ = (connections.take() for _ in range(3))
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(connections.take)
        while not connections.awaited:
            pass
        connections.give_back(connection)

        assert waiting.result(timeout=4).scalar(sa.text("SELECT 1")) == 1


def test_once_one_has_failed_no_connection_of_before_stays(connections):
    idle, used, failing = (connections.take() for _ in range(3))
    connections.give_back(idle)
    failing.invalidate()
    connections.give_back(failing)
    connections.give_back(used)

    assert idle.closed
    assert used.closed
    assert failing.closed


def test_no_more_than_most_are_idle_so_that_the_pool_has_some_for_others(engine, connections):
    for connection in [connections.take() for _ in range(3)]:
        connections.give_back(connection)

    assert engine.pool.checkedout() == 2
