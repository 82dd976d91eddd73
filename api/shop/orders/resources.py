"""The HTTP door to orders and their cancellation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from prometheus_client import Counter

from api.accounts.profiles import emails
from api.errors import NotFound, TooMany
from api.roles import ME_READ, ORDERS_PLACE, ORDERS_READ, Viewer
from api.settings import Settings
from api.shop.money import CurrencyMismatch, TotalTooLarge
from api.shop.orders import listing, placement, rules
from api.shop.orders.holding import Holding
from api.shop.orders.records import OrderDraft
from api.shop.orders.schemas import OrdersQuery, OrderView
from api.shop.stock.rules import OutOfStock, TooManyUnits
from api.shop.variants.rules import UnknownItem
from api.storage import Database, Transaction
from api.web.context import Request, Response
from api.web.idempotency import replayable
from api.web.operation import may, operation
from api.web.paging import Page, page
from api.web.responses import answer, created

PLACING = (
    TooMany,
    UnknownItem,
    CurrencyMismatch,
    TooManyUnits,
    OutOfStock,
    TotalTooLarge,
    placement.PriceChanged,
)
"""The errors of placing an order."""
PLACED = ("kiosque_orders_placed", "Orders placed, not counting replays.")


def holding_of(settings: Settings) -> Holding:
    """How long orders hold their stock, as the operator has chosen."""
    return Holding(minutes=settings.hold_minutes)


@dataclass(frozen=True, eq=False)
class Orders:
    db: Database
    settings: Settings
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
        returns=OrderView,
        status=201,
        errors=PLACING,
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, body: OrderDraft) -> None:
        """Place an order: all its lines are taken from stock, or none."""
        self._place(req, resp, body)

    def _place(self, req: Request, resp: Response, body: OrderDraft) -> None:
        if body.email is not None:
            emails.check(body.email)
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                self._create(tx, resp, body, buyer=req.context.viewer)
        if not replayed:
            self.placed.inc()

    def _create(self, tx: Transaction, resp: Response, body: OrderDraft, *, buyer: Viewer) -> None:
        order = placement.place(
            tx,
            body,
            buyer=buyer,
            currency=self.settings.currency,
            holding=holding_of(self.settings),
            limited=self._is_limited,
        )
        # An erasure finds the stored answers of an account by that, and those of guests by the order.
        lasts = buyer.account_id is not None
        view = OrderView.of(order, viewer=buyer)
        created(resp, view, location=f"/v1/orders/{order.id}", lasts=lasts)

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

    @operation(may(ME_READ, ORDERS_READ, or_guest=True), returns=OrderView, errors=(NotFound,))
    def on_get(self, req: Request, resp: Response, order: str) -> None:
        """Read one of your own orders or, as a shopkeeper, anyone's."""
        with self.db.read() as tx:
            viewer = req.context.viewer
            answer(resp, OrderView.of(rules.find(tx, ref=order, viewer=viewer), viewer=viewer))


def record(db: Database, req: Request, resp: Response, order: str, create: Callable[..., Any]) -> None:
    """201 with what `create` makes for the order, which is locked, such as a payment; once for a key."""
    viewer = req.context.viewer
    with db.write() as tx, replayable(tx, req, resp) as replayed:
        if not replayed:
            locked = rules.find(tx, ref=order, viewer=viewer, lock=True)
            created(resp, create(tx, locked, actor=viewer), lasts=True)
