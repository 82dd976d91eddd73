"""The HTTP door to the catalogue and the stock."""

from __future__ import annotations

from urllib.parse import quote

from api.accounts.roles import ITEMS_WRITE, may
from api.errors import NotAllowed, NotFound, NotSignedIn
from api.settings import Settings
from api.shop.items import queries
from api.shop.items import rules as catalog
from api.shop.items.patch_schemas import ItemPatchBody
from api.shop.items.records import Item as ItemRecord
from api.shop.items.schemas import ItemBody, ItemsQuery, ItemView
from api.shop.money import CurrencyMismatch
from api.shop.variants import queries as variant_queries
from api.shop.variants.rules import OptionsMismatch, SkuTaken, UnknownItem
from api.storage import Database
from api.text.slugs import SlugTaken
from api.web import conditional
from api.web import operation as declared
from api.web.context import Request, Response
from api.web.credentials import check_access
from api.web.http_errors import InsufficientScope
from api.web.idempotency import replayable
from api.web.operation import ANYONE, operation
from api.web.paging import Page, page
from api.web.responses import answer, created, no_content

SHOPKEEPER = declared.may(ITEMS_WRITE)


class Items:
    """/v1/items"""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings

    @operation(
        ANYONE,
        query=ItemsQuery,
        returns=Page[ItemView],
        errors=(NotSignedIn, NotAllowed, InsufficientScope),
        kept=True,
    )
    def on_get(self, req: Request, resp: Response, query: ItemsQuery) -> None:
        """List items, newest first; with `q` the best hits first. Others than published: shopkeepers."""
        if query.status != "published":
            check_access(req.context.viewer, SHOPKEEPER)
        with self._db.read() as tx:
            rows = queries.list_items(tx, query.page(), **query.filters())
        page(req, resp, query, rows, view=self._view)

    @operation(
        SHOPKEEPER,
        body=ItemBody,
        returns=ItemView,
        status=201,
        errors=(SkuTaken, OptionsMismatch, CurrencyMismatch, SlugTaken),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, body: ItemBody) -> None:
        """Add an item: a draft, unless its status says otherwise."""
        draft = body.draft()
        with self._db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                by = req.context.viewer.id
                item = catalog.create(tx, draft=draft, currency=self._settings.currency, by=by)
                created(resp, self._view((0, item)), location=f"/v1/items/{item.id}")

    def _view(self, found: tuple[int, ItemRecord]) -> ItemView:
        return ItemView.of(found[1], site=self._settings.url)


class Item:
    """/v1/items/{item}"""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings

    @operation(ANYONE, returns=ItemView, errors=(NotFound,), moves=True, kept=True)
    def on_get(self, req: Request, resp: Response, item: str) -> None:
        """Read an item by slug or id; a former slug leads to the new one with 308."""
        hidden = may(req.context.viewer, ITEMS_WRITE)
        with self._db.read() as tx:
            found = catalog.look_up(tx, ref=item, hidden=hidden)
        if isinstance(found, ItemRecord):
            answer(resp, self._view(found))
        else:
            resp.status = 308
            resp.location = f"/v1/items/{quote(found, safe='')}"

    @operation(
        SHOPKEEPER,
        body=ItemPatchBody,
        returns=ItemView,
        errors=(NotFound, UnknownItem, SkuTaken, OptionsMismatch, CurrencyMismatch, SlugTaken),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, item: str, body: ItemPatchBody) -> None:
        """Change an item. Its variants are matched by sku: new ones are added, missing ones retired."""
        described = body.described()
        with self._db.write() as tx:
            found = catalog.find(tx, ref=item, hidden=True, lock=True)
            conditional.check(req, resp, self._view(found))
            if body.changes_nothing():
                answer(resp, self._view(found))
                return
            ever = variant_queries.list_variants_ever(tx, item_id=found.id)
            draft = body.applied_to(found, ever=ever, described=described)
            by, currency = req.context.viewer.id, self._settings.currency
            answer(resp, self._view(catalog.change(tx, item=found, draft=draft, currency=currency, by=by)))

    @operation(SHOPKEEPER, status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, item: str) -> None:
        """Delete an item. Orders keep their copies, and its skus stay taken."""
        with self._db.write() as tx:
            found = catalog.find(tx, ref=item, hidden=True, lock=True)
            conditional.check(req, resp, self._view(found))
            catalog.delete(tx, item=found)
            no_content(resp)

    def _view(self, item: ItemRecord) -> ItemView:
        return ItemView.of(item, site=self._settings.url)
