"""The HTTP door to coupons."""

from __future__ import annotations

from dataclasses import dataclass

from api.errors import NotFound
from api.roles import SHOP_WRITE
from api.shop.coupons import rules
from api.shop.coupons.records import CouponDraft
from api.shop.coupons.schemas import CouponPatch, CouponView
from api.shop.money import AmountRequired, CurrencyMismatch
from api.shop.stock import holds
from api.shop.variants.rules import UnknownItem
from api.storage import Database
from api.taxonomy.rules import InUse, UnknownTerm
from api.web import conditional
from api.web.context import Request, Response
from api.web.idempotency import forget, replayable
from api.web.operation import may, operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.patches import Patch
from api.web.responses import answer, created, no_content

SHOPKEEPER = may(SHOP_WRITE)
REFUSALS = (rules.CouponInvalid, CurrencyMismatch, UnknownItem, UnknownTerm, InUse)


@dataclass(frozen=True, eq=False)
class Coupons:
    db: Database
    currency: str

    @operation(SHOPKEEPER, query=page_of("cpn"), returns=Page[CouponView])
    def on_get(self, req: Request, resp: Response, query: PageQuery) -> None:
        """List coupons, newest first."""
        with self.db.read() as tx:
            rows = rules.list_coupons(tx, query.page())
        page(req, resp, query, rows, view=CouponView.of)

    @operation(SHOPKEEPER, body=CouponDraft, returns=CouponView, status=201, errors=REFUSALS, idempotent=True)
    def on_post(self, req: Request, resp: Response, body: CouponDraft) -> None:
        """Make a coupon."""
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                coupon = rules.create(tx, body, currency=self.currency)
                created(resp, CouponView.of(coupon), location=f"/v1/coupons/{coupon.id}")


@dataclass(frozen=True, eq=False)
class Coupon:
    db: Database
    currency: str

    @operation(SHOPKEEPER, returns=CouponView, errors=(NotFound,))
    def on_get(self, _req: Request, resp: Response, coupon: str) -> None:
        """Read a coupon."""
        with self.db.read() as tx:
            answer(resp, CouponView.of(rules.find(tx, ref=coupon)))

    @operation(
        SHOPKEEPER,
        body=CouponPatch,
        returns=CouponView,
        errors=(NotFound, *REFUSALS, AmountRequired),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, coupon: str, body: Patch) -> None:
        """Change a coupon, from the next order on."""
        with self.db.write() as tx:
            # A limit may be as low as the uses that are left once expired orders have returned theirs.
            holds.release_coupons(tx, [rules.find(tx, ref=coupon).code])
            before = rules.find(tx, ref=coupon, lock=True)
            conditional.check(req, resp, CouponView.of(before))
            answer(resp, CouponView.of(rules.change(tx, before, body.changes(), currency=self.currency)))

    @operation(SHOPKEEPER, status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, coupon: str) -> None:
        """Delete a coupon; orders keep what it took off."""
        with self.db.write() as tx:
            before = rules.find(tx, ref=coupon, lock=True)
            conditional.check(req, resp, CouponView.of(before))
            rules.delete(tx, before)
            forget(tx, before.id)
        no_content(resp)
