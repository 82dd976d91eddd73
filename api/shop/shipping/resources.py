"""The HTTP door to shipping methods and countries."""

from __future__ import annotations

from dataclasses import dataclass

from api import roles
from api.errors import NotFound
from api.roles import SHOP_WRITE
from api.shop.money import AmountRequired, CurrencyMismatch
from api.shop.shipping import countries, queries, records, rules
from api.shop.shipping.records import ShippingMethodDraft
from api.shop.shipping.schemas import CountryView, ShippingMethodPatch, ShippingMethodsQuery
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.idempotency import forget, replayable
from api.web.languages import preferred
from api.web.operation import ANYONE, may, operation
from api.web.paging import Page, page
from api.web.patches import Patch
from api.web.responses import answer, created, listed, no_content

SHOPKEEPER = may(SHOP_WRITE)


@dataclass(frozen=True, eq=False)
class ShippingMethods:
    db: Database
    currency: str

    @operation(ANYONE, query=ShippingMethodsQuery, returns=Page[records.ShippingMethod], kept=True)
    def on_get(self, req: Request, resp: Response, query: ShippingMethodsQuery) -> None:
        """List shipping methods by position: those that are offered, for shopkeepers all."""
        retired = roles.may(req.context.viewer, SHOP_WRITE)
        with self.db.read() as tx:
            rows = queries.list_methods(tx, query.page(), retired=retired)
        page(req, resp, query, rows)

    @operation(
        SHOPKEEPER,
        body=ShippingMethodDraft,
        returns=records.ShippingMethod,
        status=201,
        errors=(CurrencyMismatch,),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, body: ShippingMethodDraft) -> None:
        """Offer a way of shipping."""
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                method = rules.create(tx, body, currency=self.currency)
                created(resp, method, location=f"/v1/shipping-methods/{method.id}")


@dataclass(frozen=True, eq=False)
class ShippingMethod:
    db: Database
    currency: str

    @operation(ANYONE, returns=records.ShippingMethod, errors=(NotFound,))
    def on_get(self, req: Request, resp: Response, method: str) -> None:
        """Read a shipping method; one that is retired, as a shopkeeper."""
        with self.db.read() as tx:
            answer(resp, rules.find(tx, ref=method, viewer=req.context.viewer))

    @operation(
        SHOPKEEPER,
        body=ShippingMethodPatch,
        returns=records.ShippingMethod,
        errors=(NotFound, CurrencyMismatch, AmountRequired),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, method: str, body: Patch) -> None:
        """Change a shipping method, from the next order on."""
        with self.db.write() as tx:
            before = rules.find(tx, ref=method, viewer=req.context.viewer, lock=True)
            conditional.check(req, resp, before)
            answer(resp, rules.change(tx, before, body.changes(), currency=self.currency))

    @operation(SHOPKEEPER, status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, method: str) -> None:
        """Delete a shipping method; orders keep its name and price."""
        with self.db.write() as tx:
            before = rules.find(tx, ref=method, viewer=req.context.viewer, lock=True)
            conditional.check(req, resp, before)
            rules.delete(tx, before)
            forget(tx, before.id)
        no_content(resp)


@dataclass(frozen=True, eq=False)
class Countries:
    db: Database
    currency: str
    languages: tuple[str, ...]

    @operation(ANYONE, returns=Page[CountryView])
    def on_get(self, req: Request, resp: Response) -> None:
        """List the countries of the world, and whether the shop ships there."""
        with self.db.read() as tx:
            ships = countries.served(tx, currency=self.currency)
        names = countries.names(preferred(req, (*self.languages, *countries.SPOKEN)))
        listed(resp, [CountryView(code, name, ships(code)) for code, name in names.items()], next_page=None)
