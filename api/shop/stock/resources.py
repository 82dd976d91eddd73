"""The HTTP door to the stock ledger."""

from __future__ import annotations

from dataclasses import dataclass

from api.errors import NotFound
from api.roles import STOCK_WRITE
from api.shop.orders.states import InvalidState
from api.shop.stock import holds, queries, tracking
from api.shop.stock import rules as stock
from api.shop.stock.records import Movement
from api.shop.stock.schemas import MovementBody, TrackingBody
from api.shop.variants import rules as variants
from api.shop.variants.schemas import VariantView
from api.storage import Database
from api.web import conditional
from api.web import operation as declared
from api.web.context import Request, Response
from api.web.idempotency import replayable
from api.web.operation import operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.responses import answer, created, no_content

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
                created(resp, movement, lasts=True)


@dataclass(frozen=True, eq=False)
class Tracking:
    """The counting of the stock of a variant."""

    db: Database

    @operation(
        STOREKEEPER,
        body=TrackingBody,
        returns=VariantView,
        errors=(NotFound, InvalidState),
        conditional=True,
    )
    def on_put(self, req: Request, resp: Response, sku: str, body: TrackingBody) -> None:
        """Begin to count the stock of a variant that was sold without counting."""
        viewer = req.context.viewer
        with self.db.write() as tx:
            before = tracking.find(tx, ref=sku, viewer=viewer)
            conditional.check(req, resp, VariantView.of(before, viewer=viewer))
            variant = tracking.begin(tx, before, available=body.available, actor=viewer)
            answer(resp, VariantView.of(variant, viewer=viewer))

    @operation(STOREKEEPER, status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, sku: str) -> None:
        """Stop counting the stock of a variant: it is sold without counting."""
        viewer = req.context.viewer
        with self.db.write() as tx:
            before = tracking.find(tx, ref=sku, viewer=viewer)
            conditional.check(req, resp, VariantView.of(before, viewer=viewer))
            tracking.end(tx, before, actor=viewer)
        no_content(resp)
