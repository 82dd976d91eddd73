"""A shop that customers never stop buying from while something breaks, and what they were told."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

from api.oversell_proof.buyers import Answer, Purchase, Tally, order_of, send
from api.oversell_proof.proof import stage
from api.oversell_proof.temporary_server import TemporaryServer, serve
from api.oversell_proof.verdict import Verdict, judge
from api.storage import Database, migrations
from tests.factories import SIGHT_OF

STOCK = {"mug": 1_000_000}
ONE = {"mug": 1}
PATIENCE = 30.0
"""Seconds until a test gives up."""
BACK_WITHIN = 5.0
"""Seconds after the end of the fault."""
STREAK = 10
"""Sales in a row, each on a connection of its own, that tell that the shop is back."""

# Who names no way to pay is not asked for a transfer by mail, which would wait for its hour.
UNHURRIED = {
    "KIOSQUE_LIMITS": "off",
    "KIOSQUE_HOLD_MINUTES": "0",
    "KIOSQUE_PAYMENTS": "manual,test",
}


@dataclass
class Shop:
    """Customers buy one mug after the other, each with a key of its own; one visitor reads on and on."""

    server: TemporaryServer
    token: str
    answers_within: float
    tally: Tally = field(default_factory=Tally)
    purchases: list[Purchase] = field(default_factory=list)
    unsettled: list[Purchase] = field(default_factory=list)
    refused: int = 0
    shown: int = 0
    not_shown: list[str] = field(default_factory=list)
    longest_look: float = 0.0
    kills: int = 0
    back: float = 0.0
    verdict: Verdict | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def open(self, customers: int) -> Iterator[None]:
        """Let the customers and the visitor in until the block ends."""
        people = [threading.Thread(target=self._buy_on, daemon=True) for _ in range(customers)]
        people.append(threading.Thread(target=self._look_on, daemon=True))
        for person in people:
            person.start()
        try:
            yield
        finally:
            self._over.set()
            for person in people:
                person.join()

    def sells(self, more: int = 10) -> None:
        """Return when so many more were sold."""
        wanted = len(self.tally.bought) + more
        self.wait(lambda: len(self.tally.bought) >= wanted)

    def refuses(self, more: int = 3) -> None:
        """Return when so many more were told to come back later."""
        wanted = self.refused + more
        self.wait(lambda: self.refused >= wanted)

    def answers(self, more: int = 5) -> None:
        """Return when so many more had either."""
        wanted = len(self.tally.bought) + self.refused + more
        self.wait(lambda: len(self.tally.bought) + self.refused >= wanted)

    def shows(self, more: int = 20) -> None:
        """Return when the item was shown so many more times."""
        wanted = self.shown + more
        self.wait(lambda: self.shown >= wanted)

    def wait(self, condition: Callable[[], bool], within: float = PATIENCE) -> None:
        """Return when it holds."""
        last = time.monotonic() + within
        while not condition():
            assert time.monotonic() < last, "waited in vain"
            time.sleep(0.01)

    def is_back(self) -> None:
        """The fault has ended: everything is as before within five seconds."""
        ended, streak, since = time.monotonic(), 0, 0.0
        while streak < STREAK:
            assert time.monotonic() - ended < PATIENCE, "not back at all"
            answer = self._buy(self._purchase())
            since = time.monotonic() if streak == 0 else since
            streak = streak + 1 if answer is not None and answer.status == 201 else 0
        self.back = max(self.back, since - ended)
        assert self.back < BACK_WITHIN

    def settle(self) -> None:
        """Ask again, with the same key, for whatever was not answered with an order."""
        last = time.monotonic() + PATIENCE
        with ThreadPoolExecutor(4) as customers:
            while self.unsettled:
                assert time.monotonic() < last, f"{len(self.unsettled)} purchases cannot be settled"
                asked, self.unsettled = self.unsettled, []
                list(customers.map(self._buy, asked))

    def replay(self) -> None:
        """Ask again for what was sold: it is answered with the same orders (`_buy` compares)."""
        for purchase in self.purchases[:20]:
            if purchase.key in self.tally.bought:
                self._buy(purchase)

    def _buy_on(self) -> None:
        pause = 0.0
        while not self._over.wait(pause):
            answer = self._buy(self._purchase())
            pause = 0.01 if answer is not None and answer.status == 201 else 0.1

    def _look_on(self) -> None:
        while not self._over.wait(0.01):
            began = time.monotonic()
            try:
                with closing(self._connect()) as connection:
                    connection.request(
                        "GET", "/v1/items/mug", headers={"Authorization": f"Bearer {self.token}"}
                    )
                    response = connection.getresponse()
                    seen = f"{response.status}: {response.read()!r}"
            except (OSError, HTTPException) as error:
                seen = f"no answer: {error!r}"
            looked = time.monotonic() - began
            self.longest_look = max(self.longest_look, looked)
            if seen.startswith("200"):
                self.shown += 1
            else:
                self.not_shown.append(f"{seen} after {looked:.2f} s")

    def _purchase(self) -> Purchase:
        purchase = Purchase(str(uuid4()), ONE)
        self.purchases.append(purchase)
        return purchase

    def _buy(self, purchase: Purchase) -> Answer | None:
        key, began = purchase.key, time.monotonic()
        with closing(self._connect()) as connection:  # to whichever worker takes it
            answer = send(connection, self.token, "POST", "/v1/orders", order_of(purchase.basket), key=key)
        self.tally.tries += 1
        self.tally.worst = max(self.tally.worst, time.monotonic() - began)
        if answer is None or answer.status == 408:
            self.unsettled.append(purchase)
        elif answer.status == 503 and answer.retry_after in ("1", "5"):
            self.refused += 1
            self.unsettled.append(purchase)
        elif answer.status == 201 and self.tally.bought.get(key) in (None, answer.json["id"]):
            self.tally.bought[key] = answer.json["id"]
        else:
            self.tally.strange.append(f"{answer.status} {answer.body!r}")
        return answer

    def _connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.server.port, timeout=self.answers_within)


@contextmanager
def open_shop(
    folder: Path,
    url: str,
    *,
    workers: int = 2,
    customers: int = 6,
    answers_within: float = 20,
    **environ: str,
) -> Iterator[Shop]:
    """A shop over the empty database at `url`; when the block ends everything is settled, and must add up."""
    with opened(url) as db:
        migrations.upgrade(db)
        _, (token,) = stage(db, STOCK, 1)
    with serve(folder, url, workers=workers, **UNHURRIED | environ) as server:
        shop = Shop(server, token, answers_within)
        shop.wait(lambda: len(server.workers()) == workers and all(map(_has_threads, server.workers())))
        with shop.open(customers):
            shop.sells()
            yield shop
        shop.settle()
    with opened(url) as db:
        shop.verdict = judge(db, STOCK, shop.purchases, shop.tally)
        if url.startswith("sqlite"):
            with db.engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert not shop.verdict.faults, shop.verdict.faults
    log = server.log.read_text(errors="replace")
    assert "unexpected error" not in log
    assert "SIGSEGV" not in log
    check = _run("check", KIOSQUE_DATA=str(folder), KIOSQUE_DATABASE_URL=url)
    assert check.returncode == 0, check.stdout


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database at `url`, while the block runs."""
    db = Database(url)
    db.sight_of = SIGHT_OF
    try:
        yield db
    finally:
        db.dispose()


def _run(command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api", command], env={**os.environ, **environ}, capture_output=True, text=True
    )


def _has_threads(pid: int) -> bool:
    """Whether the worker is ready to answer."""
    return len(list(Path(f"/proc/{pid}/task").iterdir())) > 1
