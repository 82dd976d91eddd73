"""The test provider: no money moves, and everything else is as with a real one.

Its events are left in the transaction that makes them, so none has to be signed or come over HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from msgspec import structs

from api.shop.payments.port import Ask, Begun, Hint, NotSigned, ProviderName, Refused, Seen, Sent
from api.shop.payments.providers.test import queries
from api.shop.payments.providers.test.outcomes import as_of
from api.shop.payments.providers.test.records import TestPayment
from api.storage import Database, Transaction

PAGE = "/test-payments/{payment}"
"""The path of the page on which buyers choose."""


@dataclass(frozen=True)
class TestProvider:
    """The provider `test` of the site at `url`."""

    db: Database
    url: str
    label: str
    name: ClassVar[ProviderName] = "test"
    is_test: ClassVar[bool] = True

    def open(self, ask: Ask) -> Seen:
        """Put the payment into the books; the same id with other values is refused."""
        new = TestPayment(
            id=ask.payment,
            label=ask.label,
            amount=ask.amount,
            currency=ask.currency,
            return_url=ask.return_url,
            takes_at_once=int(ask.capture),
            state="open",
            captured=0,
            failure=None,
            outcome=None,
            settles_as=None,
            settles_at=None,
            ends_at=ask.ends_at,
        )
        with self.db.write() as tx:
            if queries.insert_payment(tx, new):
                return self._seen(tx, new)
            known = _find(tx, ask.payment)
            if any(getattr(known, name) != getattr(new, name) for name in _FIXED):
                raise Refused("same-id", "The payment was begun with other values.")
            return self._seen(tx, known)

    def look(self, begun: Begun) -> Seen:
        """The books, as they are now."""
        with self.db.read() as tx:
            return self._seen(tx, _find(tx, begun.payment))

    def cancel(self, begun: Begun) -> Seen:
        """Close the page, or let go of what is reserved."""
        with self.db.write() as tx:
            payment = as_of(_find(tx, begun.payment, lock=True), tx.now)
            if payment.state in ("open", "authorised"):
                payment = structs.replace(payment, state="cancelled")
                queries.update_payment(tx, payment)
            return self._seen(tx, payment)

    def capture(self, begun: Begun, *, amount: int) -> Seen:
        """Take so much of what is reserved; the same again changes nothing."""
        with self.db.write() as tx:
            payment = as_of(_find(tx, begun.payment, lock=True), tx.now)
            if payment.state == "captured" and payment.captured == amount:
                return self._seen(tx, payment)
            if payment.state != "authorised":
                raise Refused("not-authorised", f"The payment is {payment.state}.")
            if not 0 < amount <= payment.amount:
                raise Refused("amount-too-large", f"Only {payment.amount} is reserved.")
            payment = structs.replace(payment, state="captured", captured=amount)
            queries.update_payment(tx, payment)
            return self._seen(tx, payment)

    def refund(self, begun: Begun, *, refund: str, amount: int) -> Sent:
        """Write a refund down, once for each id, and never more than was taken."""
        with self.db.write() as tx:
            payment = as_of(_find(tx, begun.payment, lock=True), tx.now)
            if queries.find_refund(tx, refund_id=refund, payment_id=payment.id) is None:
                if queries.sum_refunds(tx, payment_id=payment.id) + amount > payment.captured:
                    raise Refused("amount-too-large", "That is more than is left of the payment.")
                queries.insert_refund(tx, refund_id=refund, payment_id=payment.id, amount=amount)
            return Sent(refund, "succeeded")

    def hint(self, headers: Mapping[str, str], body: bytes) -> Hint | None:  # noqa: ARG002
        """Refused: its events do not come over HTTP."""
        raise NotSigned

    def payment_of(self, about: str) -> str | None:  # noqa: ARG002
        """None: it knows our payments by our ids."""
        return None

    def _seen(self, tx: Transaction, payment: TestPayment) -> Seen:
        now = as_of(payment, tx.now)
        return Seen(
            now.state,
            reference=now.id,
            captured=now.captured,
            next_url=self.url + PAGE.format(payment=now.id) if now.state == "open" else None,
            ends_at=now.ends_at if now.state == "open" else None,
            failure=now.failure,
        )


_FIXED = ("label", "amount", "currency", "return_url", "takes_at_once", "ends_at")


def _find(tx: Transaction, payment_id: str, *, lock: bool = False) -> TestPayment:
    payment = queries.find_payment(tx, payment_id=payment_id, lock=lock)
    if payment is None:
        raise Refused("unknown", "There is no such payment.")
    return payment
