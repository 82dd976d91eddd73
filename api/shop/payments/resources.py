"""The HTTP door to payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.errors import NotFound
from api.roles import ME_READ, ORDERS_READ, ORDERS_WRITE, Viewer
from api.shop.money import CurrencyMismatch
from api.shop.orders import rules as orders
from api.shop.orders.records import Order
from api.shop.orders.resources import record
from api.shop.orders.states import InvalidState
from api.shop.payments import queries, rules
from api.shop.payments.records import PaymentDraft
from api.shop.payments.schemas import PaymentView
from api.shop.stock.rules import OutOfStock
from api.storage import Database, Transaction
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.validation import Required


@dataclass(frozen=True, eq=False)
class Payments:
    db: Database

    @operation(
        may(ME_READ, ORDERS_READ, or_guest=True),
        query=page_of("pay"),
        returns=Page[PaymentView],
        errors=(NotFound,),
    )
    def on_get(self, req: Request, resp: Response, order: str, query: PageQuery) -> None:
        """List an order's payments, newest first."""
        with self.db.read() as tx:
            own = orders.find(tx, ref=order, viewer=req.context.viewer)
            rows = queries.list_payments(tx, query.page(), order_id=own.id)
        page(req, resp, query, rows, view=PaymentView.of)

    @operation(
        may(ORDERS_WRITE),
        body=PaymentDraft,
        returns=PaymentView,
        status=201,
        errors=(NotFound, CurrencyMismatch, OutOfStock, InvalidState),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, order: str, body: PaymentDraft) -> None:
        """Record a payment received by hand."""
        if body.method is None:
            raise Required.at("/method")
        if body.amount is None:
            raise Required.at("/amount")
        amount, method = body.amount, body.method

        def create(tx: Transaction, locked: Order, *, actor: Viewer) -> Any:
            payment = rules.record(
                tx, locked, amount=amount, method=method, reference=body.reference, actor=actor
            )
            return PaymentView.of(payment)

        record(self.db, req, resp, order, create)
