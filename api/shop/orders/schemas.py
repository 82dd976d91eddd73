"""Orders as JSON."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from api.shop.money import Money
from api.shop.orders.records import Event, FulfilmentStatus, Order, OrderLine, OrderStatus, PaymentStatus
from api.text.fields import Summary, Time
from api.web.paging import PageQuery
from api.web.views import view_of


class CancellationBody(msgspec.Struct, forbid_unknown_fields=True):
    reason: Summary | None = None


class OrdersQuery(PageQuery):
    prefix: ClassVar[str] = "ord"
    order_status: OrderStatus | None = None
    payment_status: PaymentStatus | None = None
    fulfilment_status: FulfilmentStatus | None = None


class BuyerView(msgspec.Struct):
    account: str | None
    email: str


class OrderLineView(msgspec.Struct):
    sku: str
    variant: str
    name: str
    quantity: int
    unit_price: Money
    total: Money

    @classmethod
    def of(cls, line: OrderLine, currency: str) -> OrderLineView:
        """A line, its amounts in `currency`."""
        return view_of(
            cls,
            line,
            variant=line.variant_id,
            unit_price=Money(line.unit_price, currency),
            total=Money(line.total, currency),
        )


class OrderView(msgspec.Struct):
    id: str
    number: int
    placed_at: Time
    expires_at: Time | None
    buyer: BuyerView
    shipping_address: None
    order_status: OrderStatus
    payment_status: PaymentStatus
    fulfilment_status: FulfilmentStatus
    lines: list[OrderLineView]
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money
    paid: Money
    note: str | None
    events: list[Event]

    @classmethod
    def of(cls, order: Order) -> OrderView:
        """An order as its buyer and shopkeepers see it."""
        nothing = Money(0, order.currency)
        return view_of(
            cls,
            order,
            expires_at=None,
            buyer=BuyerView(order.account_id, order.email),
            shipping_address=None,
            lines=[OrderLineView.of(line, order.currency) for line in order.lines],
            subtotal=Money(order.subtotal, order.currency),
            discount=nothing,
            shipping=nothing,
            tax=nothing,
            total=Money(order.total, order.currency),
            paid=Money(order.paid, order.currency),
        )
