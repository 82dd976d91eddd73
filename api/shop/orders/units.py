"""Units of an order that a request names by their skus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from api.shop.orders.records import Order
from api.shop.variants.rules import UnknownItem


class Units(Protocol):
    """A line of a request."""

    @property
    def sku(self) -> str:
        """The sku, in any case."""

    @property
    def quantity(self) -> int:
        """The number of its units."""


def units_of(order: Order, lines: Sequence[Units]) -> dict[int, int]:
    """Position in the order → units, those of one sku added up; UnknownItem for a sku that it lacks."""
    positions = {line.sku.lower(): line.position for line in order.lines}
    unknown = [
        (f"/lines/{index}/sku", f"{line.sku} is not in the order.")
        for index, line in enumerate(lines)
        if line.sku.lower() not in positions
    ]
    if unknown:
        raise UnknownItem.at_each(unknown)
    units: dict[int, int] = {}
    for line in lines:
        position = positions[line.sku.lower()]
        units[position] = units.get(position, 0) + line.quantity
    return units
