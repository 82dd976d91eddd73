"""The HTTP door to orders and their cancellation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from msgspec import structs
from prometheus_client import Counter

from api.accounts.profiles import emails
from api.errors import NotFound, TooMany
from api.roles import ME_READ, ORDERS_PLACE, ORDERS_READ, ORDERS_WRITE, Viewer
from api.settings import Settings
from api.settings.shop import Tariff
from api.shop.coupons.redemptions.rules import CouponNotApplicable
from api.shop.money import CurrencyMismatch, TotalTooLarge
from api.shop.orders import delivery, listing, placement, rules
from api.shop.orders.records import Order as Placed
from api.shop.orders.records import OrderDraft
from api.shop.orders.schemas import OrderPatch, OrdersQuery, OrderView, PlacedOrderView
from api.shop.orders.states import InvalidState
from api.shop.payments import queries as payment_queries
from api.shop.payments import rules as payments
from api.shop.payments.calls import Calls, ProviderUnavailable
from api.shop.payments.records import Payment
from api.shop.payments.return_urls import ReturnUrlNotAllowed, ReturnUrls
from api.shop.payments.schemas import PaymentView
from api.shop.quotes.schemas import QuoteView
from api.shop.shipping.rules import ShippingUnavailable
from api.shop.stock.rules import OutOfStock, TooManyUnits
from api.shop.variants.rules import UnknownItem
from api.storage import Database, Transaction
from api.web import conditional, json
from api.web.context import Request, Response
from api.web.idempotency import replayable
from api.web.languages import preferred
from api.web.operation import may, operation
from api.web.paging import Page, page
from api.web.responses import answer, created, etag_of

PLACING = (
    TooMany,
    ReturnUrlNotAllowed,
    UnknownItem,
    CurrencyMismatch,
    TooManyUnits,
    OutOfStock,
    ShippingUnavailable,
    TotalTooLarge,
    placement.AddressRequired,
    CouponNotApplicable,
    placement.PriceChanged,
)
"""The errors of placing an order."""
PLACED = ("kiosque_orders_placed", "Orders placed, not counting replays.")


@dataclass(frozen=True, eq=False)
class Orders:
    db: Database
    settings: Settings
    calls: Calls
    return_urls: ReturnUrls
    placed: Counter

    @operation(may(ORDERS_READ), query=OrdersQuery, returns=Page[OrderView])
    def on_get(self, req: Request, resp: Response, query: OrdersQuery) -> None:
        """List everyone's orders, newest first."""
        with self.db.read() as tx:
            rows = listing.list_orders(tx, query.page(), **query.filters())
        page(req, resp, query, rows, view=partial(OrderView.of, viewer=req.context.viewer))

    @operation(
        may(ORDERS_PLACE),
        body=OrderDraft,
        returns=PlacedOrderView,
        status=201,
        errors=PLACING,
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, body: OrderDraft) -> None:
        """Place an order: all its lines are taken from stock, or none."""
        self._check(body)
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                self._create(tx, req, resp, body, buyer=req.context.viewer)
        self._finish(resp, body, replayed=replayed)

    def _check(self, body: OrderDraft) -> None:
        if body.email is not None:
            emails.check(body.email)
        if body.payment is not None:
            self.calls.check(body.payment.provider, at="/payment/provider")
            self.return_urls.check(body.payment.return_url, order_id="", at="/payment/return_url")

    def _create(
        self, tx: Transaction, req: Request, resp: Response, body: OrderDraft, *, buyer: Viewer
    ) -> None:
        order = self._place(tx, body, buyer, language=preferred(req, self.settings.languages))
        payment = self._begin(tx, order, body, buyer)
        order = order if payment is None else rules.find_any(tx, ref=order.id)
        view = OrderView.of(order, viewer=buyer)
        shown = view if payment is None else PlacedOrderView.placed(view, payment=self.calls.view(payment))
        # An erasure finds the stored answers of an account by that, and those of guests by the order.
        lasts = buyer.account_id is not None
        created(resp, shown, location=f"/v1/orders/{order.id}", lasts=lasts)
        if shown is not view:
            resp.set_header("ETag", etag_of(json.encode(view)))  # of the order, which a GET shows

    def _finish(self, resp: Response, body: OrderDraft, *, replayed: bool) -> None:
        """Open the payment at its provider, now that the order stands whatever that one says."""
        if not replayed:
            self.placed.inc()
        if body.payment is None:
            return
        view = msgspec.json.decode(resp.data or b"", type=dict[str, Any])
        if "payment" in view:
            view["payment"] = self._proceed(view["payment"]["id"])
            resp.data = json.encode(view)

    def _place(self, tx: Transaction, body: OrderDraft, buyer: Viewer, *, language: str) -> Placed:
        tariff = self.settings.tariff
        try:
            return placement.place(
                tx,
                body,
                buyer=buyer,
                tariff=tariff,
                holding=self.calls.holding,
                limited=self._is_limited,
                language=language,
            )
        except placement.PriceChanged as changed:
            quote = QuoteView.of(
                changed.data["quote"],
                currency=tariff.currency,
                prices_include_tax=tariff.prices_include_tax,
            )
            raise placement.PriceChanged(changed.detail, total=changed.data["total"], quote=quote) from None

    def _begin(self, tx: Transaction, order: Placed, body: OrderDraft, buyer: Viewer) -> Payment | None:
        if body.payment is None or not order.due:
            return None
        return payments.start(
            tx,
            order,
            provider=body.payment.provider,
            return_url=self.return_urls.check(body.payment.return_url, order_id=order.id),
            holding=self.calls.holding,
            actor=buyer,
        )

    def _proceed(self, payment_id: str) -> PaymentView:
        with self.db.read() as tx:
            payment = payment_queries.find_payment(tx, ref=payment_id)
            if payment is None:
                raise NotFound
            order = rules.find_any(tx, ref=payment.order_id)
        try:
            return self.calls.view(self.calls.proceed(payment, order))
        except ProviderUnavailable as error:
            return self.calls.view(structs.replace(payment, failure=error.code))

    @property
    def _is_limited(self) -> bool:
        return self.settings.limits == "on"


