"""The HTTP door to items."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from api.errors import NotAllowed, NotFound, NotSignedIn
from api.media.uses import UnknownMedia
from api.roles import ITEMS_WRITE
from api.settings import Settings
from api.shop.items import listing
from api.shop.items import rules as catalog
from api.shop.items.records import Item as ItemRecord
from api.shop.items.schemas import ItemBody, ItemPatch, ItemsQuery, ItemView, changes_of
from api.shop.money import AmountRequired, CurrencyMismatch
from api.shop.variants.rules import OptionsMismatch, SkuTaken, UnknownItem
from api.storage import Database
from api.text.slugs import SlugTaken
from api.web import conditional
from api.web import operation as declared
from api.web.context import Request, Response
from api.web.credentials import check_access
from api.web.http_errors import InsufficientScope
from api.web.idempotency import forget, replayable
from api.web.operation import ANYONE, operation
from api.web.paging import Page, page
from api.web.patches import Patch
from api.web.responses import answer, created, moved, no_content

SHOPKEEPER = declared.may(ITEMS_WRITE)


@dataclass(frozen=True, eq=False)
class Items:
    """The catalogue."""

    db: Database
    settings: Settings

    @operation(
        ANYONE,
        query=ItemsQuery,
        returns=Page[ItemView],
        errors=(NotSignedIn, NotAllowed, InsufficientScope),
        kept=True,
    )
    def on_get(self, req: Request, resp: Response, query: ItemsQuery) -> None:
        """List items, newest first; with `q` the best hits first. Other statuses: shopkeepers only."""
        if query.status != "published" or query.stock_below is not None:
            check_access(req.context.viewer, SHOPKEEPER)
        with self.db.read() as tx:
            hits = listing.list_items(tx, query.page(), **query.filters())
        site, viewer = self.settings.public_site, req.context.viewer
        page(req, resp, query, hits, view=lambda hit: ItemView.of(hit[1], site, viewer=viewer))

    @operation(
        SHOPKEEPER,
        body=ItemBody,
        long_text=True,
        returns=ItemView,
        status=201,
        errors=(UnknownMedia, SkuTaken, OptionsMismatch, CurrencyMismatch, SlugTaken),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, body: ItemBody) -> None:
        """Add an item: a draft, unless its status says otherwise."""
        draft = body.draft()
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                actor, currency = req.context.viewer, self.settings.currency
                item = catalog.create(tx, draft, currency=currency, actor=actor)
                view = ItemView.of(item, self.settings.public_site, viewer=actor)
                created(resp, view, location=f"/v1/items/{item.id}")


@dataclass(frozen=True, eq=False)
class Item:
    """Something for sale."""

    db: Database
    settings: Settings

    @operation(ANYONE, returns=ItemView, errors=(NotFound,), moves=True, kept=True)
    def on_get(self, req: Request, resp: Response, item: str) -> None:
        """Read an item by slug or id; a former slug redirects to the new one (308)."""
        with self.db.read() as tx:
            current = catalog.find(tx, ref=item, viewer=req.context.viewer)
        if current.goes_by(item):
            answer(resp, self._view(current, req))
        else:
            moved(resp, f"/v1/items/{quote(current.slug, safe='')}")

    @operation(
        SHOPKEEPER,
        body=ItemPatch,
        long_text=True,
        returns=ItemView,
        errors=(
            NotFound,
            UnknownItem,
            UnknownMedia,
            AmountRequired,
            catalog.ExternalUrlRequired,
            SkuTaken,
            OptionsMismatch,
            CurrencyMismatch,
            SlugTaken,
        ),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, item: str, body: Patch) -> None:
        """Change an item. Its variants are matched by sku: new ones are added, missing ones retired."""
        changes = changes_of(body)
        actor, currency = req.context.viewer, self.settings.currency
        with self.db.write() as tx:
            before = catalog.find(tx, ref=item, viewer=actor, lock=True)
            conditional.check(req, resp, self._view(before, req))
            after = catalog.patch(tx, before, changes, currency=currency, actor=actor)
            answer(resp, self._view(after, req))

    @operation(SHOPKEEPER, status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, item: str) -> None:
        """Delete an item. Orders keep their copies; its skus are free once none of them is open."""
        with self.db.write() as tx:
            before = catalog.find(tx, ref=item, viewer=req.context.viewer, lock=True)
            conditional.check(req, resp, self._view(before, req))
            catalog.delete(tx, before, actor=req.context.viewer)
            forget(tx, before.id)
            no_content(resp)

    def _view(self, item: ItemRecord, req: Request) -> ItemView:
        return ItemView.of(item, self.settings.public_site, viewer=req.context.viewer)
