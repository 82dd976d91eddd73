"""A foreign writer that holds what orders need: they wait, are told to come back, and nothing else stops."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager

import psycopg

from api.sqlite import driver

LONG = 2.5
"""Seconds; who waits for the lock waits for longer."""


@contextmanager
def locked(url):
    """Somebody else's transaction, which has none of our limits."""
    if url.startswith("sqlite"):
        with closing(driver.connect(url.removeprefix("sqlite:///"), timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.rollback()
    else:
        with psycopg.connect(url) as connection:
            connection.execute("LOCK TABLE variants IN EXCLUSIVE MODE")
            yield


def test_a_lock_held_for_ten_seconds_delays_orders_and_nothing_else(open_shop, url, full):
    with open_shop(url=url, customers=16) as shop:
        with locked(url):
            held = time.monotonic()
            shop.refuses()
            shop.shows()
            while full and time.monotonic() < held + 10:
                shop.shows(1)
        shop.is_back()

    assert shop.not_shown == []
    assert shop.longest_look < LONG
