"""Coupons, as the queries return them and as the rules take them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.shop.money import AmountBody, Money
from api.shop.pricing.records import CouponKind
from api.text.fields import NO_CONTROL, Moment, SoughtSlug, id_example
from api.times import Instant

CouponStatus = Literal["active", "retired"]
Reason = Literal["unknown", "expired", "used-up", "minimum", "yours", "not-for-these"]
"""The reason for which a coupon does not apply; `yours`: its customer has used it as often as may be."""

MOST_AT_ONCE = 5
"""Coupons in one order."""

Code = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=60,
        pattern=r"^[A-Za-z0-9._-]+\Z",
        description="Compared without case.",
        examples=["SPRING"],
    ),
]
SentCode = Annotated[str, Meta(max_length=60, pattern=NO_CONTROL, examples=["SPRING"])]
"""Anything that a buyer types: an impossible code is as unknown as any other."""

SentCodes = Annotated[tuple[SentCode, ...], Meta(max_length=MOST_AT_ONCE, examples=[["SPRING"]])]

Uses = Annotated[int, Meta(ge=1, le=1_000_000_000, examples=[100])]
Percent = Annotated[int, Meta(ge=1, le=100, examples=[10])]
Slugs = Annotated[tuple[SoughtSlug, ...], Meta(max_length=100, examples=[[]])]


class CouponDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A coupon to be."""

    code: Code
    kind: Annotated[CouponKind, Meta(examples=["percent"])]
    percent: Percent | None = None
    amount: Annotated[AmountBody | None, Meta(examples=[None])] = None
    min_subtotal: Annotated[
        AmountBody | None,
        Meta(description="What the goods must cost, before discounts.", examples=[None]),
    ] = None
    starts_at: Annotated[Moment | None, Meta(examples=[None])] = None
    ends_at: Annotated[Moment | None, Meta(examples=[None])] = None
    usage_limit: Uses | None = None
    per_customer: Annotated[Uses | None, Meta(examples=[1])] = None
    items: Annotated[Slugs, Meta(description="With categories: what it is for; both empty: all.")] = ()
    categories: Slugs = ()
    status: Annotated[CouponStatus, Meta(examples=["active"])] = "active"


class Aim(Struct, frozen=True, array_like=True):
    """An item or a category that a coupon is for, with the slug it had when it was last seen."""

    id: str
    slug: str


class Coupon(Struct, frozen=True, kw_only=True):
    """A coupon; `used` counts the orders that have it and are neither cancelled nor expired."""

    id: Annotated[str, id_example("cpn")]
    code: str
    kind: CouponKind
    percent: int | None
    amount: Money | None
    min_subtotal: Money | None
    starts_at: Instant | None
    ends_at: Instant | None
    usage_limit: int | None
    per_customer: int | None
    used: int = 0
    items: tuple[Aim, ...]
    categories: tuple[Aim, ...]
    status: CouponStatus


class Customer(Struct, frozen=True):
    """The account whose uses of a coupon are counted, or the e-mail of a guest, or nobody known yet."""

    account_id: str | None = None
    email: str | None = None


class Judgement(Struct, frozen=True):
    """The answer for one coupon and a basket: its `lines`, and the `reason` if it does not apply."""

    position: int
    """Of its code among those that were sent."""
    code: str
    coupon: Coupon | None = None
    reason: Reason | None = None
    lines: tuple[int, ...] = ()
