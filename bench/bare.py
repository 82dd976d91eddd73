"""The bare loop: the statements of an order through the driver alone, as the upper limit for orders a second.

The conditional update and the inserts of one order in one transaction, on Kiosque's tables with Kiosque's
pragmas: no HTTP, no JSON, no identification, no reading of prices.

Usage: python -m bench.bare URL THREADS SECONDS; prints `ready`, begins at the first line of standard input,
and ends by printing how many orders it wrote.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from api import sqlite, times
from api.ids import new_id

TAKE = "UPDATE variants SET available = available + ? WHERE id = ? AND tracked = 1 AND available + ? >= 0"
MOVEMENT = (
    "INSERT INTO stock_movements (id, variant_id, delta, reason, order_id, by_account, created_at)"
    " VALUES (?, ?, ?, 'order', ?, ?, ?)"
)
ORDER = (
    "INSERT INTO orders (id, account_id, email, order_status, payment_status, fulfilment_status, currency,"
    " subtotal, total, paid, placed_at) VALUES (?, ?, ?, 'open', 'unpaid', 'none', 'EUR', ?, ?, 0, ?)"
    " RETURNING number"
)
LINE = (
    "INSERT INTO order_lines (order_id, position, variant_id, sku, name, quantity, unit_price, total,"
    " fulfilled) VALUES (?, 0, ?, ?, ?, 1, ?, ?, 0)"
)
EVENT = "INSERT INTO order_events (order_id, at, kind, by_account) VALUES (?, ?, 'placed', ?)"
KEY = (
    "INSERT INTO idempotency_records (account_id, method, path, key, fingerprint, status, location, etag,"
    " body, created_at) VALUES (?, 'POST', '/v1/orders', ?, ?, 201, ?, ?, ?, ?)"
)
VARIANTS = "SELECT v.id, v.sku, i.name, v.price FROM variants v JOIN items i ON i.id = v.item_id"
ACCOUNTS = "SELECT id, email FROM accounts"
BODY = b"x" * 820
"""An order as Kiosque answers it."""

Execute = Callable[..., Any]


def main(url: str, threads: int, seconds: float) -> None:
    """Write orders in the given number of threads."""
    turn = threading.Lock()
    counts: list[int] = []
    begin = threading.Event()

    def work() -> None:
        connection, execute = _connect(url)
        variants, accounts = execute(VARIANTS).fetchall(), execute(ACCOUNTS).fetchall()
        begin.wait()
        end, count = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            variant, account = random.choice(variants), random.choice(accounts)
            if url.startswith("sqlite"):
                with turn:  # as Kiosque does: SQLite's own waiting is slower
                    _write(execute, "BEGIN IMMEDIATE", variant, account)
            else:
                _write(execute, "BEGIN", variant, account)
            count += 1
        counts.append(count)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    print("ready", flush=True)
    sys.stdin.readline()
    begin.set()
    for worker in workers:
        worker.join()
    print(sum(counts))


def _write(execute: Execute, begin: str, variant: tuple[Any, ...], account: tuple[Any, ...]) -> None:
    variant_id, sku, name, price = variant
    account_id, email = account
    order_id, now = new_id("ord"), times.now()
    execute(begin)
    if execute(TAKE, (-1, variant_id, -1)).rowcount != 1:
        raise RuntimeError(f"{sku} is sold out")
    execute(MOVEMENT, (new_id("mov"), variant_id, -1, order_id, account_id, now))
    execute(ORDER, (order_id, account_id, email, price, price, now)).fetchone()
    execute(LINE, (order_id, variant_id, sku, name, price, price))
    execute(EVENT, (order_id, now, account_id))
    place = f"/v1/orders/{order_id}"
    execute(KEY, (account_id, order_id, b"\0" * 32, place, f'"{order_id}"', BODY, now))
    execute("COMMIT")


def _connect(url: str) -> tuple[Any, Execute]:
    if not url.startswith("sqlite"):
        import psycopg  # an extra

        session = psycopg.connect(url, autocommit=True)
        return session, lambda text, values=(): session.execute(text.replace("?", "%s"), values)
    file: Any = sqlite.driver.connect(str(sa.make_url(url).database), timeout=5.0, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = full", "foreign_keys = ON", "cache_size = -2000"):
        file.execute(f"PRAGMA {pragma}")
    return file, file.execute


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
