"""The account at the stand-in: pages, payments, refunds and disputes, by Stripe's own rules.

The buyer and the bank are methods: `pay`, `settle`, `dispute`.
"""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from tests.standins.stripe.events import Events

LEAST_SECONDS, MOST_SECONDS = 1_800, 86_400
"""From its making to the end of a page."""
LEAST_AMOUNT = 50

Thing = dict[str, Any]


class Refusal(Exception):
    """An error of the API."""

    def __init__(self, message: str, code: str | None = None, *, status: int = 400, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        kind = more.pop("type", "invalid_request_error")
        self.body = {"error": {"type": kind, "code": code, "message": message, **more}}


@dataclass
class Account:
    """`now` is its clock, in seconds."""

    key: str = "sk_test_kiosque"
    secret: str = "whsec_kiosque"
    now: Callable[[], float] = time.time
    url: str = "https://checkout.stripe.test"
    sessions: dict[str, Thing] = field(default_factory=dict)
    intents: dict[str, Thing] = field(default_factory=dict)
    charges: dict[str, Thing] = field(default_factory=dict)
    refunds: dict[str, Thing] = field(default_factory=dict)
    disputes: dict[str, Thing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lock, self._numbers = threading.RLock(), count(1)
        self.is_live = "_live_" in self.key
        self.events = Events(self.secret, self.is_live)

    def books(self) -> dict[str, tuple[int, int]]:
        """Our payment → what came, and what went back."""
        return {
            session["metadata"]["payment"]: (intent["amount_received"], self._refunded(intent["id"]))
            for session in self.sessions.values()
            for intent in [self.intents[session["_intent"]]]
        }

    def pay(self, session_id: str, how: Literal["card", "decline", "debit"] = "card") -> None:
        """Pay on the page; nothing happens on one that has ended."""
        with self.lock:
            session = self._current(session_id)
            intent = self.intents[session["_intent"]]
            if session["status"] != "open":
                return
            session["payment_intent"] = intent["id"]
            if how == "decline":
                self._decline(intent, "card_declined", "insufficient_funds")
                self.events.add("payment_intent.payment_failed", intent)
                return
            session |= {"status": "complete", "url": None}
            self._charge(intent)
            if how == "debit":
                intent["status"] = "processing"
            elif intent["capture_method"] == "manual":
                intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
                self.events.add("payment_intent.amount_capturable_updated", intent)
            else:
                self._receive(session, intent, intent["amount"])
            self.events.add("checkout.session.completed", shown(session))

    def settle(self, session_id: str, *, ok: bool) -> None:
        """A debit arrives, or bounces."""
        with self.lock:
            session = self.sessions[session_id]
            intent = self.intents[session["_intent"]]
            if ok:
                self._receive(session, intent, intent["amount"])
            else:
                self._decline(intent, "payment_intent_payment_attempt_failed", None)
            word = "succeeded" if ok else "failed"
            self.events.add(f"checkout.session.async_payment_{word}", shown(session))

    def dispute(self, session_id: str, status: str = "needs_response") -> None:
        """The buyer's bank takes the money back, or decides about it."""
        with self.lock:
            intent = self.intents[self.sessions[session_id]["_intent"]]
            self.charges[intent["latest_charge"]]["disputed"] = True
            known = next(
                (own for own in self.disputes.values() if own["payment_intent"] == intent["id"]), None
            )
            dispute = known or self._new("dp", "dispute", amount=intent["amount_received"])
            dispute |= {"payment_intent": intent["id"], "charge": intent["latest_charge"], "status": status}
            self.disputes[dispute["id"]] = dispute
            self.events.add("charge.dispute.closed" if known else "charge.dispute.created", dispute)

    def create_session(self, form: Thing) -> Thing:
        ends_at, now = int(form.get("expires_at", self.now() + MOST_SECONDS)), self.now()
        if not LEAST_SECONDS <= ends_at - now <= MOST_SECONDS:
            raise Refusal("The `expires_at` timestamp must be 30 minutes to 24 hours from creation.")
        if form.get("customer_email", "@").endswith(".invalid"):
            raise Refusal("Invalid email address", "email_invalid", param="customer_email")
        line = form["line_items"]["0"]
        amount = int(line["price_data"]["unit_amount"]) * int(line["quantity"])
        if amount < LEAST_AMOUNT:
            raise Refusal("The total amount must convert to at least 50 cents.", "amount_too_small")
        own = form["payment_intent_data"]
        intent = self._new(
            "pi",
            "payment_intent",
            amount=amount,
            amount_capturable=0,
            amount_received=0,
            currency=line["price_data"]["currency"],
            capture_method=own["capture_method"],
            description=own["description"],
            status="requires_payment_method",
            last_payment_error=None,
            latest_charge=None,
            metadata=own["metadata"],
        )
        session = self._new(
            "cs_test",
            "checkout.session",
            amount_subtotal=amount,
            amount_total=amount,
            currency=intent["currency"],
            client_reference_id=form["client_reference_id"],
            customer_email=form.get("customer_email"),
            expires_at=ends_at,
            metadata=form["metadata"],
            mode=form["mode"],
            payment_intent=None,
            payment_status="unpaid",
            status="open",
            success_url=form["success_url"],
            cancel_url=form["cancel_url"],
        )
        session |= {"url": f"{self.url}/pay/{session['id']}", "_intent": intent["id"]}
        self.intents[intent["id"]], self.sessions[session["id"]] = intent, session
        return shown(session)

    def retrieve_session(self, form: Thing, session_id: str) -> Thing:
        session = shown(self._current(session_id))
        if "expand" in form and session["payment_intent"]:
            intent = copy.deepcopy(self.intents[session["payment_intent"]])
            intent["latest_charge"] = self.charges.get(intent["latest_charge"])
            session["payment_intent"] = intent
        return session

    def expire_session(self, _form: Thing, session_id: str) -> Thing:
        session = self._current(session_id)
        if session["status"] != "open":
            raise Refusal(
                f"Only Checkout Sessions with a status in [open] can be expired: {session['status']}."
            )
        session |= {"status": "expired", "url": None}
        self.events.add("checkout.session.expired", shown(session))
        return shown(session)

    def retrieve_intent(self, _form: Thing, intent_id: str) -> Thing:
        if intent_id not in self.intents:
            raise Refusal("No such payment_intent", "resource_missing", status=404)
        return self.intents[intent_id]

    def capture_intent(self, form: Thing, intent_id: str) -> Thing:
        intent = self._reserved(intent_id)
        amount = int(form.get("amount_to_capture", intent["amount"]))
        if amount > intent["amount_capturable"]:
            raise Refusal("The amount could not be captured.", "amount_too_large")
        session = next(own for own in self.sessions.values() if own["_intent"] == intent_id)
        self._receive(session, intent, amount)
        return intent

    def cancel_intent(self, _form: Thing, intent_id: str) -> Thing:
        intent = self._reserved(intent_id)
        intent |= {"status": "canceled", "amount_capturable": 0}
        self.events.add("payment_intent.canceled", intent)
        return intent

    def create_refund(self, form: Thing) -> Thing:
        intent, amount = self.intents[form["payment_intent"]], int(form["amount"])
        left = intent["amount_received"] - self._refunded(intent["id"])
        if amount > left:
            code = None if left else "charge_already_refunded"
            raise Refusal("Refund amount is greater than unrefunded amount on charge", code)
        refund = self._new(
            "re",
            "refund",
            amount=amount,
            currency=intent["currency"],
            payment_intent=intent["id"],
            charge=intent["latest_charge"],
            metadata=form["metadata"],
            status="succeeded",
        )
        self.refunds[refund["id"]] = refund
        self.events.add("refund.created", refund)
        return refund

    def list_refunds(self, form: Thing) -> Thing:
        return self._listed(self.refunds, form)

    def list_disputes(self, form: Thing) -> Thing:
        return self._listed(self.disputes, form)

    def _new(self, prefix: str, kind: str, **fields: Any) -> Thing:
        made = {"id": f"{prefix}_{next(self._numbers):06d}", "object": kind, "created": int(self.now())}
        marked = {} if kind == "refund" else {"livemode": self.is_live}
        return made | marked | {"metadata": {}} | fields

    def _current(self, session_id: str) -> Thing:
        if session_id not in self.sessions:
            raise Refusal("No such checkout.session", "resource_missing", status=404)
        session = self.sessions[session_id]
        if session["status"] == "open" and session["expires_at"] <= self.now():
            session |= {"status": "expired", "url": None}
        return session

    def _reserved(self, intent_id: str) -> Thing:
        intent = self.intents[intent_id]
        if intent["status"] != "requires_capture":
            raise Refusal(f"The status is {intent['status']}.", "payment_intent_unexpected_state")
        return intent

    def _charge(self, intent: Thing) -> None:
        charge = self._new("ch", "charge", amount=intent["amount"], disputed=False)
        self.charges[charge["id"]] = charge
        intent["latest_charge"] = charge["id"]

    def _receive(self, session: Thing, intent: Thing, amount: int) -> None:
        intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
        session["payment_status"] = "paid"
        self.events.add("payment_intent.succeeded", intent)

    def _decline(self, intent: Thing, code: str, decline_code: str | None) -> None:
        error = {"code": code, "message": "It was declined.", "type": "card_error"}
        if decline_code is not None:
            error["decline_code"] = decline_code
        intent |= {"status": "requires_payment_method", "last_payment_error": error}

    def _refunded(self, intent_id: str) -> int:
        return sum(
            own["amount"]
            for own in self.refunds.values()
            if own["payment_intent"] == intent_id and own["status"] != "failed"
        )

    def _listed(self, things: dict[str, Thing], form: Thing) -> Thing:
        own = [each for each in things.values() if each["payment_intent"] == form["payment_intent"]]
        return {"object": "list", "has_more": False, "url": "/v1", "data": own[::-1]}


def shown(thing: Thing) -> Thing:
    """The thing as the API shows it."""
    return {name: value for name, value in thing.items() if not name.startswith("_")}
