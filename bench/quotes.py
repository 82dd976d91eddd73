"""The CPU time of a quote: 20 lines of two classes, two coupons, five shipping methods, a table of rates.

`python -m bench.quotes` prints the median on SQLite and on PostgreSQL, from the lines to the bytes of the
answer; the promise is 2 ms on SQLite.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from api.settings import Settings
from api.settings.shop import Tariff
from api.shop.coupons import rules as coupons
from api.shop.coupons.records import CouponDraft, Customer
from api.shop.items import rules as items
from api.shop.items.records import ItemDraft
from api.shop.money import AmountBody, Money
from api.shop.orders.records import LineDraft
from api.shop.quotes import rules as quotes
from api.shop.quotes.records import Terms
from api.shop.quotes.schemas import QuoteView
from api.shop.shipping import rules as shipping
from api.shop.shipping.records import Bracket, ShippingMethodDraft
from api.shop.taxes import importing
from api.shop.variants.records import VariantDraft
from api.sights import sights
from api.storage import Transaction, migrations
from api.web import json
from bench.orders import postgresql_urls

LINES, QUOTES = 20, 500
TARIFF = Tariff(currency="EUR", country="FR")
TERMS = Terms(country="FR", coupons=("tenth", "FIVER"))


def main() -> None:
    """Measure on both databases."""
    with tempfile.TemporaryDirectory(prefix="kiosque-bench-") as name:
        folder = Path(name)
        _measure("SQLite", f"sqlite:///{folder / 'quotes.db'}")
        with postgresql_urls(folder) as urls:
            _measure("PostgreSQL", urls[0])


def _measure(name: str, url: str) -> None:
    settings = Settings.from_env({"KIOSQUE_DATABASE_URL": url})
    db = migrations.migrated(settings)
    db.sight_of = sights(settings.public_site)
    with db.write() as tx:
        _fill(tx)
    lines = [LineDraft(f"sku-{number}", 2) for number in range(LINES)]

    def ask() -> None:
        with db.read() as tx:
            quote = quotes.quote(tx, lines, TERMS, tariff=TARIFF, customer=Customer("acc_1"))
        json.encode(QuoteView.of(quote, currency="EUR", prices_include_tax=True))

    print(f"{name}: a quote of {LINES} lines takes {_milliseconds(ask):.2f} ms of CPU")
    db.dispose()


def _milliseconds(act: Callable[[], None]) -> float:
    for _ in range(20):
        act()
    times = []
    for _ in range(QUOTES):
        began = time.process_time()
        act()
        times.append(time.process_time() - began)
    return median(times) * 1_000


def _fill(tx: Transaction) -> None:
    for number in range(LINES):
        variant = VariantDraft(sku=f"sku-{number}", price=Money(1_000 + number, "EUR"), stock=9, weight_g=100)
        draft = ItemDraft(
            name=f"Item {number}",
            status="published",
            variants=(variant,),
            categories=("Kitchen",),
            tax_class="reduced" if number % 2 else "standard",
        )
        items.create(tx, draft, currency="EUR", actor=None)
    importing.apply(tx, importing.table_of("eu"))
    steps = tuple(Bracket(up_to_g=grams, price=AmountBody(grams, "EUR")) for grams in (1_000, 10_000))
    for number in range(5):
        method = ShippingMethodDraft(
            name=f"Parcel {number}", price=AmountBody(490, "EUR"), countries=("FR", "DE"), brackets=steps
        )
        shipping.create(tx, method, currency="EUR")
    tenth = CouponDraft(code="TENTH", kind="percent", percent=10, per_customer=1, usage_limit=100)
    fiver = CouponDraft(code="FIVER", kind="fixed", amount=AmountBody(500, "EUR"), categories=("kitchen",))
    for coupon in (tenth, fiver):
        coupons.create(tx, coupon, currency="EUR")


if __name__ == "__main__":
    main()
