"""Buyers who never give up: a request whose answer is lost is sent again with the same key."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any, TypeAlias

from api.oversell_proof.temporary_server import TemporaryServer

MOST_TRIES = 200
LONGEST_PAUSE = 0.5

Basket = dict[str, int]


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order to place, and the key that makes a retry safe."""

    key: str
    basket: Basket
    then_cancelled: bool = False
    """Whether the order is cancelled as soon as it is placed."""


@dataclass(frozen=True, slots=True)
class Restock:
    """Units that the shopkeeper adds to the stock."""

    key: str
    sku: str
    units: int


Task: TypeAlias = Purchase | Restock


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request."""

    status: int
    body: bytes
    retry_after: str | None

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)


@dataclass(slots=True)
class Tally:
    """The answers so far, by the key of the task."""

    bought: dict[str, str] = field(default_factory=dict)
    """Key → id of the order."""
    cancelled: set[str] = field(default_factory=set)
    restocked: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)
    """Unexpected answers: status and body."""
    tries: int = 0
    worst: float = 0.0


def run_all(
    server: TemporaryServer,
    tokens: Sequence[str],
    keeper: str,
    tasks: Sequence[Task],
    on_done: Callable[[], None],
) -> Tally:
    """Run every task, as many at a time as there are tokens, and call `on_done` after each.

    `keeper` is the token of the shopkeeper, who restocks.
    """
    tally = Tally()
    lock = threading.Lock()
    waiting = iter(tasks)

    def work(token: str) -> None:
        connection = server.connect()
        for task in _shared(waiting, lock):
            sender = token if isinstance(task, Purchase) else keeper
            for request in _requests(task, tally):
                started = time.monotonic()
                answer, tries = insist(connection, sender, *request, key=task.key)
                with lock:
                    _note(tally, task, answer)
                    tally.tries += tries
                    tally.worst = max(tally.worst, time.monotonic() - started)
            with lock:
                on_done()
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
    """Send once; None if no answer came, so that nobody knows whether it was done."""
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


def insist(
    connection: HTTPConnection, token: str, method: str, path: str, content: Any, *, key: str
) -> tuple[Answer | None, int]:
    """The final answer, if any came, and the number of tries."""
    for tries in range(1, MOST_TRIES + 1):
        answer = send(connection, token, method, path, content, key=key)
        if answer is not None and answer.status != 503:
            return answer, tries
        time.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.01 * 2**tries)))  # noqa: S311  # no secret
    return None, MOST_TRIES


def order_of(basket: Basket) -> dict[str, Any]:
    """The body of an order of `basket`."""
    return {"lines": [{"sku": sku, "quantity": quantity} for sku, quantity in basket.items()]}


def _shared(waiting: Iterator[Task], lock: threading.Lock) -> Iterator[Task]:
    while True:
        with lock:
            task = next(waiting, None)
        if task is None:
            return
        yield task


def _requests(task: Task, tally: Tally) -> Iterator[tuple[str, str, Any]]:
    """Method, path and content of each request of the task; the second needs the answer to the first."""
    if isinstance(task, Restock):
        received = {"delta": task.units, "reason": "receive"}
        yield "POST", f"/v1/variants/{task.sku}/stock-movements", received
        return
    yield "POST", "/v1/orders", order_of(task.basket)
    if task.then_cancelled and task.key in tally.bought:
        yield "PUT", f"/v1/orders/{tally.bought[task.key]}/cancellation", {}


def _note(tally: Tally, task: Task, answer: Answer | None) -> None:
    if answer is None:
        tally.unanswered.add(task.key)
    elif answer.status == 201 and isinstance(task, Restock):
        tally.restocked.add(task.key)
    elif answer.status == 201 and tally.bought.get(task.key) in (None, answer.json["id"]):
        tally.bought[task.key] = answer.json["id"]
    elif answer.status == 200 and answer.json["order_status"] == "cancelled":
        tally.cancelled.add(task.key)
    elif answer.status == 409 and answer.json["code"] == "out-of-stock":
        tally.refused.add(task.key)
    else:
        tally.strange.append(f"{answer.status} {answer.body[:200].decode(errors='replace')}")
