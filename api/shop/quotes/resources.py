"""The HTTP door to quotes."""

from __future__ import annotations

from dataclasses import dataclass

from api.settings.shop import Tariff
from api.shop.coupons.records import Customer
from api.shop.money import CurrencyMismatch, TotalTooLarge
from api.shop.quotes import rules
from api.shop.quotes.schemas import QuoteBody, QuoteView
from api.shop.shipping.rules import ShippingUnavailable
from api.shop.variants.rules import UnknownItem
from api.storage import Database
from api.web.context import Request, Response
from api.web.operation import ANYONE, operation
from api.web.responses import answer


@dataclass(frozen=True, eq=False)
class Quotes:
    db: Database
    tariff: Tariff

    @operation(
        ANYONE,
        body=QuoteBody,
        returns=QuoteView,
        errors=(UnknownItem, CurrencyMismatch, ShippingUnavailable, TotalTooLarge),
    )
    def on_post(self, req: Request, resp: Response, body: QuoteBody) -> None:
        """Read what an order would come to; nothing is stored or taken."""
        viewer, tariff = req.context.viewer, self.tariff
        customer = Customer(viewer.account_id, viewer.email) if viewer else Customer()
        with self.db.read() as tx:
            quote = rules.quote(tx, body.lines, body.terms(), tariff=tariff, customer=customer)
        view = QuoteView.of(quote, currency=tariff.currency, prices_include_tax=tariff.prices_include_tax)
        answer(resp, view)
