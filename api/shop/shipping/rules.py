"""Shipping: which methods go to a place, and what each costs for goods of a value and a weight.

A method that names the country goes there, to the regions that it names or to all; one that names no country
goes wherever no other does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from api.errors import Conflict, NotFound
from api.roles import SHOP_WRITE, Viewer, may
from api.shop.money import Money, check_currency, merged_amount
from api.shop.shipping import queries
from api.shop.shipping.records import BracketView, ShippingMethod, ShippingMethodDraft
from api.storage import Transaction
from api.text.folding import folded


class ShippingUnavailable(Conflict):
    """No shipping method takes these goods there, or not the one that was chosen."""

    code, title = "shipping-unavailable", "Shipping unavailable"
    remedy = "Choose one of the `shipping_options` of POST /v1/quotes, or another place."


def create(tx: Transaction, draft: ShippingMethodDraft, *, currency: str) -> ShippingMethod:
    """Store a new method; CurrencyMismatch."""
    method = _checked(ShippingMethod(id=tx.new_id("shm"), **structs.asdict(draft)), currency=currency)
    queries.insert_method(tx, method)
    return method


def find(tx: Transaction, *, ref: str, viewer: Viewer | None, lock: bool = False) -> ShippingMethod:
    """The method of that id, one that is retired only for shopkeepers; NotFound."""
    method = queries.find_method(tx, method_id=ref, retired=may(viewer, SHOP_WRITE), lock=lock)
    if method is None:
        raise NotFound
    return method


def change(
    tx: Transaction, before: ShippingMethod, changes: Mapping[str, Any], *, currency: str
) -> ShippingMethod:
    """The method with these changes, for orders to come; CurrencyMismatch, AmountRequired."""
    merged = dict(changes)
    for name in ("price", "free_over"):
        if changes.get(name) is not None:
            amount = getattr(before, name)
            merged[name] = merged_amount(amount, changes[name], currency=currency, at=f"/{name}")
    after = _checked(structs.replace(before, **merged), currency=currency)
    if after != before:
        queries.update_method(tx, after)
    return after


def delete(tx: Transaction, method: ShippingMethod) -> None:
    """Remove a method; orders keep its name and price."""
    queries.delete_method(tx, method_id=method.id)


def offered(
    methods: Sequence[ShippingMethod], *, country: str, region: str | None, goods: int, weight_g: int
) -> list[tuple[ShippingMethod, int]]:
    """The methods that take goods of this value and weight there, each with its price, in their order."""
    there = [method for method in methods if _goes_to(method, region)]
    named = [method for method in there if country in method.countries]
    priced = [
        (method, _cost(method, goods=goods, weight_g=weight_g))
        for method in named or [method for method in there if not method.countries]
    ]
    return [(method, price) for method, price in priced if price is not None]


def _goes_to(method: ShippingMethod, region: str | None) -> bool:
    key = folded(region or "").strip()
    return not method.regions or key in (folded(each).strip() for each in method.regions)


def _cost(method: ShippingMethod, *, goods: int, weight_g: int) -> int | None:
    """The price, None for too heavy a parcel."""
    price = method.price.amount
    if method.brackets:
        fitting = [bracket for bracket in method.brackets if weight_g <= bracket.up_to_g]
        if not fitting:
            return None
        price += fitting[0].price.amount
    return 0 if method.free_over is not None and goods >= method.free_over.amount else price


def _checked(method: ShippingMethod, *, currency: str) -> ShippingMethod:
    """The method with its brackets by weight; CurrencyMismatch."""
    brackets = {f"/brackets/{index}/price": each.price for index, each in enumerate(method.brackets)}
    check_currency({"/price": method.price, "/free_over": method.free_over, **brackets}, currency=currency)
    return structs.replace(
        method,
        countries=tuple(dict.fromkeys(method.countries)),
        price=_plain(method.price),
        free_over=method.free_over and _plain(method.free_over),
        brackets=tuple(
            BracketView(bracket.up_to_g, _plain(bracket.price))
            for bracket in sorted(method.brackets, key=lambda bracket: bracket.up_to_g)
        ),
    )


def _plain(money: Money) -> Money:
    return Money(money.amount, money.currency)
