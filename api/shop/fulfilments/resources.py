"""The HTTP door to fulfilments."""

from __future__ import annotations

from api.accounts.roles import ORDERS_WRITE
from api.errors import NotFound
from api.shop.fulfilments import queries as fulfilments_queries
from api.shop.fulfilments import rules as fulfilments
from api.shop.fulfilments.schemas import FulfilmentBody, FulfilmentsQuery, FulfilmentView
from api.shop.orders import rules as orders
from api.shop.orders.states import InvalidState
from api.shop.variants.rules import UnknownItem
from api.storage import Database
from api.web.context import Request, Response
from api.web.idempotency import replayable
from api.web.operation import SIGNED_IN, may, operation
from api.web.paging import Page, page
from api.web.responses import created


class Fulfilments:
    """/v1/orders/{order}/fulfilments"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(SIGNED_IN, query=FulfilmentsQuery, returns=Page[FulfilmentView], errors=(NotFound,))
    def on_get(self, req: Request, resp: Response, order: str, query: FulfilmentsQuery) -> None:
        """List what was sent of an order, newest first."""
        with self._db.read() as tx:
            own = orders.find(tx, order_id=order, viewer=req.context.viewer)
            rows = fulfilments_queries.list_fulfilments(tx, query.page(), order_id=own.id)
        page(req, resp, query, rows, view=FulfilmentView.of)

    @operation(
        may(ORDERS_WRITE),
        body=FulfilmentBody,
        returns=FulfilmentView,
        status=201,
        errors=(NotFound, UnknownItem, InvalidState),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, order: str, body: FulfilmentBody) -> None:
        """Record what was sent: the lines given, or all that remains."""
        viewer = req.context.viewer
        with self._db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                fulfilment = fulfilments.record(
                    tx,
                    order=orders.find(tx, order_id=order, viewer=viewer, lock=True),
                    lines=body.sent(),
                    carrier=body.carrier,
                    tracking=body.tracking,
                    by=viewer,
                )
                created(resp, FulfilmentView.of(fulfilment))
