"""The catalogue: items made, changed and taken away, by a shopkeeper or by an import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from api.errors import NotFound
from api.ids import new_id
from api.shop.items import address_queries, addresses, queries
from api.shop.items.drafts import ItemDraft, Picture
from api.shop.items.records import Image, Item
from api.shop.items.tables import item_words
from api.shop.variants import queries as variant_queries
from api.shop.variants import rules as variants
from api.storage import Transaction
from api.taxonomy import rules as terms
from api.taxonomy.records import Term
from api.text import slugs
from api.text.markup import text_of
from api.times import Instant


def look_up(tx: Transaction, *, ref: str, hidden: bool) -> Item | str:
    """The item of that id or slug, or the slug to which it has moved; NotFound."""
    item = queries.find_item(tx, ref=ref, hidden=hidden)
    moved = None if item else address_queries.find_moved(tx, slug=ref, hidden=hidden)
    if not item and not moved:
        raise NotFound
    return item or moved or ""


def find(tx: Transaction, *, ref: str, hidden: bool, lock: bool = False) -> Item:
    """The item of that id or slug, or NotFound; `hidden` sees what is not published."""
    item = queries.find_item(tx, ref=ref, hidden=hidden, lock=lock)
    if item is None:
        raise NotFound
    return item


def create(tx: Transaction, *, draft: ItemDraft, currency: str, by: str | None) -> Item:
    """Store a new item. Raises SkuTaken, OptionsMismatch, CurrencyMismatch, SlugTaken."""
    variants.check(draft.variants, options=draft.options, currency=currency)
    item_id = tx.new_id("itm")
    slug = slugs.normal(draft.slug or "")
    if slug:
        addresses.claim(tx, item_id=item_id, slug=slug)
    else:
        slug = addresses.claim_free(tx, item_id=item_id, text=draft.name)
    variants.check_skus(tx, draft.variants, item_id=item_id)
    return insert(tx, item_id=item_id, draft=draft, slug=slug, by=by)


def change(tx: Transaction, *, item: Item, draft: ItemDraft, currency: str, by: str | None) -> Item:
    """Make the item what `draft` says. Raises as create does."""
    variants.check(draft.variants, options=draft.options, currency=currency)
    slug = slugs.normal(draft.slug or "")
    if slug and slug != item.slug:
        addresses.claim(tx, item_id=item.id, slug=slug)
        queries.update_item(tx, item_id=item.id, slug=slug)
    variants.check_skus(tx, draft.variants, item_id=item.id)
    return update(tx, item=item, draft=draft, by=by)


def delete(tx: Transaction, *, item: Item) -> None:
    """Take the item away. Its orders and its ledger stay, its skus stay taken, its slugs are free again."""
    queries.update_item(tx, item_id=item.id, slug=None, deleted_at=tx.now)
    address_queries.delete_slugs(tx, item_id=item.id)
    queries.replace_terms(tx, item_id=item.id, filed=())
    item_words.remove(tx, item.number)


def insert(
    tx: Transaction,
    *,
    item_id: str,
    draft: ItemDraft,
    slug: str,
    by: str | None,
    reason: str = "initial",
    created_at: Instant | None = None,
    **origin: str,
) -> Item:
    """Store an item whose slug is claimed and variants are checked; the ledger's `reason` for its stock."""
    queries.insert_item(
        tx,
        id=item_id,
        slug=slug,
        created_at=created_at or tx.now,
        updated_at=tx.now,
        **_columns(draft, ()),
        **origin,
    )
    variants.replace(tx, item_id=item_id, drafts=draft.variants, by=by, reason=reason)
    return _filed(tx, item_id, draft)


def update(
    tx: Transaction, *, item: Item, draft: ItemDraft, by: str | None, reason: str = "initial", **origin: str
) -> Item:
    """Change all of an item but its slug, after it has been checked."""
    queries.update_item(tx, item_id=item.id, updated_at=tx.now, **_columns(draft, item.images), **origin)
    ever = variant_queries.list_variants_ever(tx, item_id=item.id)
    variants.replace(tx, item_id=item.id, drafts=draft.variants, ever=ever, by=by, reason=reason)
    return _filed(tx, item.id, draft)


def index(tx: Transaction, item: Item) -> None:
    """Make the words of the item what a search finds it by."""
    text = text_of(item.description.html) if item.description else ""
    skus = (variant.sku for variant in item.variants)
    item_words.put(
        tx,
        item.number,
        title=item.name,
        tags=(term.name for term in (*item.tags, *item.categories)),
        body=" ".join((item.summary or "", text, *skus)),
    )


def _columns(draft: ItemDraft, shown: Sequence[Image]) -> dict[str, str | None]:
    text = draft.description
    return {
        "name": draft.name,
        "kind": draft.kind,
        "status": draft.status,
        "summary": draft.summary,
        "description": text.source if text else None,
        "description_format": text.format if text else "markdown",
        "description_html": text.html if text else None,
        "options": msgspec.json.encode(draft.options).decode(),
        "images": msgspec.json.encode(_images(draft.images, shown)).decode(),
    }


def _images(pictures: Iterable[Picture], shown: Sequence[Image]) -> list[Image]:
    """An image that stays keeps its id."""
    ids: dict[str, str | None] = {image.url: image.id for image in shown}
    return [
        Image(id=ids.pop(picture.url, None) or new_id("img"), url=picture.url, alt=picture.alt)
        for picture in pictures
    ]


def _filed(tx: Transaction, item_id: str, draft: ItemDraft) -> Item:
    """File the item under its terms and index its words."""
    item = find(tx, ref=item_id, hidden=True)
    tags, categories = item.tags, item.categories
    if draft.tags is not None:
        tags = tuple(terms.named(tx, "items", "tag", draft.tags))
    if draft.categories is not None:
        found = {term.id: term for term in (_category(tx, path) for path in draft.categories)}
        categories = tuple(found.values())
    if (tags, categories) != (item.tags, item.categories):
        queries.replace_terms(tx, item_id=item_id, filed=(*tags, *categories))
        item = find(tx, ref=item_id, hidden=True)
    index(tx, item)
    return item


def _category(tx: Transaction, path: Sequence[str]) -> Term:
    term: Term | None = None
    for name in path:
        term = terms.one(tx, "items", "category", name, parent=term)
    assert term is not None  # noqa: S101  # a path has at least one name
    return term
