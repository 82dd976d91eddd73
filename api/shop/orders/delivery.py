"""The delivery of an order that stands: other addresses that change no amount, and a staff note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from api.roles import Viewer
from api.settings.shop import Tariff
from api.shop.money import Money, written
from api.shop.orders import rules
from api.shop.orders.addresses import Address, destination
from api.shop.orders.placement import AddressRequired, PriceChanged
from api.shop.orders.records import Order
from api.shop.orders.states import refusal
from api.shop.pricing.records import Discounts, Line
from api.shop.pricing.sums import price
from api.shop.shipping import queries as shipping
from api.shop.shipping.rules import ShippingUnavailable, offered
from api.shop.taxes.rules import rates_at
from api.shop.variants.records import STANDARD
from api.storage import Transaction


def change(
    tx: Transaction, order: Order, changes: Mapping[str, Any], *, actor: Viewer, tariff: Tariff
) -> Order:
    """Change addresses, before anything is sent, and the staff note of `order`, which is locked.

    Raises InvalidState, AddressRequired, ShippingUnavailable, PriceChanged.
    """
    after = structs.replace(
        order,
        shipping_address=_address(order.shipping_address, changes, "shipping_address"),
        billing_address=_address(order.billing_address, changes, "billing_address"),
        staff_note=changes.get("staff_note", order.staff_note),
    )
    if after == order:
        return order
    if (after.shipping_address, after.billing_address) != (order.shipping_address, order.billing_address):
        _check_open(order, actor=actor)
        _check_place(tx, order, after, tariff=tariff)
    return rules.change(
        tx,
        order,
        actor=actor,
        history=[("changed", None)],
        shipping_address=after.shipping_address,
        billing_address=after.billing_address,
        staff_note=after.staff_note,
    )


def _address(before: Address | None, changes: Mapping[str, Any], name: str) -> Address | None:
    if name not in changes:
        return before
    fields = changes[name]
    if fields is None:
        return None
    if before is not None:
        return structs.replace(before, **fields)
    missing = [field.name for field in structs.fields(Address) if field.required and field.name not in fields]
    if missing:
        detail = f"The order has no such address yet: send {', '.join(missing)} too."
        raise AddressRequired.at(f"/{name}", detail)
    return Address(**fields)


def _destination(order: Order) -> Address | None:
    is_shipped = any(line.physical for line in order.lines)
    return destination(order.shipping_address, order.billing_address, is_shipped=is_shipped)


def _check_open(order: Order, *, actor: Viewer) -> None:
    if order.order_status != "open" or order.fulfilment_status != "none":
        raise refusal(
            order,
            "An address can be changed until anything is sent.",
            state=order.order_status if order.order_status != "open" else order.fulfilment_status,
            actor=actor,
        )


def _check_place(tx: Transaction, order: Order, after: Order, *, tariff: Tariff) -> None:
    """Refuse a place to which this order does not go, or at another price."""
    if after.shipping_address is None and order.shipping_method is not None:
        raise AddressRequired.at("/shipping_address")
    before, place = _destination(order), _destination(after)
    home = (tariff.country, None)
    country, region = (place.country, place.region) if place else home
    if (country, region) == ((before.country, before.region) if before else home):
        return
    cost, shipping_class = _shipping_to(tx, order, place) if place else (order.shipping, STANDARD)
    if not tariff.taxed_at_destination:
        if cost == order.shipping:
            return
        country, region = home
    sums = price(
        [Line(line.quantity, line.unit_price, line.tax_class) for line in order.lines],
        Discounts(tuple(line.discount for line in order.lines), (), shipping_is_free=False),
        rates=rates_at(tx, country=country, region=region),
        include_tax=order.prices_include_tax,
        shipping=cost,
        shipping_class=shipping_class,
    )
    if (sums.total, sums.shipping, sums.taxes) != (order.total, order.shipping, order.taxes):
        total = Money(sums.total, order.currency)
        raise PriceChanged(f"To that place the total would be {written(total)}.", total=total)


def _shipping_to(tx: Transaction, order: Order, address: Address) -> tuple[int, str]:
    """What shipping to that place costs, and its class of tax; free shipping stays free.

    Where only another method goes that costs the same, the order goes there no more than where none does.
    """
    chosen = order.shipping_method
    if chosen is None:
        return order.shipping, STANDARD
    physical = [line for line in order.lines if line.physical]
    options = offered(
        shipping.list_active(tx, currency=order.currency),
        country=address.country,
        region=address.region,
        goods=order.subtotal - order.discount,
        weight_g=sum(line.quantity * (line.weight_g or 0) for line in physical),
    )
    same = [option for option in options if option[0].id == chosen.id]
    for method, cost in same or options:
        paid = cost if order.shipping else 0
        if same or paid != order.shipping:
            return paid, method.tax_class
    raise ShippingUnavailable.at("/shipping_address")
