"""The HTTP door to payments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from api.errors import NotFound
from api.roles import ME_READ, ORDERS_READ, ORDERS_WRITE
from api.shop.money import CurrencyMismatch
from api.shop.orders import rules as orders
from api.shop.orders.resources import record
from api.shop.orders.states import InvalidState
from api.shop.payments import queries, rules
from api.shop.payments.records import Payment, PaymentDraft
from api.shop.stock.rules import OutOfStock
from api.storage import Database
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.paging import Page, PageQuery, page, page_of


@dataclass(frozen=True, eq=False)
class Payments:
    db: Database

    @operation(
        may(ME_READ, ORDERS_READ, or_guest=True),
        query=page_of("pay"),
        returns=Page[Payment],
        errors=(NotFound,),
    )
    def on_get(self, req: Request, resp: Response, order: str, query: PageQuery) -> None:
        """List an order's payments, newest first."""
        with self.db.read() as tx:
            own = orders.find(tx, ref=order, viewer=req.context.viewer)
            rows = queries.list_payments(tx, query.page(), order_id=own.id)
        page(req, resp, query, rows)

    @operation(
        may(ORDERS_WRITE),
        body=PaymentDraft,
        returns=Payment,
        status=201,
        errors=(NotFound, CurrencyMismatch, OutOfStock, InvalidState),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, order: str, body: PaymentDraft) -> None:
        """Record a payment received by hand."""
        record(self.db, req, resp, order, partial(rules.create, draft=body))