@dataclass(frozen=True, eq=False)
class MyOrders:
    db: Database

    @operation(may(ME_READ), query=OrdersQuery, returns=Page[OrderView])
    def on_get(self, req: Request, resp: Response, query: OrdersQuery) -> None:
        """List your own orders, newest first."""
        with self.db.read() as tx:
            rows = listing.list_orders(tx, query.page(), account_id=req.context.viewer.id, **query.filters())
        page(req, resp, query, rows, view=partial(OrderView.of, viewer=req.context.viewer))


@dataclass(frozen=True, eq=False)
class Order:
    db: Database
    tariff: Tariff

    @operation(may(ME_READ, ORDERS_READ, or_guest=True), returns=OrderView, errors=(NotFound,))
    def on_get(self, req: Request, resp: Response, order: str) -> None:
        """Read one of your own orders or, as a shopkeeper, anyone's."""
        with self.db.read() as tx:
            viewer = req.context.viewer
            answer(resp, OrderView.of(rules.find(tx, ref=order, viewer=viewer), viewer=viewer))

    @operation(
        may(ORDERS_WRITE),
        body=OrderPatch,
        returns=OrderView,
        errors=(
            NotFound,
            InvalidState,
            placement.AddressRequired,
            ShippingUnavailable,
            placement.PriceChanged,
        ),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, order: str, body: OrderPatch) -> None:
        """Change the addresses of an order until anything is sent, or its staff note."""
        viewer = req.context.viewer
        with self.db.write() as tx:
            before = rules.find(tx, ref=order, viewer=viewer, lock=True)
            conditional.check(req, resp, OrderView.of(before, viewer=viewer))
            after = delivery.change(tx, before, body.changes(), actor=viewer, tariff=self.tariff)
            answer(resp, OrderView.of(after, viewer=viewer))


def record(db: Database, req: Request, resp: Response, order: str, create: Callable[..., Any]) -> None:
    """201 with what `create` makes for the order, which is locked, such as a payment; once for a key."""
    viewer = req.context.viewer
    with db.write() as tx, replayable(tx, req, resp) as replayed:
        if not replayed:
            locked = rules.find(tx, ref=order, viewer=viewer, lock=True)
            created(resp, create(tx, locked, actor=viewer), lasts=True)
