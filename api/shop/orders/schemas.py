"""Orders as JSON."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from api.shop.money import Money, money_example
from api.shop.orders.records import Event, FulfilmentStatus, Order, OrderLine, OrderStatus, PaymentStatus
from api.text.fields import Summary, Time, id_example
from api.web.paging import PageQuery
from api.web.views import view_of


class CancellationBody(msgspec.Struct, forbid_unknown_fields=True):
    reason: Annotated[Summary, Meta(examples=["Ordered twice."])] | None = None


class OrdersQuery(PageQuery):
    prefix: ClassVar[str] = "ord"
    order_status: OrderStatus | None = None
    payment_status: PaymentStatus | None = None
    fulfilment_status: FulfilmentStatus | None = None


class BuyerView(msgspec.Struct):
    account: Annotated[str | None, id_example("acc")]
    email: Annotated[str, Meta(examples=["ada@example.org"])]


class OrderLineView(msgspec.Struct):
    sku: Annotated[str, Meta(examples=["mug-blue"])]
    variant: Annotated[str, id_example("var")]
    name: Annotated[str, Meta(examples=["Enamel mug – Blue"])]
    quantity: Annotated[int, Meta(examples=[2])]
    unit_price: Money
    total: Annotated[Money, money_example(3800)]

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
    id: Annotated[str, id_example("ord")]
    number: Annotated[int, Meta(examples=[1042])]
    placed_at: Time
    expires_at: Annotated[Time | None, Meta(examples=[None])]
    buyer: BuyerView
    shipping_address: None
    order_status: Annotated[OrderStatus, Meta(examples=["open"])]
    payment_status: Annotated[PaymentStatus, Meta(examples=["unpaid"])]
    fulfilment_status: Annotated[FulfilmentStatus, Meta(examples=["none"])]
    lines: list[OrderLineView]
    subtotal: Annotated[Money, money_example(3800)]
    discount: Annotated[Money, money_example(0)]
    shipping: Annotated[Money, money_example(0)]
    tax: Annotated[Money, money_example(0)]
    total: Annotated[Money, money_example(3800)]
    paid: Annotated[Money, money_example(0)]
    note: Annotated[str | None, Meta(examples=["Please ring twice."])]
    events: list[Event]

    @classmethod
    def of(cls, order: Order) -> OrderView:
        """An order as its buyer and shopkeepers see it."""
        nothing = Money(0, order.currency)
        return view_of(
            cls,
            order,
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
