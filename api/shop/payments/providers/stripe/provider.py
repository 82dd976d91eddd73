"""Stripe: the buyer pays on its hosted Checkout page and comes back, and no card number is ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import msgspec
import stripe

from api import times
from api.shop.payments.port import (
    Ask,
    Begun,
    Dispute,
    Hint,
    NotSigned,
    ProviderName,
    Refused,
    Seen,
    Sent,
)
from api.shop.payments.providers.stripe.calls import answer, is_replayed, once
from api.shop.payments.providers.stripe.reading import (
    failure_of,
    instant_of,
    metadata_of,
    state_of,
    status_of,
)

TIMEOUT, RETRIES = 8.0, 1
"""The package waits 80 s and tries twice more by itself: too long for a thread of the server."""

SLACK_SECONDS = 120
"""Stripe refuses a page of less than 30 minutes from its own clock; 30 minutes may travel this long."""

TOLERANCE_SECONDS = 300


@dataclass(frozen=True)
class Stripe:
    """The account that `key` belongs to; `base` is another address than Stripe's own, for tests."""

    key: str
    webhook_secrets: tuple[str, ...]
    label: str
    base: str | None = None
    name: ClassVar[ProviderName] = "stripe"

    @property
    def is_test(self) -> bool:
        """Whether the key is one for trying."""
        return "_test_" in self.key

    def open(self, ask: Ask) -> Seen:
        """Make a page for the payment, or find the one that was made."""
        try:
            session = self._create(ask, ask.email)
        except Refused as refusal:
            if refusal.code != "email_invalid":
                raise
            session = self._create(ask, None)  # the buyer enters another one there
        begun = Begun(ask.payment, session.id, ask.amount, ask.currency)
        return self.look(begun) if is_replayed(session.last_response) else self._seen(session, begun)

    def look(self, begun: Begun) -> Seen:
        """The page and its payment as they are now."""
        return self._seen(self._session(begun), begun)

    def cancel(self, begun: Begun) -> Seen:
        """Close the page, or let go of what is reserved, unless it is too late."""
        if begun.reference is None:
            return Seen("cancelled")  # if there is a page, nobody was sent to it
        session = self._session(begun)
        try:
            if session.status == "open":
                answer(lambda: self._api.checkout.sessions.expire(session.id))
            elif status_of(session) == "requires_capture":
                answer(lambda: self._api.payment_intents.cancel(session.payment_intent.id))
        except Refused:
            pass  # it was paid, or it ended, this very moment
        return self.look(begun)

    def capture(self, begun: Begun, *, amount: int) -> Seen:
        """Take so much of what is reserved, and let go of the rest."""
        intent = self._session(begun).payment_intent
        if intent is None:
            raise Refused("not-authorised", "Nothing is reserved yet.")
        try:
            once(
                lambda key: self._api.payment_intents.capture(
                    intent.id, params={"amount_to_capture": amount}, options={"idempotency_key": key}
                ),
                f"capture:{begun.payment}:{amount}",
            )
        except Refused:
            seen = self.look(begun)
            if seen.captured != amount:
                raise
            return seen  # it was taken before
        return self.look(begun)

    def refund(self, begun: Begun, *, refund: str, amount: int) -> Sent:
        """Send money back. Stripe forgets keys after a day, so what was sent is looked for first."""
        intent = self._session(begun).payment_intent
        if intent is None:
            raise Refused("not-captured", "Nothing was paid.")

        def sent() -> Any:
            page = answer(lambda: self._api.refunds.list(params={"payment_intent": intent.id, "limit": 100}))
            return next((each for each in page.data if metadata_of(each).get("refund") == refund), None)

        def create(key: str) -> Any:
            return sent() or self._api.refunds.create(
                params={
                    "payment_intent": intent.id,
                    "amount": amount,
                    "metadata": {"refund": refund, "payment": begun.payment},
                },
                options={"idempotency_key": key},
            )

        made = once(create, f"refund:{refund}")
        if made.status in ("failed", "canceled"):
            raise Refused(made.failure_reason or "refund-failed")
        return Sent(made.id, "succeeded" if made.status == "succeeded" else "pending")

    def hint(self, headers: Mapping[str, str], body: bytes) -> Hint | None:
        """The payment that our metadata names; a dispute has none, but names the payment as Stripe does."""
        self._verify(headers.get("stripe-signature", ""), body)
        event = msgspec.json.decode(body)
        about = event["data"]["object"]
        payment = (about.get("metadata") or {}).get("payment")
        if isinstance(payment, str):
            return Hint(event["id"], payment)
        if event["type"].startswith("charge.dispute.") and isinstance(about.get("payment_intent"), str):
            return Hint(event["id"], None, about=about["payment_intent"])
        return None

    def payment_of(self, about: str) -> str | None:
        """Our payment behind one of Stripe's."""
        try:
            intent = answer(lambda: self._api.payment_intents.retrieve(about))
        except Refused:
            return None
        return metadata_of(intent).get("payment")

    @cached_property
    def _api(self) -> Any:
        client = stripe.StripeClient(
            self.key,
            http_client=stripe.RequestsClient(timeout=TIMEOUT),
            max_network_retries=RETRIES,
            base_addresses={"api": self.base} if self.base else {},
        )
        return client.v1

    def _create(self, ask: Ask, email: str | None) -> Any:
        ours = {"payment": ask.payment, "order": ask.order}
        price = {
            "currency": ask.currency.lower(),
            "unit_amount": ask.amount,
            "product_data": {"name": ask.label},
        }
        params = {
            "mode": "payment",
            "client_reference_id": ask.payment,
            "line_items": [{"quantity": 1, "price_data": price}],
            "metadata": ours,
            "payment_intent_data": {
                "capture_method": "automatic" if ask.capture else "manual",
                "description": ask.label,
                "metadata": ours,
            },
            "success_url": ask.return_url,
            "cancel_url": ask.return_url,
            # Of what is stored, not of the clock: Stripe refuses a key that comes with other parameters.
            "expires_at": int(times.moment(ask.ends_at).timestamp()) + SLACK_SECONDS,
            "adaptive_pricing": {"enabled": False},
            **({"customer_email": email} if email else {}),
        }
        return once(
            lambda key: self._api.checkout.sessions.create(params=params, options={"idempotency_key": key}),
            f"open:{ask.payment}" if email else f"open:{ask.payment}:no-email",
        )

    def _session(self, begun: Begun) -> Any:
        if begun.reference is None:
            raise Refused("not-begun", "Stripe has not answered yet: open the payment again.")
        expand = {"expand": ["payment_intent.latest_charge"]}
        return answer(lambda: self._api.checkout.sessions.retrieve(begun.reference, params=expand))

    def _seen(self, session: Any, begun: Begun) -> Seen:
        state, mismatch = state_of(session), self._mismatch(session, begun)
        if mismatch is not None and state != "cancelled":
            return Seen("failed", session.id, failure="mismatch", mismatch=mismatch)
        intent = session.payment_intent
        return Seen(
            state,
            session.id,
            captured=intent.amount_received if state == "captured" else 0,
            next_url=session.url if state == "open" else None,
            ends_at=instant_of(session.expires_at) if state == "open" else None,
            failure=failure_of(intent) if intent and state in ("open", "failed") else None,
            dispute=self._dispute(intent) if state == "captured" else None,
        )

    def _mismatch(self, session: Any, begun: Begun) -> str | None:
        """The difference between what Stripe holds and what we asked for, for people."""
        if session.livemode == self.is_test:
            return "a test payment with a live key, or a live one with a test key"
        expected = f"{begun.amount} {begun.currency}"
        held = f"{session.amount_total} {session.currency.upper()}"
        if held != expected:
            return f"{held} instead of {expected}"
        if metadata_of(session).get("payment") != begun.payment:
            return "the page of another payment"
        return None

    def _dispute(self, intent: Any) -> Dispute | None:
        charge = intent.latest_charge
        if charge is None or not charge.disputed:
            return None
        page = answer(lambda: self._api.disputes.list(params={"payment_intent": intent.id, "limit": 1}))
        if not page.data or page.data[0].status.startswith("warning_"):  # a question, and no money moves
            return None
        newest = page.data[0]
        state: Literal["open", "won", "lost"] = newest.status if newest.status in ("won", "lost") else "open"
        return Dispute(newest.id, newest.amount, state)

    def _verify(self, signature: str, body: bytes) -> None:
        for secret in self.webhook_secrets:
            try:
                stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE_SECONDS)
            except (
                stripe.SignatureVerificationError,
                TypeError,
                ValueError,
            ):  # of another secret, or garbage
                continue
            return
        raise NotSigned
