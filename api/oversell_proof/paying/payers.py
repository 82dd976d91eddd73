"""Payers: each follows a script of orders and payments, and sends again whatever is not answered."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from api.oversell_proof.buyers import Answer, insist
from api.oversell_proof.temporary_server import TemporaryServer

Script = Literal["pay", "decline first", "abandon", "later", "bounce", "withdraw", "come late", "two tabs"]
"""`later` and `bounce`: a debit that arrives, or does not; `come late`: pay as the order expires."""

After = Literal["nothing", "refund", "refund a part", "cancel", "cancel a part"]
"""The shopkeeper's answer to it."""

COUPON = "PROOF"
SCRIPTS: tuple[Script, ...] = get_args(Script)
AFTERS: tuple[After, ...] = ("nothing", "nothing", *get_args(After))


@dataclass(frozen=True, slots=True)
class Payer:
    """A buyer of two units at most."""

    key: str
    script: Script
    after: After
    units: int
    has_coupon: bool
    returns: int
    """How often they press the button that leads back to the shop."""


@dataclass(slots=True)
class Ledger:
    """The answers so far."""

    ordered: dict[str, str] = field(default_factory=dict)
    """Key → id of the order."""
    captured: set[str] = field(default_factory=set)
    """Payments that a buyer has read to be captured."""
    chosen: set[str] = field(default_factory=set)
    """Payments that a buyer has made at the provider."""
    refunds: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    refused: int = 0
    unanswered: int = 0
    tries: int = 0
    strange: list[str] = field(default_factory=list)
    """Unexpected answers: what was sent, status and body."""


def payers_of(count: int, seed: int) -> list[Payer]:
    """So many payers, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    return [
        Payer(
            key=f"payer-{number}",
            script=chance.choice(SCRIPTS),
            after=chance.choice(AFTERS),
            units=chance.randint(1, 2),
            has_coupon=chance.random() < 0.3,
            returns=chance.randint(0, 2),
        )
        for number in range(count)
    ]


def run_all(
    server: TemporaryServer,
    tokens: Sequence[str],
    keeper: str,
    payers: Sequence[Payer],
    *,
    expire: Callable[[str], None],
    on_done: Callable[[], None],
) -> Ledger:
    """Let every payer follow their script, as many at a time as there are tokens."""
    ledger, lock = Ledger(), threading.Lock()

    def work(numbered: tuple[int, Payer]) -> None:
        number, payer = numbered
        visit = _Visit(server, tokens[number % len(tokens)], keeper, payer, ledger, lock, expire)
        visit.follow()
        with lock:
            on_done()

    with ThreadPoolExecutor(len(tokens)) as pool:
        list(pool.map(work, enumerate(payers)))
    return ledger


@dataclass(slots=True)
class _Visit:
    server: TemporaryServer
    token: str
    keeper: str
    payer: Payer
    ledger: Ledger
    lock: threading.Lock
    expire: Callable[[str], None]
    _sent: int = 0

    def follow(self) -> None:
        order = self._order(has_coupon=self.payer.has_coupon)
        if order is None:
            return
        path = f"/v1/orders/{order['id']}"
        self._pay(path, order["id"], order["payment"]["id"])
        self._judge(path)

    def _order(self, *, has_coupon: bool) -> dict[str, Any] | None:
        body = {
            "lines": [{"sku": "proof", "quantity": self.payer.units}],
            "coupons": [COUPON] if has_coupon else [],
            "payment": {"provider": "test"},
        }
        answer = self._send("POST", "/v1/orders", body, also=(409,))
        if answer is None:
            return None
        if answer.status == 201:
            with self.lock:
                self.ledger.ordered[f"{self.payer.key} {has_coupon}"] = answer.json["id"]
            made: dict[str, Any] = answer.json
            return made
        if answer.json["code"] == "coupon-not-applicable":
            return self._order(has_coupon=False)
        with self.lock:
            self.ledger.refused += 1
        return None

    def _pay(self, path: str, order_id: str, payment: str) -> None:
        match self.payer.script:
            case "pay":
                self._choose(payment, "success")
            case "decline first":
                self._choose(payment, "decline")
                self._return(path, payment)
                self._again(path)
                return
            case "abandon":
                self._choose(payment, "abandon")
            case "later":
                self._choose(payment, "delayed_success")
            case "bounce":
                self._choose(payment, "delayed_failure")
            case "withdraw":
                self._both(
                    lambda: self._choose(payment, "success"),
                    lambda: self._send("PUT", f"{path}/cancellation", {}, also=(409,)),
                )
            case "come late":
                self._choose(payment, "success")
                self.expire(order_id)
            case "two tabs":
                self._both(lambda: self._again(path), lambda: self._again(path))
                return
        self._both(*[lambda: self._return(path, payment)] * self.payer.returns)

    def _again(self, path: str) -> None:
        """Begin a payment, or find the one that was begun, and make it."""
        answer = self._send("POST", f"{path}/payments", {"provider": "test"}, also=(409,))
        if answer is not None and answer.status != 409:
            self._choose(answer.json["id"], "success")
            self._return(path, answer.json["id"])

    def _choose(self, payment: str, outcome: str) -> None:
        path = f"/v1/test-payments/{payment}/outcome"
        answer = self._send("PUT", path, {"outcome": outcome}, also=(409,))
        if answer is not None and answer.status == 200 and outcome == "success":
            with self.lock:
                self.ledger.chosen.add(payment)

    def _return(self, path: str, payment: str) -> None:
        answer = self._send("PUT", f"{path}/payments/{payment}/return", {})
        if answer is not None and answer.status == 200 and answer.json["state"] == "captured":
            with self.lock:
                self.ledger.captured.add(payment)

    def _judge(self, path: str) -> None:
        """Have the shopkeeper send money back, or cancel."""
        match self.payer.after:
            case "refund":
                self._refund(path, {})
            case "refund a part":
                self._both(*[lambda: self._refund(path, {"amount": {"amount": 300, "currency": "EUR"}})] * 2)
            case "cancel":
                answer = self._send("PUT", f"{path}/cancellation", {}, also=(409,), by=self.keeper)
                if answer is not None and answer.status == 200:
                    with self.lock:
                        self.ledger.cancelled.add(path.rpartition("/")[2])
            case "cancel a part":
                body = {"lines": [{"sku": "proof", "quantity": 1}]}
                self._send("PUT", f"{path}/cancellation", body, also=(409,), by=self.keeper)

    def _refund(self, path: str, body: Any) -> None:
        answer = self._send("POST", f"{path}/refunds", body, also=(409,), by=self.keeper)
        if answer is not None and answer.status == 201:
            with self.lock:
                self.ledger.refunds.add(answer.json["id"])

    def _both(self, *acts: Callable[[], Any]) -> None:
        """Do them at the same moment."""
        threads = [threading.Thread(target=act, daemon=True) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _send(
        self, method: str, path: str, body: Any, *, also: tuple[int, ...] = (), by: str = ""
    ) -> Answer | None:
        """The final answer; one that is neither a success nor among `also` is strange."""
        with self.lock:
            self._sent += 1
            key = f"{self.payer.key}-{self._sent}"
        connection = self.server.connect()
        answer, tries = insist(connection, by or self.token, method, path, body, key=key)
        connection.close()
        with self.lock:
            self.ledger.tries += tries
            if answer is None:
                self.ledger.unanswered += 1
            elif answer.status not in (200, 201, *also):
                text = answer.body[:200].decode(errors="replace")
                self.ledger.strange.append(f"{method} {path}: {answer.status} {text}")
        return answer
