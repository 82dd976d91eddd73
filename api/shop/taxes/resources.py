"""The HTTP door to tax rates."""

from __future__ import annotations

from dataclasses import dataclass

from api.errors import NotFound
from api.roles import SHOP_WRITE
from api.shop.taxes import queries, records, rules
from api.shop.taxes.records import TaxRateDraft
from api.shop.taxes.schemas import TaxRatePatch
from api.storage import Database
from api.taxonomy.rules import InUse
from api.web import conditional
from api.web.context import Request, Response
from api.web.idempotency import forget, replayable
from api.web.operation import may, operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.patches import Patch
from api.web.responses import answer, created, no_content

SHOPKEEPER = may(SHOP_WRITE)


@dataclass(frozen=True, eq=False)
class TaxRates:
    db: Database

    @operation(SHOPKEEPER, query=page_of("tax"), returns=Page[records.TaxRate])
    def on_get(self, req: Request, resp: Response, query: PageQuery) -> None:
        """List tax rates, newest first."""
        with self.db.read() as tx:
            rows = queries.list_tax_rates(tx, query.page())
        page(req, resp, query, rows)

    @operation(
        SHOPKEEPER,
        body=TaxRateDraft,
        returns=records.TaxRate,
        status=201,
        errors=(InUse,),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, body: TaxRateDraft) -> None:
        """Tax goods of a class at a place, from the next order on."""
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                tax_rate = rules.create(tx, body)
                created(resp, tax_rate, location=f"/v1/tax-rates/{tax_rate.id}")


@dataclass(frozen=True, eq=False)
class TaxRate:
    db: Database

    @operation(SHOPKEEPER, returns=records.TaxRate, errors=(NotFound,))
    def on_get(self, _req: Request, resp: Response, tax_rate: str) -> None:
        """Read a tax rate."""
        with self.db.read() as tx:
            answer(resp, rules.find(tx, ref=tax_rate))

    @operation(
        SHOPKEEPER,
        body=TaxRatePatch,
        returns=records.TaxRate,
        errors=(NotFound, InUse),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, tax_rate: str, body: Patch) -> None:
        """Change a tax rate, from the next order on."""
        with self.db.write() as tx:
            before = rules.find(tx, ref=tax_rate, lock=True)
            conditional.check(req, resp, before)
            answer(resp, rules.change(tx, before, body.changes()))

    @operation(SHOPKEEPER, status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, tax_rate: str) -> None:
        """Delete a tax rate; orders keep what they were taxed."""
        with self.db.write() as tx:
            before = rules.find(tx, ref=tax_rate, lock=True)
            conditional.check(req, resp, before)
            rules.delete(tx, before)
            forget(tx, before.id)
        no_content(resp)
