"""Test payments over HTTP."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.shop.money import Money, money_example
from api.shop.payments.port import PaymentState
from api.shop.payments.providers.test.records import Outcome, TestPayment
from api.text.fields import id_example


class OutcomeBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The choice of the buyer."""

    outcome: Annotated[
        Outcome,
        Meta(
            description="`challenge`: the bank asks the buyer once more, then another outcome follows."
            " `delayed_…`: decided after 10 s, or at once by `success` or `decline`.",
            examples=["success"],
        ),
    ]


class TestPaymentView(Struct, frozen=True):
    """A payment as the provider `test` knows it."""

    id: Annotated[str, id_example("pay")]
    state: PaymentState
    outcome: Outcome | None
    """The latest choice of the buyer."""
    amount: Annotated[Money, money_example(3800)]
    captured: Annotated[Money, money_example(3800)]
    failure: Annotated[str | None, Meta(examples=["card_declined"])]

    @classmethod
    def of(cls, payment: TestPayment) -> TestPaymentView:
        return cls(
            payment.id,
            payment.state,
            payment.outcome,
            Money(payment.amount, payment.currency),
            Money(payment.captured, payment.currency),
            payment.failure,
        )
