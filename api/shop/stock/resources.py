"""The HTTP door to the stock ledger."""

from __future__ import annotations

from api.accounts.roles import STOCK_WRITE
from api.errors import NotFound
from api.shop.orders.states import InvalidState
from api.shop.stock import queries as stock_queries
from api.shop.stock import rules as stock
from api.shop.stock.schemas import MovementBody, MovementsQuery, MovementView
from api.shop.variants import rules as variants
from api.storage import Database
from api.web import operation as declared
from api.web.context import Request, Response
from api.web.idempotency import replayable
from api.web.operation import operation
from api.web.paging import Page, page
from api.web.responses import created

STOREKEEPER = declared.may(STOCK_WRITE)


class StockMovements:
    """/v1/variants/{sku}/stock-movements"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(STOREKEEPER, query=MovementsQuery, returns=Page[MovementView], errors=(NotFound,))
    def on_get(self, req: Request, resp: Response, sku: str, query: MovementsQuery) -> None:
        """Read the ledger of a variant, newest first; its deltas sum to what is available."""
        with self._db.read() as tx:
            variant = variants.find(tx, sku=sku, hidden=True)
            rows = stock_queries.list_movements(tx, query.page(), variant_id=variant.id)
        page(req, resp, query, rows, view=MovementView.of)

    @operation(
        STOREKEEPER,
        body=MovementBody,
        returns=MovementView,
        status=201,
        errors=(NotFound, stock.OutOfStock, InvalidState),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, sku: str, body: MovementBody) -> None:
        """Count units in (delta above 0) or out (below)."""
        body.check()
        with self._db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                movement = stock.move(
                    tx,
                    variant=variants.find(tx, sku=sku, hidden=True),
                    delta=body.delta,
                    reason=body.reason,
                    note=body.note,
                    by=req.context.viewer.id,
                )
                created(resp, MovementView.of(movement))
