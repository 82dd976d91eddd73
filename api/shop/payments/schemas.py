"""Payments as JSON."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from api.shop.money import Money
from api.shop.orders.schemas import AmountBody
from api.shop.payments.records import Payment
from api.shop.variants.schemas import Body
from api.text.fields import Label, Time, Title
from api.web.paging import PageQuery


class PaymentBody(Body):
    method: Annotated[Label, Meta(description="How it was paid: cash, transfer, …")]
    amount: AmountBody
    reference: Title | None = None


class PaymentView(msgspec.Struct):
    id: str
    provider: Literal["manual"]
    state: Literal["captured"]
    method: str
    amount: Money
    reference: str | None
    created_at: Time

    @classmethod
    def of(cls, payment: Payment) -> PaymentView:
        """A payment."""
        return cls(
            id=payment.id,
            provider=payment.provider,  # type: ignore[arg-type]  # the table has a CHECK for both
            state=payment.state,  # type: ignore[arg-type]
            method=payment.method,
            amount=Money(payment.amount, payment.currency),
            reference=payment.reference,
            created_at=payment.created_at,
        )


class PaymentsQuery(PageQuery):
    """A page of payments."""

    prefix: ClassVar[str] = "pay"
