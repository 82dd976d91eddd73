"""The value of units of an order for its buyer: all parts of a line add up to it."""

from __future__ import annotations

from api.shop.orders.records import Order, OrderLine
from api.shop.pricing.arithmetic import share


def line_value(line: OrderLine, *, included: bool) -> int:
    """The price of the whole line; `included`: its tax is in its price."""
    return line.total - line.discount + (0 if included else line.tax)


def units_value(line: OrderLine, units: int, *, included: bool) -> int:
    """The price of so many more units, after those that were cancelled or returned before."""
    settled = line.cancelled + line.returned
    return share(line_value(line, included=included), settled=settled, units=units, of=line.quantity)


def shipping_value(order: Order) -> int:
    """The price of the shipping, with its tax."""
    return order.shipping + (0 if order.prices_include_tax else order.shipping_tax)
