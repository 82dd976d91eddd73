"""The HTTP door to the stock ledger."""

from __future__ import annotations

from dataclasses import dataclass

from api.errors import NotFound
from api.roles import STOCK_WRITE
from api.shop.orders.states import InvalidState
from api.shop.stock import holds, queries
from api.shop.stock import rules as stock
from api.shop.stock.records import Movement
from api.shop.stock.schemas import MovementBody
from api.shop.variants import rules as variants
from api.storage import Database
from api.web import operation as declared
from api.web.context import Request, Response
from api.web.idempotency import replayable
from api.web.operation import operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.responses import created

STOREKEEPER = declared.may(STOCK_WRITE)


@dataclass(frozen=True, eq=False)
class StockMovements:
    """The ledger of a variant."""

    db: Database

    @operation(STOREKEEPER, query=page_of("mov"), returns=Page[Movement], errors=(NotFound,))
    def on_get(self, req: Request, resp: Response, sku: str, query: PageQuery) -> None:
        """Read the ledger of a variant, newest first; its deltas sum to what is available."""
        with self.db.read() as tx:
            variant = variants.find(tx, ref=sku, viewer=req.context.viewer, permission=STOCK_WRITE)
        if variant.overdue:  # what expired orders return is in the ledger before it is read
            with self.db.write() as tx:
                holds.release(tx, [variant])
        with self.db.read() as tx:
            rows = queries.list_movements(tx, query.page(), variant_id=variant.id)
        page(req, resp, query, rows, view=lambda movement: movement)

    @operation(
        STOREKEEPER,
        body=MovementBody,
        returns=Movement,
        status=201,
        errors=(NotFound, stock.OutOfStock, InvalidState),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, sku: str, body: MovementBody) -> None:
        """Add units to stock (positive delta) or remove them (negative)."""
        body.check()
        viewer = req.context.viewer
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                variant = variants.find(tx, ref=sku, viewer=viewer, permission=STOCK_WRITE)
                movement = stock.move(
                    tx, variant, delta=body.delta, reason=body.reason, note=body.note, actor=viewer
                )
                created(resp, movement)
