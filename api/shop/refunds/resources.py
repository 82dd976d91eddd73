"""The HTTP door to refunds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.audit import rules as audit
from api.audit.resources import origin_of
from api.errors import NotFound
from api.roles import ME_READ, ORDERS_READ, ORDERS_WRITE, Viewer
from api.shop.money import CurrencyMismatch
from api.shop.orders import rules as orders
from api.shop.orders.records import Order
from api.shop.orders.resources import record
from api.shop.orders.states import InvalidState
from api.shop.refunds import decisions, queries
from api.shop.refunds.decisions import RefundAmbiguous
from api.shop.refunds.records import RefundDraft
from api.shop.refunds.schemas import RefundView
from api.shop.variants.rules import UnknownItem
from api.storage import Database, Transaction
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.paging import Page, PageQuery, page, page_of


@dataclass(frozen=True, eq=False)
class Refunds:
    db: Database

    @operation(
        may(ME_READ, ORDERS_READ, or_guest=True),
        query=page_of("ref"),
        returns=Page[RefundView],
        errors=(NotFound,),
    )
    def on_get(self, req: Request, resp: Response, order: str, query: PageQuery) -> None:
        """List an order's refunds, newest first."""
        with self.db.read() as tx:
            own = orders.find(tx, ref=order, viewer=req.context.viewer)
            rows = queries.list_refunds(tx, query.page(), order_id=own.id)
        page(req, resp, query, rows, view=RefundView.of)

    @operation(
        may(ORDERS_WRITE),
        body=RefundDraft,
        returns=RefundView,
        status=201,
        errors=(NotFound, CurrencyMismatch, RefundAmbiguous, UnknownItem, InvalidState),
        idempotent=True,
        event="refund",
    )
    def on_post(self, req: Request, resp: Response, order: str, body: RefundDraft) -> None:
        """Send money back: for units that were sent, for shipping, an amount, or all that is left."""

        def create(tx: Transaction, locked: Order, *, actor: Viewer) -> Any:
            refund = decisions.refund(tx, locked, body, actor=actor)
            audit.note(tx, "refund", origin_of(req), subject=locked.account_id, order=locked.id)
            return RefundView.of(refund)

        record(self.db, req, resp, order, create)
        req.context.facts = {"order": order}
