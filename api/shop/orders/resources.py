"""The HTTP door to orders, and to how they are paid, sent and cancelled."""

from __future__ import annotations

from api.accounts.roles import ORDERS_READ, ORDERS_WRITE
from api.errors import NotFound
from api.settings import Settings
from api.shop.money import CurrencyMismatch, TotalTooLarge
from api.shop.orders import queries as order_queries
from api.shop.orders import rules as orders
from api.shop.orders.schemas import CancellationBody, OrderBody, OrdersQuery, OrderView
from api.shop.orders.states import InvalidState
from api.shop.stock.rules import OutOfStock
from api.shop.variants.rules import UnknownItem
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.credentials import check_access
from api.web.idempotency import replayable
from api.web.metrics import Metrics
from api.web.operation import SIGNED_IN, may, operation
from api.web.paging import Page, page
from api.web.responses import answer, created


class Orders:
    """/v1/orders"""

    def __init__(self, db: Database, settings: Settings, metrics: Metrics) -> None:
        self._db = db
        self._currency = settings.currency
        self._placed = metrics.counter("kiosque_orders_placed", "Orders placed, replays left out.")

    @operation(may(ORDERS_READ), query=OrdersQuery, returns=Page[OrderView])
    def on_get(self, req: Request, resp: Response, query: OrdersQuery) -> None:
        """List everyone's orders, newest first."""
        _list(self._db, req, resp, query, buyer=None)

    @operation(
        SIGNED_IN,
        body=OrderBody,
        returns=OrderView,
        status=201,
        errors=(UnknownItem, CurrencyMismatch, OutOfStock, TotalTooLarge, orders.PriceChanged),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, body: OrderBody) -> None:
        """Place an order: every line is taken from stock, or none."""
        with self._db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                order = orders.place(
                    tx,
                    buyer=req.context.viewer,
                    lines=body.wanted(),
                    currency=self._currency,
                    expected_total=body.seen(),
                    note=body.note,
                )
                created(resp, OrderView.of(order), location=f"/v1/orders/{order.id}")
        if not replayed:
            self._placed.inc()


class MyOrders:
    """/v1/me/orders"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(SIGNED_IN, query=OrdersQuery, returns=Page[OrderView])
    def on_get(self, req: Request, resp: Response, query: OrdersQuery) -> None:
        """List your own orders, newest first."""
        _list(self._db, req, resp, query, buyer=req.context.viewer.id)


class Order:
    """/v1/orders/{order}"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(SIGNED_IN, returns=OrderView, errors=(NotFound,))
    def on_get(self, req: Request, resp: Response, order: str) -> None:
        """Read an order: your own, or as a shopkeeper anyone's."""
        with self._db.read() as tx:
            answer(resp, OrderView.of(orders.find(tx, order_id=order, viewer=req.context.viewer)))


class Cancellation:
    """/v1/orders/{order}/cancellation"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(
        SIGNED_IN,
        body=CancellationBody,
        returns=OrderView,
        errors=(NotFound, InvalidState),
        conditional=True,
    )
    def on_put(self, req: Request, resp: Response, order: str, body: CancellationBody) -> None:
        """Cancel an order and return its stock: its buyer while unpaid, a shopkeeper until it is sent."""
        viewer = req.context.viewer
        with self._db.write() as tx:
            found = orders.find(tx, order_id=order, viewer=viewer, lock=True)
            if found.account_id != viewer.id:
                check_access(viewer, may(ORDERS_WRITE))
            conditional.check(req, resp, OrderView.of(found))
            answer(resp, OrderView.of(orders.cancel(tx, order=found, by=viewer, reason=body.reason)))


def _list(db: Database, req: Request, resp: Response, query: OrdersQuery, *, buyer: str | None) -> None:
    with db.read() as tx:
        rows = order_queries.list_orders(tx, query.page(), buyer=buyer, **query.filters())
    page(req, resp, query, rows, view=OrderView.of)
