"""Payments as JSON."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.shop.money import Money, money_example
from api.shop.payments.port import PaymentState
from api.shop.payments.records import MANUAL, Payment
from api.text.fields import Time, id_example
from api.web.views import view_of


class NextStep(msgspec.Struct):
    """The page on which the buyer pays, and until when."""

    url: Annotated[str, Meta(examples=["https://shop.example/test-payments/pay_01kat8xq6hv3zj5r2m9w4n7bcd"])]
    expires_at: Time | None


class Failure(msgspec.Struct):
    """The reason why no money came, in the provider's words for programs."""

    code: Annotated[str, Meta(examples=["card_declined"])]


class PaymentView(msgspec.Struct):
    id: Annotated[str, id_example("pay")]
    provider: Annotated[str, Meta(examples=["manual"])]
    state: Annotated[PaymentState, Meta(examples=["captured"])]
    amount: Annotated[Money, money_example(3800)]
    captured: Annotated[Money, money_example(3800)]
    refunded: Annotated[Money, money_example(0)]
    method: Annotated[str | None, Meta(examples=["transfer"])]
    reference: Annotated[str | None, Meta(examples=["2026-1042"])]
    next: Annotated[NextStep | None, Meta(description="What the buyer has to do.", examples=[None])]
    failure: Annotated[Failure | None, Meta(examples=[None])]
    instructions: Annotated[
        str | None, Meta(description="How to pay by hand, in the shop's words.", examples=[None])
    ]
    created_at: Time

    @classmethod
    def of(cls, payment: Payment, *, instructions: str = "") -> PaymentView:
        """A payment; `instructions` are for one that the buyer is to make by hand."""
        currency = payment.currency
        waits = payment.provider == MANUAL and payment.state == "open"
        return view_of(
            cls,
            payment,
            amount=Money(payment.amount, currency),
            captured=Money(payment.captured, currency),
            refunded=Money(payment.refunded, currency),
            next=NextStep(payment.next_url, payment.ends_at) if payment.next_url else None,
            failure=Failure(payment.failure) if payment.failure else None,
            instructions=instructions or None if waits else None,
        )
