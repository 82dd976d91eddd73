"""Coupons as JSON."""

from __future__ import annotations

from typing import Annotated, Self

from msgspec import Meta, Struct

from api.shop.coupons.records import Coupon, CouponDraft, CouponStatus
from api.shop.money import Money
from api.shop.pricing.records import CouponKind
from api.shop.shipping.schemas import AmountChange
from api.text.fields import Time, id_example
from api.web.patches import patch_of
from api.web.views import view_of

CouponPatch = patch_of(CouponDraft, amount=AmountChange, min_subtotal=AmountChange)


class CouponView(Struct):
    """A coupon; `used` counts the orders that have it and are neither cancelled nor expired."""

    id: Annotated[str, id_example("cpn")]
    code: Annotated[str, Meta(examples=["SPRING"])]
    kind: Annotated[CouponKind, Meta(examples=["percent"])]
    percent: Annotated[int | None, Meta(examples=[10])]
    amount: Annotated[Money | None, Meta(examples=[None])]
    min_subtotal: Annotated[Money | None, Meta(examples=[None])]
    starts_at: Annotated[Time | None, Meta(examples=[None])]
    ends_at: Annotated[Time | None, Meta(examples=[None])]
    usage_limit: Annotated[int | None, Meta(examples=[100])]
    per_customer: Annotated[int | None, Meta(examples=[1])]
    items: Annotated[list[str], Meta(examples=[[]])]
    categories: Annotated[list[str], Meta(examples=[[]])]
    status: Annotated[CouponStatus, Meta(examples=["active"])]
    used: Annotated[int, Meta(examples=[0])]

    @classmethod
    def of(cls, coupon: Coupon) -> Self:
        """A coupon as shopkeepers see it."""
        return view_of(
            cls,
            coupon,
            items=[aim.slug for aim in coupon.items],
            categories=[aim.slug for aim in coupon.categories],
        )
