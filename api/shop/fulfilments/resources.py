"""The HTTP door to fulfilments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from msgspec import UNSET

from api.errors import NotFound
from api.roles import ME_READ, ORDERS_READ, ORDERS_WRITE
from api.shop.fulfilments import queries, rules
from api.shop.fulfilments.records import Fulfilment, FulfilmentDraft, FulfilmentPatch
from api.shop.orders import rules as orders
from api.shop.orders.resources import record
from api.shop.orders.states import InvalidState
from api.shop.variants.rules import UnknownItem
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.responses import answer


@dataclass(frozen=True, eq=False)
class Fulfilments:
    db: Database

    @operation(
        may(ME_READ, ORDERS_READ, or_guest=True),
        query=page_of("ful"),
        returns=Page[Fulfilment],
        errors=(NotFound,),
    )
    def on_get(self, req: Request, resp: Response, order: str, query: PageQuery) -> None:
        """List an order's fulfilments, newest first."""
        with self.db.read() as tx:
            own = orders.find(tx, ref=order, viewer=req.context.viewer)
            rows = queries.list_fulfilments(tx, query.page(), order_id=own.id)
        page(req, resp, query, rows)

    @operation(
        may(ORDERS_WRITE),
        body=FulfilmentDraft,
        returns=Fulfilment,
        status=201,
        errors=(NotFound, UnknownItem, InvalidState),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, order: str, body: FulfilmentDraft) -> None:
        """Record what was sent: these lines, or all that remains."""
        record(self.db, req, resp, order, partial(rules.create, draft=body))


@dataclass(frozen=True, eq=False)
class OneFulfilment:
    db: Database

    @operation(
        may(ORDERS_WRITE), body=FulfilmentPatch, returns=Fulfilment, errors=(NotFound,), conditional=True
    )
    def on_patch(
        self, req: Request, resp: Response, order: str, fulfilment: str, body: FulfilmentPatch
    ) -> None:
        """Correct the carrier or the tracking of what was sent."""
        viewer = req.context.viewer
        sent = {name: getattr(body, name) for name in body.__struct_fields__}
        changes = {name: value for name, value in sent.items() if value is not UNSET}
        with self.db.write() as tx:
            locked = orders.find(tx, ref=order, viewer=viewer, lock=True)
            before = queries.find_fulfilment(tx, ref=fulfilment, order_id=locked.id)
            if before is None:
                raise NotFound
            conditional.check(req, resp, before)
            answer(resp, rules.change(tx, locked, before, changes, actor=viewer))
