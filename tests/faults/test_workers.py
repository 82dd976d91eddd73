"""A worker that stands still in the middle of a sale, or dies there: others go on, and no sale is half."""

from __future__ import annotations

import contextlib
import os
import random
import signal
from pathlib import Path

import pytest

POINTS = range(1, 201)
WRITES = {"sqlite": "pwrite64", "postgresql": "sendto"}
"""The system call in which the worker itself writes."""
COMMITS = {"sqlite": "fsync,fdatasync", "postgresql": "sendto"}


def test_a_worker_that_stands_still_in_a_sale_stops_no_reader_and_no_other_for_good(
    open_shop, inject, url, database
):
    with open_shop(url=url, workers=3, answers_within=6) as shop:
        worker = shop.server.workers()[0]
        with inject([worker], f"{COMMITS[database]}:signal=SIGSTOP:when=1"):
            shop.wait(lambda: stands_still(worker))
        shop.shows()
        shop.answers()
        with contextlib.suppress(ProcessLookupError):  # on a slow machine it is already replaced
            os.kill(worker, signal.SIGCONT)
        shop.is_back()

    assert len(shop.not_shown) <= 1  # what it had in hand itself


def test_a_worker_that_stands_still_is_replaced(open_shop, inject, url, database, full):
    if not full:
        pytest.skip("takes 30 seconds: run with --storm")
    with open_shop(url=url, workers=2, answers_within=6) as shop:
        worker = shop.server.workers()[0]
        with inject([worker], f"{COMMITS[database]}:signal=SIGSTOP:when=1"):
            shop.wait(lambda: stands_still(worker))
        shop.wait(lambda: is_gone(worker), within=45)
        shop.is_back()


def test_a_worker_killed_at_any_of_its_writes_leaves_no_half_sale(open_shop, inject, url, database, full):
    points = POINTS if full else POINTS[9::20]
    with open_shop(url=url, KIOSQUE_THREADS="1") as shop:  # strace counts the writes of each thread
        for point in points:
            shop.wait(lambda: len(shop.server.workers()) == 2)
            worker = random.choice(shop.server.workers())
            with inject([worker], f"{WRITES[database]}:signal=SIGKILL:when={point}"):
                shop.wait(lambda worker=worker: is_gone(worker))
            shop.kills += 1
        shop.is_back()


def stands_still(pid):
    threads = [(task / "stat").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    return all(thread.rpartition(") ")[2][0] in "tT" for thread in threads)


def is_gone(pid):
    return not Path(f"/proc/{pid}").exists()
