"""Refunds as JSON."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.shop.money import Money, money_example
from api.shop.refunds.records import Refund, RefundLine, RefundState
from api.text.fields import Time, id_example
from api.web.views import view_of


class RefundView(msgspec.Struct):
    id: Annotated[str, id_example("ref")]
    payment: Annotated[str, id_example("pay")]
    state: Annotated[RefundState, Meta(examples=["succeeded"])]
    amount: Annotated[Money, money_example(1900)]
    lines: list[RefundLine]
    reason: Annotated[str | None, Meta(examples=["Came back broken."])]
    created_at: Time

    @classmethod
    def of(cls, refund: Refund) -> RefundView:
        """A refund."""
        return view_of(
            cls,
            refund,
            payment=refund.payment_id,
            amount=Money(refund.amount, refund.currency),
            lines=list(refund.lines),
        )
