"""Coupons, shipping methods and tax rates, each with the least that a test must say."""

from __future__ import annotations

from itertools import count
from typing import Any

from api.settings.shop import Tariff
from api.shop.coupons import rules as coupons
from api.shop.coupons.records import Coupon, CouponDraft, Customer
from api.shop.money import AmountBody
from api.shop.orders.records import LineDraft
from api.shop.quotes.records import Quote, Terms
from api.shop.quotes.rules import priced
from api.shop.shipping import rules as shipping
from api.shop.shipping.records import Bracket, ShippingMethod, ShippingMethodDraft
from api.shop.stock.rules import Portion
from api.shop.taxes import rules as taxes
from api.shop.taxes.records import TaxRate, TaxRateDraft
from api.shop.variants import queries as variants
from api.storage import Transaction

TARIFF = Tariff(currency="EUR", country="FR")
NOBODY = Customer()

_number = count(1)


def euros(amount: int) -> AmountBody:
    return AmountBody(amount, "EUR")


def make_coupon(tx: Transaction, code: str = "", **fields: Any) -> Coupon:
    """A coupon of 10 percent, or of the kind that the fields say."""
    code = code or f"coupon-{next(_number)}"
    if not fields.keys() & {"kind", "percent", "amount"}:
        fields["percent"] = 10
    kind = "fixed" if "amount" in fields else "percent"
    return coupons.create(tx, CouponDraft(**{"code": code, "kind": kind, **fields}), currency="EUR")


def make_method(
    tx: Transaction, price: int = 490, *, brackets: dict[int, int] | None = None, **fields: Any
) -> ShippingMethod:
    """A shipping method; `brackets` are price by weight."""
    steps = tuple(Bracket(up_to_g=grams, price=euros(more)) for grams, more in (brackets or {}).items())
    draft = ShippingMethodDraft(**{"name": "Parcel", "price": euros(price), "brackets": steps, **fields})
    return shipping.create(tx, draft, currency="EUR")


def make_rate(tx: Transaction, rate: str = "20", country: str = "FR", **fields: Any) -> TaxRate:
    """A tax rate of the class standard."""
    return taxes.create(
        tx,
        TaxRateDraft(**{"tax_class": "standard", "name": "VAT", "country": country, "rate": rate, **fields}),
    )


def quote(
    tx: Transaction,
    *lines: tuple[str, int],
    tariff: Tariff = TARIFF,
    customer: Customer = NOBODY,
    **terms: Any,
) -> Quote:
    """The quote for these skus and quantities."""
    drafts = [LineDraft(*line) for line in lines]
    known = variants.list_orderable(tx, keys={draft.sku for draft in drafts})
    portions = [Portion(known[draft.sku], draft.quantity, lines=(0,)) for draft in drafts]
    return priced(tx, portions, Terms(**terms), tariff=tariff, customer=customer)
