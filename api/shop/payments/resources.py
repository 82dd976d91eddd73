"""The HTTP door to payments."""

from __future__ import annotations

from api.accounts.roles import ORDERS_WRITE
from api.errors import NotFound
from api.shop.money import CurrencyMismatch
from api.shop.orders import rules as orders
from api.shop.orders.states import InvalidState
from api.shop.payments import queries as payment_queries
from api.shop.payments import rules as payments
from api.shop.payments.schemas import PaymentBody, PaymentsQuery, PaymentView
from api.storage import Database
from api.web.context import Request, Response
from api.web.idempotency import replayable
from api.web.operation import SIGNED_IN, may, operation
from api.web.paging import Page, page
from api.web.responses import created


class Payments:
    """/v1/orders/{order}/payments"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(SIGNED_IN, query=PaymentsQuery, returns=Page[PaymentView], errors=(NotFound,))
    def on_get(self, req: Request, resp: Response, order: str, query: PaymentsQuery) -> None:
        """List what was paid for an order, newest first."""
        with self._db.read() as tx:
            own = orders.find(tx, order_id=order, viewer=req.context.viewer)
            rows = payment_queries.list_payments(tx, query.page(), order_id=own.id)
        page(req, resp, query, rows, view=PaymentView.of)

    @operation(
        may(ORDERS_WRITE),
        body=PaymentBody,
        returns=PaymentView,
        status=201,
        errors=(NotFound, CurrencyMismatch, InvalidState),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, order: str, body: PaymentBody) -> None:
        """Record a payment taken by hand."""
        viewer = req.context.viewer
        with self._db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                payment = payments.record(
                    tx,
                    order=orders.find(tx, order_id=order, viewer=viewer, lock=True),
                    method=body.method,
                    amount=body.amount.money(),
                    reference=body.reference,
                    by=viewer,
                )
                created(resp, PaymentView.of(payment))
