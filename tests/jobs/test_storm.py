"""A storm: transactions that commit or are undone, and workers that are killed in the middle of jobs."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from api.accounts.limits.tables import limit_uses
from api.jobs import rules
from api.jobs.tables import jobs
from api.settings import Settings
from api.storage import Database
from tests.jobs import toll
from tests.server.process import ROOT, wait_until

BUYERS, ORDERS, WORKERS, KILLS = 4, 100, 3, 6


class Undone(Exception):
    """The end of a transaction that shall not commit."""


def test_effects_happen_exactly_once_inside_and_at_least_once_outside(
    db: Database, settings: Settings, tmp_path: Path
):
    file = tmp_path / "outside"
    file.touch()

    def done_outside() -> list[str]:
        return file.read_text().split()

    workers = [start(settings.database_url, file) for _ in range(WORKERS)]
    try:
        with ThreadPoolExecutor(BUYERS) as pool:
            buying = [pool.submit(buy, db, buyer) for buyer in range(BUYERS)]
            for kill in range(KILLS):
                wait_until(at_least(done_outside, 10 * (kill + 1)), seconds=60)
                workers[kill % WORKERS].kill()
                workers[kill % WORKERS].wait()
                workers[kill % WORKERS] = start(settings.database_url, file)
            bought = [order for orders in buying for order in orders.result()]
        wait_until(lambda: waiting(db) == 0, seconds=90)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()

    with db.read() as tx:
        inside = {row.subject: row.used for row in tx.rows(sa.select(limit_uses))}
    assert inside == dict.fromkeys(bought, 1)
    assert Counter(done_outside()).keys() == set(bought)


def buy(db: Database, buyer: int) -> list[str]:
    """The orders that were committed; every fourth or so is undone."""
    chance, bought = random.Random(buyer), []
    for number in range(ORDERS):
        order = f"{buyer}-{number}"
        with suppress(Undone):
            with db.write() as tx:
                rules.leave(tx, "toll", {"order": order})
                if chance.random() < 0.25:
                    raise Undone
            bought.append(order)
    return bought


def start(url: str, file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", toll.__name__, url, str(file)], cwd=ROOT)


def at_least(done: Callable[[], list[str]], number: int) -> Callable[[], bool]:
    return lambda: len(done()) >= number


def waiting(db: Database) -> int:
    with db.read() as tx:
        return int(tx.value(sa.select(sa.func.count()).select_from(jobs)))
