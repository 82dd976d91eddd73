"""Buyers who never give up: a request whose answer got lost is sent again with the same key."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any, TypeAlias

from api.oversell_proof.arena import Arena

MOST_TRIES = 200
LONGEST_PAUSE = 0.5

Basket = dict[str, int]


@dataclass(frozen=True, slots=True)
class Purchase:
    """What one buyer wants, and the key that makes asking again safe."""

    key: str
    basket: Basket
    regretted: bool = False
    """Cancelled as soon as it is acknowledged."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Units that the shopkeeper counts in."""

    key: str
    sku: str
    units: int


Errand: TypeAlias = Purchase | Delivery


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    retry_after: str | None

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)


@dataclass(slots=True)
class Tally:
    """What the buyers were told, by key."""

    bought: dict[str, str] = field(default_factory=dict)
    """Key → id of the order."""
    cancelled: set[str] = field(default_factory=set)
    delivered: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)
    """Answers that should not be: status and body."""
    tries: int = 0
    worst: float = 0.0


def run_all(
    arena: Arena, tokens: Sequence[str], keeper: str, errands: Sequence[Errand], answered: Callable[[], None]
) -> Tally:
    """Run every errand, as many at a time as there are tokens; calls `answered` after each.

    `keeper` is the token of the shopkeeper, who takes in what is delivered.
    """
    tally = Tally()
    lock = threading.Lock()
    waiting = iter(errands)

    def work(token: str) -> None:
        connection = arena.connect()
        for errand in _shared(waiting, lock):
            sender = token if isinstance(errand, Purchase) else keeper
            for request in _requests(errand, tally):
                started = time.monotonic()
                answer, tries = _insist(connection, sender, *request, key=errand.key)
                with lock:
                    _note(tally, errand, answer)
                    tally.tries += tries
                    tally.worst = max(tally.worst, time.monotonic() - started)
            with lock:
                answered()
        connection.close()

    threads = [threading.Thread(target=work, args=(token,), daemon=True) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def send(
    connection: HTTPConnection, token: str, method: str, path: str, content: Any, *, key: str
) -> Answer | None:
    """Ask once; None when no answer came, so that nobody knows whether it was done."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }
    try:
        connection.request(method, path, json.dumps(content), headers)
        response = connection.getresponse()
        return Answer(response.status, response.read(), response.getheader("Retry-After"))
    except (OSError, HTTPException):
        connection.close()
        return None


def order_of(basket: Basket) -> dict[str, Any]:
    """The body that orders it."""
    return {"lines": [{"sku": sku, "quantity": quantity} for sku, quantity in basket.items()]}


def _shared(waiting: Iterator[Errand], lock: threading.Lock) -> Iterator[Errand]:
    while True:
        with lock:
            errand = next(waiting, None)
        if errand is None:
            return
        yield errand


def _requests(errand: Errand, tally: Tally) -> Iterator[tuple[str, str, Any]]:
    """Method, path and content of what the errand takes, the second when the first was answered."""
    if isinstance(errand, Delivery):
        received = {"delta": errand.units, "reason": "receive"}
        yield "POST", f"/v1/variants/{errand.sku}/stock-movements", received
        return
    yield "POST", "/v1/orders", order_of(errand.basket)
    if errand.regretted and errand.key in tally.bought:
        yield "PUT", f"/v1/orders/{tally.bought[errand.key]}/cancellation", {}


def _insist(
    connection: HTTPConnection, token: str, method: str, path: str, content: Any, *, key: str
) -> tuple[Answer | None, int]:
    """The final answer, if any came, and how often it took to get it."""
    for tries in range(1, MOST_TRIES + 1):
        answer = send(connection, token, method, path, content, key=key)
        if answer is not None and answer.status != 503:
            return answer, tries
        time.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.01 * 2**tries)))  # noqa: S311  # no secret
    return None, MOST_TRIES


def _note(tally: Tally, errand: Errand, answer: Answer | None) -> None:
    if answer is None:
        tally.unanswered.add(errand.key)
    elif answer.status == 201 and isinstance(errand, Delivery):
        tally.delivered.add(errand.key)
    elif answer.status == 201 and tally.bought.get(errand.key) in (None, answer.json["id"]):
        tally.bought[errand.key] = answer.json["id"]
    elif answer.status == 200 and answer.json["order_status"] == "cancelled":
        tally.cancelled.add(errand.key)
    elif answer.status == 409 and answer.json["code"] == "out-of-stock":
        tally.refused.add(errand.key)
    else:
        tally.strange.append(f"{answer.status} {answer.body[:200].decode(errors='replace')}")
