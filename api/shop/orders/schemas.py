"""What travels over HTTP about orders, payments and fulfilments: bodies, queries, views."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from api.shop.money import TOTAL_MOST, Money
from api.shop.orders.records import Order, OrderLine
from api.shop.variants.schemas import Body, Currency, Sku
from api.text.fields import Summary, Time
from api.web.paging import PageQuery

OrderStatus = Literal["open", "completed", "cancelled"]
PaymentStatus = Literal["unpaid", "partly_paid", "paid"]
FulfilmentStatus = Literal["none", "partial", "fulfilled"]
EventKind = Literal[
    "placed", "partly_paid", "paid", "partly_fulfilled", "fulfilled", "completed", "cancelled"
]


class LineBody(Body):
    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=10_000)]


Lines = Annotated[list[LineBody], Meta(min_length=1, max_length=100)]


class TotalBody(Body):
    amount: Annotated[int, Meta(ge=0, le=TOTAL_MOST)]
    currency: Currency

    def money(self) -> Money:
        """As the rules know it."""
        return Money(self.amount, self.currency)


class OrderBody(Body):
    lines: Annotated[Lines, Meta(description="Lines of one sku are summed.")]
    expected_total: Annotated[
        TotalBody | None, Meta(description="What the buyer has seen; 409 when the order comes to another.")
    ] = None
    note: Summary | None = None

    def wanted(self) -> list[tuple[str, int]]:
        """Sku and quantity, line by line."""
        return [(line.sku, line.quantity) for line in self.lines]

    def seen(self) -> Money | None:
        """The total that the buyer expects."""
        return None if self.expected_total is None else self.expected_total.money()


class CancellationBody(Body):
    reason: Summary | None = None


class AmountBody(Body):
    amount: Annotated[int, Meta(ge=1, le=TOTAL_MOST)]
    currency: Currency

    def money(self) -> Money:
        """As the rules know it."""
        return Money(self.amount, self.currency)


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
        return cls(
            sku=line.sku,
            variant=line.variant_id,
            name=line.name,
            quantity=line.quantity,
            unit_price=Money(line.unit_price, currency),
            total=Money(line.total, currency),
        )


class EventView(msgspec.Struct):
    at: Time
    kind: EventKind
    by: str | None


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
    events: list[EventView]

    @classmethod
    def of(cls, order: Order) -> OrderView:
        """What its buyer and shopkeepers see of `order`."""
        nothing = Money(0, order.currency)
        return cls(
            id=order.id,
            number=order.number,
            placed_at=order.placed_at,
            expires_at=None,
            buyer=BuyerView(order.account_id, order.email),
            shipping_address=None,
            order_status=order.order_status,  # type: ignore[arg-type]  # the table has a CHECK for each
            payment_status=order.payment_status,  # type: ignore[arg-type]
            fulfilment_status=order.fulfilment_status,  # type: ignore[arg-type]
            lines=[OrderLineView.of(line, order.currency) for line in order.lines],
            subtotal=Money(order.subtotal, order.currency),
            discount=nothing,
            shipping=nothing,
            tax=nothing,
            total=Money(order.total, order.currency),
            paid=Money(order.paid, order.currency),
            note=order.note,
            events=[EventView(event.at, event.kind, event.by) for event in order.events],  # type: ignore[arg-type]
        )
