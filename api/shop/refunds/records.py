"""Refunds as they are stored."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.times import Instant

RefundState = Literal["pending", "succeeded", "failed"]


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
