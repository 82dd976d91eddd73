"""Buyers who never give up: an order whose answer got lost is sent again with the same key."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

from api.proof.arena import Arena

MOST_TRIES = 200
LONGEST_PAUSE = 0.5

Basket = dict[str, int]


@dataclass(frozen=True, slots=True)
class Purchase:
    """What one buyer wants, and the key that makes asking again safe."""

    key: str
    basket: Basket


@dataclass(slots=True)
class Tally:
    """What the buyers were told."""

    bought: dict[str, str] = field(default_factory=dict)
    """Key → id of the order."""
    refused: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)
    """Answers that should not be: status and body."""
    tries: int = 0
    worst: float = 0.0


def buy_all(
    arena: Arena, tokens: Sequence[str], purchases: Sequence[Purchase], answered: Callable[[], None]
) -> Tally:
    """Send every purchase, as many at a time as there are tokens; calls `answered` after each."""
    tally = Tally()
    lock = threading.Lock()
    waiting = iter(purchases)

    def work(token: str) -> None:
        connection = arena.connect()
        for purchase in _shared(waiting, lock):
            started = time.monotonic()
            status, body, tries = _insist(connection, token, purchase)
            with lock:
                _note(tally, purchase, status, body)
                tally.tries += tries
                tally.worst = max(tally.worst, time.monotonic() - started)
                answered()
        connection.close()

    threads = [threading.Thread(target=work, args=(token,), daemon=True) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def _shared(waiting: Iterator[Purchase], lock: threading.Lock) -> Iterator[Purchase]:
    while True:
        with lock:
            purchase = next(waiting, None)
        if purchase is None:
            return
        yield purchase


def _insist(connection: HTTPConnection, token: str, purchase: Purchase) -> tuple[int | None, bytes, int]:
    """The final answer, if any came, and how often it took to get it."""
    lines = [{"sku": sku, "quantity": quantity} for sku, quantity in purchase.basket.items()]
    body = json.dumps({"lines": lines})
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": purchase.key,
    }
    for tries in range(1, MOST_TRIES + 1):
        try:
            connection.request("POST", "/v1/orders", body, headers)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, HTTPException):
            connection.close()
        else:
            if answer.status != 503:
                return answer.status, said, tries
        time.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.01 * 2**tries)))  # noqa: S311  # no secret
    return None, b"", MOST_TRIES


def _note(tally: Tally, purchase: Purchase, status: int | None, body: bytes) -> None:
    if status is None:
        tally.unanswered.add(purchase.key)
    elif status == 201:
        tally.bought[purchase.key] = json.loads(body)["id"]
    elif status == 409 and json.loads(body)["code"] == "out-of-stock":
        tally.refused.add(purchase.key)
    else:
        tally.strange.append(f"{status} {body[:200].decode(errors='replace')}")
