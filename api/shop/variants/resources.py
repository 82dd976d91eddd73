"""The HTTP door to variants."""

from __future__ import annotations

from api.accounts.roles import ITEMS_WRITE, may
from api.errors import NotFound
from api.settings import Settings
from api.shop.items import rules as catalog
from api.shop.items.resources import SHOPKEEPER
from api.shop.money import CurrencyMismatch
from api.shop.variants import rules as variants
from api.shop.variants.rules import OptionsMismatch
from api.shop.variants.schemas import VariantPatchBody, VariantView
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.operation import ANYONE, operation
from api.web.responses import answer


class Variant:
    """/v1/variants/{sku}"""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings

    @operation(ANYONE, returns=VariantView, errors=(NotFound,), kept=True)
    def on_get(self, req: Request, resp: Response, sku: str) -> None:
        """Read a variant by its sku, whatever its case."""
        with self._db.read() as tx:
            hidden = may(req.context.viewer, ITEMS_WRITE)
            answer(resp, VariantView.of(variants.find(tx, sku=sku, hidden=hidden)))

    @operation(
        SHOPKEEPER,
        body=VariantPatchBody,
        returns=VariantView,
        errors=(NotFound, OptionsMismatch, CurrencyMismatch),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, sku: str, body: VariantPatchBody) -> None:
        """Change the price or the options of a variant."""
        with self._db.write() as tx:
            variant = variants.find(tx, sku=sku, hidden=True, lock=True)
            conditional.check(req, resp, VariantView.of(variant))
            price, compare_at = body.prices(variant)
            answer(
                resp,
                VariantView.of(
                    variants.change(
                        tx,
                        variant=variant,
                        item=catalog.find(tx, ref=variant.item_id, hidden=True),
                        price=price,
                        compare_at=compare_at,
                        options=body.choices(variant),
                        currency=self._settings.currency,
                    )
                ),
            )
