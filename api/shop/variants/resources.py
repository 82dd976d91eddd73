"""The HTTP door to variants."""

from __future__ import annotations

from dataclasses import dataclass

from api.errors import NotFound
from api.media.uses import UnknownMedia
from api.settings import Settings
from api.shop.items.resources import SHOPKEEPER
from api.shop.money import AmountRequired, CurrencyMismatch
from api.shop.variants import rules as variants
from api.shop.variants.rules import OptionsMismatch
from api.shop.variants.schemas import VariantPatch, VariantView, check_files
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.operation import ANYONE, operation
from api.web.responses import answer


@dataclass(frozen=True, eq=False)
class Variant:
    """A variant of an item."""

    db: Database
    settings: Settings

    @operation(ANYONE, returns=VariantView, errors=(NotFound,), kept=True)
    def on_get(self, req: Request, resp: Response, sku: str) -> None:
        """Read a variant by its sku, in any case."""
        with self.db.read() as tx:
            viewer = req.context.viewer
            answer(resp, VariantView.of(variants.find(tx, ref=sku, viewer=viewer), viewer=viewer))

    @operation(
        SHOPKEEPER,
        body=VariantPatch,
        returns=VariantView,
        errors=(NotFound, UnknownMedia, AmountRequired, OptionsMismatch, CurrencyMismatch),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, sku: str, body: VariantPatch) -> None:
        """Change a variant: its price, its options or what else it says."""
        check_files([("", body)])
        actor, currency = req.context.viewer, self.settings.currency
        with self.db.write() as tx:
            before = variants.find(tx, ref=sku, viewer=actor, lock=True)
            conditional.check(req, resp, VariantView.of(before, viewer=actor))
            variant = variants.change(tx, before, body.changes(), currency=currency, actor=actor)
            answer(resp, VariantView.of(variant, viewer=actor))
