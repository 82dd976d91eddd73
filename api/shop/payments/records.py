"""Payments, as a shopkeeper enters them and as they are stored and shown."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.shop.money import TOTAL_MOST, Currency, Money
from api.text.fields import Label, Time, Title

Provider = Literal["manual"]
PaymentState = Literal["captured"]


class PaymentAmount(Money, frozen=True, forbid_unknown_fields=True):
    """An amount above 0."""

    amount: Annotated[int, Meta(ge=1, le=TOTAL_MOST)]
    currency: Currency


class PaymentDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A new payment."""

    method: Annotated[Label, Meta(description="The method of payment: cash, transfer, …")]
    amount: PaymentAmount
    reference: Title | None = None


class Payment(Struct, frozen=True):
    """Money received for an order."""

    id: str
    provider: Provider
    state: PaymentState
    method: str
    amount: Money
    reference: str | None
    created_at: Time
