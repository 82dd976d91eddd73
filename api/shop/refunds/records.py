"""Refunds as they are stored."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.shop.payments.records import PaymentAmount
from api.shop.variants.records import Sku
from api.text.fields import Summary, id_of
from api.times import Instant

RefundedPayment = Annotated[str, Meta(pattern=id_of("pay"))]
RefundState = Literal["pending", "succeeded", "failed"]


class ReturnedUnits(Struct, frozen=True, forbid_unknown_fields=True):
    """Units of a sku that were sent and came back, or that the buyer keeps without paying for them."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=1_000_000, examples=[1])]
    restock: Annotated[bool, Meta(description="Whether they are for sale again.", examples=[True])] = False


ReturnedLines = Annotated[tuple[ReturnedUnits, ...], Meta(min_length=1, max_length=100)]


class RefundDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A new refund: of units that were sent and of shipping, of an amount, or of all that is left."""

    lines: Annotated[ReturnedLines | None, Meta(examples=[None])] = None
    shipping: Annotated[PaymentAmount | None, Meta(examples=[None])] = None
    amount: Annotated[
        PaymentAmount | None, Meta(description="Without lines and shipping.", examples=[None])
    ] = None
    payment: Annotated[
        RefundedPayment | None,
        Meta(
            description="The payment that is sent back; null: the newest with enough left.", examples=[None]
        ),
    ] = None
    reason: Annotated[Summary, Meta(examples=["Came back broken."])] | None = None


class RefundLine(Struct, frozen=True):
    """Units of one sku that came back, or that are paid for no longer."""

    sku: Annotated[str, Meta(examples=["mug-blue"])]
    quantity: Annotated[int, Meta(examples=[1])]
    restock: Annotated[bool, Meta(description="Whether they are for sale again.", examples=[True])] = False


class Refund(Struct, frozen=True, kw_only=True):
    """Money that goes back by the way it came; amounts are minor units of `currency`.

    `credited` is the part of it that the buyer no longer owes: nothing of money that was paid by mistake.
    """

    id: str
    order_id: str
    payment_id: str
    state: RefundState
    currency: str
    amount: int
    credited: int
    lines: tuple[RefundLine, ...] = ()
    reason: str | None = None
    reference: str | None = None
    failure: str | None = None
    by_account: str | None
    created_at: Instant
