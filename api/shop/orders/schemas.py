"""Orders as JSON."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType, structs

from api.ids import first_id
from api.roles import ORDERS_READ, ORDERS_WRITE, Viewer
from api.shop.money import Money, money_example
from api.shop.orders.addresses import Address
from api.shop.orders.listing import LONGEST_NUMBER
from api.shop.orders.records import (
    Event,
    EventKind,
    FulfilmentStatus,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
)
from api.shop.payments.schemas import PaymentView
from api.shop.pricing.rates import percent_of
from api.shop.pricing.records import Tax
from api.text.fields import Moment, Search, Summary, Time, id_example
from api.times import instant
from api.web.paging import PageQuery
from api.web.patches import Patch, patch_of
from api.web.views import view_of

AddressPatch = patch_of(Address)
StaffNote = Annotated[Summary, Meta(examples=["Called: send it on Monday."])]


class OrdersQuery(PageQuery):
    prefix: ClassVar[str] = "ord"
    order_status: OrderStatus | None = None
    payment_status: PaymentStatus | None = None
    fulfilment_status: FulfilmentStatus | None = None
    to_send: Annotated[
        bool | None, Meta(description="Open and paid, and not all of it is sent; or, if false, the others.")
    ] = None
    refund: Annotated[
        Literal["pending", "failed"] | None,
        Meta(description="With a refund that waits, or one that failed in the last 30 days."),
    ] = None
    number: Annotated[int, Meta(ge=1, lt=10**LONGEST_NUMBER)] | None = None
    email: Search | None = None
    q: Annotated[
        Search | None,
        Meta(
            description="The number or the id of an order, the beginning of an e-mail address or of a name in"
            " the address, or a whole SKU that was ordered."
        ),
    ] = None
    placed_after: Moment | None = None
    placed_before: Moment | None = None
    updated_since: Moment | None = None

    def filters(self) -> dict[str, Any]:
        """The filters as the queries take them: ids sort by the time of placing."""
        filters = super().filters()
        if "q" in filters:
            filters["text"] = filters.pop("q").strip()
            if not filters["text"]:
                del filters["text"]
        if "placed_after" in filters:
            filters["first_id"] = first_id(self.prefix, filters.pop("placed_after"), milliseconds=1)
        if "placed_before" in filters:
            filters["end_id"] = first_id(self.prefix, filters.pop("placed_before"))
        if "updated_since" in filters:
            filters["updated_since"] = instant(filters["updated_since"])
        return filters


class OrderPatch(Patch, kw_only=True):
    """Changes to an order: fields left out stay as they are, in addresses too."""

    shipping_address: AddressPatch | UnsetType | None = UNSET  # type: ignore[valid-type]  # derived
    billing_address: Annotated[AddressPatch | UnsetType | None, Meta(examples=[None])] = UNSET  # type: ignore[valid-type]
    staff_note: Annotated[StaffNote | UnsetType | None, Meta(description="For staff only.")] = UNSET


class EventView(msgspec.Struct):
    """Something that happened to an order; staff see the account of who did it."""

    at: Time
    kind: Annotated[EventKind, Meta(examples=["placed"])]
    by: Annotated[Literal["staff", "buyer", "system"], Meta(examples=["buyer"])]
    by_account: Annotated[str | None, id_example("acc")]
    note: Annotated[str | None, Meta(examples=[None])]

    @classmethod
    def of(cls, event: Event, order: Order, *, with_account: bool) -> EventView:
        """An event of the order: a guest is stored as the order's id, and shown without one."""
        # Whoever placed it is its buyer, even if the account is gone, and whoever has claimed it since.
        buyers = (order.events[0].by_account, order.account_id, order.id)
        by: Literal["staff", "buyer", "system"] = "buyer" if event.by_account in buyers else "staff"
        return cls(
            at=event.at,
            kind=event.kind,
            by="system" if event.by_account is None else by,
            by_account=event.by_account if with_account and event.by_account != order.id else None,
            note=event.note,
        )


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
    discount: Annotated[Money, money_example(0)]
    tax: Annotated[Money, money_example(633)]
    fulfilled: Annotated[int, Meta(description="Units sent.", examples=[0])]
    cancelled: Annotated[int, Meta(description="Units cancelled.", examples=[0])]
    returned: Annotated[int, Meta(description="Units that came back.", examples=[0])]

    @classmethod
    def of(cls, line: OrderLine, currency: str) -> OrderLineView:
        """A line, its amounts in `currency`."""
        # Field by field, not by `view_of`: a page of orders holds scores of these.
        return cls(
            sku=line.sku,
            variant=line.variant_id,
            name=line.name,
            quantity=line.quantity,
            unit_price=Money(line.unit_price, currency),
            total=Money(line.total, currency),
            discount=Money(line.discount, currency),
            tax=Money(line.tax, currency),
            fulfilled=line.fulfilled,
            cancelled=line.cancelled,
            returned=line.returned,
        )


