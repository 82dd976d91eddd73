"""Guests as JSON."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from api.accounts.profiles.emails import Email
from api.shop.orders.listing import LONGEST_NUMBER
from api.shop.orders.schemas import OrderView, PlacedOrderView


class GuestOrderView(PlacedOrderView):
    """The order; for a guest with the token that lets whoever has it go on, which no other answer shows."""

    access_token: (
        Annotated[str, Meta(examples=["kog_dGhlIGhhcmJvdXIgaXMgZm9nZ3kgdG9kYXkgYW5kIHN0aWxs"])] | UnsetType
    ) = UNSET


class OrderLinkBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The number of an order, and the e-mail that it was placed with."""

    number: Annotated[int, Meta(ge=1, le=10**LONGEST_NUMBER - 1, examples=[1042])]
    email: Email


class ClaimedView(msgspec.Struct):
    """The orders that are yours since this request, newest first."""

    data: list[OrderView]
