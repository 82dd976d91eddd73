"""Payments, as somebody starts or enters them and as they are stored."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

from api.shop.money import TOTAL_MOST, Currency, Money
from api.shop.payments.port import LIVE, PaymentState, ProviderName
from api.text.fields import HttpUrl, Label, Title
from api.times import Instant

CANCEL: Final = "payment.cancel"
"""The kind of the job that gives a live payment up: its facts are `{payment}`."""
MANUAL: Final[ProviderName] = "manual"
"""The provider of money that a shopkeeper receives by hand."""


class PaymentAmount(Money, frozen=True, forbid_unknown_fields=True):
    """An amount above 0."""

    amount: Annotated[int, Meta(ge=1, le=TOTAL_MOST, examples=[3800])]
    currency: Currency


class PaymentDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new payment: buyers name a provider, shopkeepers the method and the amount of what they received."""

    provider: ProviderName = MANUAL
    return_url: Annotated[
        HttpUrl | None, Meta(description="Where the provider sends the buyer back to.", examples=[None])
    ] = None
    method: Annotated[
        Label | None, Meta(description="The method of payment: cash, transfer, …", examples=["transfer"])
    ] = None
    amount: PaymentAmount | None = None
    reference: Annotated[Title, Meta(examples=["2026-1042"])] | None = None


class CaptureDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """The amount to take of what is reserved; null: all of it."""

    amount: Annotated[PaymentAmount | None, Meta(examples=[None])] = None


class Payment(Struct, frozen=True, kw_only=True):
    """Money for an order, on its way or received; amounts are minor units of `currency`."""

    id: str
    order_id: str
    provider: str
    state: PaymentState
    currency: str
    amount: int
    captured: int = 0
    refunded: int = 0
    method: str | None = None
    reference: str | None = None
    return_url: str | None = None
    next_url: str | None = None
    ends_at: Instant | None = None
    failure: str | None = None
    by_account: str | None
    created_at: Instant

    @property
    def is_live(self) -> bool:
        """Whether money may still come."""
        return self.state in LIVE

    @property
    def is_over(self) -> bool:
        """Whether it ended without money."""
        return self.state in ("failed", "cancelled")

    @property
    def refundable(self) -> int:
        """The amount that can still be sent back."""
        return self.captured - self.refunded