class TaxView(msgspec.Struct):
    """The tax of one rate: `amount` on `net`."""

    name: Annotated[str, Meta(examples=["VAT"])]
    rate: Annotated[str, Meta(description="Percent.", examples=["20"])]
    net: Annotated[Money, money_example(3167)]
    amount: Annotated[Money, money_example(633)]


class CouponUseView(msgspec.Struct):
    code: Annotated[str, Meta(examples=["SPRING"])]
    amount: Annotated[Money, money_example(500)]


class ShippingView(msgspec.Struct):
    id: Annotated[str, id_example("shm")]
    name: Annotated[str, Meta(examples=["Parcel"])]
    price: Annotated[Money, money_example(490)]


class OrderView(msgspec.Struct):
    id: Annotated[str, id_example("ord")]
    number: Annotated[int, Meta(examples=[1042])]
    placed_at: Time
    expires_at: Annotated[Time | None, Meta(examples=[None])]
    buyer: BuyerView
    shipping_address: Address | None
    billing_address: Annotated[Address | None, Meta(examples=[None])]
    shipping_method: Annotated[ShippingView | None, Meta(examples=[None])]
    order_status: Annotated[OrderStatus, Meta(examples=["open"])]
    payment_status: Annotated[PaymentStatus, Meta(examples=["unpaid"])]
    fulfilment_status: Annotated[FulfilmentStatus, Meta(examples=["none"])]
    lines: list[OrderLineView]
    subtotal: Annotated[Money, money_example(3800)]
    discount: Annotated[Money, money_example(0)]
    shipping: Annotated[Money, money_example(0)]
    shipping_tax: Annotated[Money, money_example(0)]
    tax: Annotated[Money, money_example(633)]
    taxes: list[TaxView]
    prices_include_tax: Annotated[bool, Meta(examples=[True])]
    coupons: list[CouponUseView]
    tax_id: Annotated[str | None, Meta(examples=[None])]
    total: Annotated[Money, money_example(3800)]
    paid: Annotated[Money, money_example(0)]
    refunded: Annotated[Money, money_example(0)]
    credited: Annotated[Money, money_example(0)]
    due: Annotated[Money, money_example(3800)]
    note: Annotated[str | None, Meta(examples=["Please ring twice."])]
    staff_note: Annotated[str | None, Meta(description="For staff only.", examples=[None])]
    updated_at: Time
    version: Annotated[int, Meta(examples=[1])]
    events: list[EventView]

    @classmethod
    def of(cls, order: Order, *, viewer: Viewer) -> OrderView:
        """An order as its buyer sees it, or one of the staff."""
        staff = viewer.may(ORDERS_READ) or viewer.may(ORDERS_WRITE)
        amounts = {name: Money(getattr(order, name), order.currency) for name in _AMOUNTS}
        return view_of(
            cls,
            order,
            events=[EventView.of(event, order, with_account=staff) for event in order.events],
            buyer=BuyerView(order.account_id, order.email),
            lines=[OrderLineView.of(line, order.currency) for line in order.lines],
            shipping_method=_shipping(order),
            taxes=[_tax(tax, order.currency) for tax in order.taxes],
            coupons=[CouponUseView(used.code, Money(used.amount, order.currency)) for used in order.coupons],
            staff_note=order.staff_note if staff else None,
            **amounts,
        )


class PlacedOrderView(OrderView):
    """An order that was just placed, with the payment that was begun with it."""

    payment: PaymentView | UnsetType = UNSET

    @classmethod
    def placed(cls, order: OrderView, *, payment: PaymentView) -> PlacedOrderView:
        """The order as its buyer sees it, and its first payment."""
        return cls(**structs.asdict(order), payment=payment)


_AMOUNTS = (
    "subtotal", "discount", "shipping", "shipping_tax", "tax", "total", "paid", "refunded", "credited", "due"
)  # fmt: skip


def _shipping(order: Order) -> ShippingView | None:
    chosen = order.shipping_method
    return ShippingView(chosen.id, chosen.name, Money(chosen.price, order.currency)) if chosen else None


def _tax(tax: Tax, currency: str) -> TaxView:
    return TaxView(tax.name, percent_of(tax.rate), Money(tax.net, currency), Money(tax.amount, currency))
