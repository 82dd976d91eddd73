"""Payments, as a shopkeeper enters them and as they are stored and shown."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.shop.money import TOTAL_MOST, Currency, Money, money_example
from api.text.fields import Label, Time, Title, id_example

Provider = Literal["manual"]
PaymentState = Literal["captured"]


class PaymentAmount(Money, frozen=True, forbid_unknown_fields=True):
    """An amount above 0."""

    amount: Annotated[int, Meta(ge=1, le=TOTAL_MOST, examples=[3800])]
    currency: Currency


class PaymentDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A new payment."""

    method: Annotated[
        Label, Meta(description="The method of payment: cash, transfer, …", examples=["transfer"])
    ]
    amount: PaymentAmount
    reference: Annotated[Title, Meta(examples=["2026-1042"])] | None = None


class Payment(Struct, frozen=True):
    """Money received for an order."""

    id: Annotated[str, id_example("pay")]
    provider: Provider
    state: PaymentState
    method: Annotated[str, Meta(examples=["transfer"])]
    amount: Annotated[Money, money_example(3800)]
    reference: Annotated[str | None, Meta(examples=["2026-1042"])]
    created_at: Time
