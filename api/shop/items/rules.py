"""The catalogue: items created, changed and deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import structs

from api.errors import NotFound
from api.ids import new_id
from api.roles import ITEMS_WRITE, Viewer, may
from api.shop.items import queries
from api.shop.items.records import Item, ItemDraft
from api.shop.items.tables import item_slugs, item_words
from api.shop.stock.records import Reason
from api.shop.variants import queries as variant_queries
from api.shop.variants import rules as variants
from api.storage import Transaction
from api.taxonomy import rules as terms
from api.taxonomy.records import Term
from api.text import slugs
from api.text.images import Image, ImageDraft
from api.text.markup import Format, render
from api.times import Instant


def resolve(tx: Transaction, *, ref: str, viewer: Viewer | None) -> Item | str:
    """The item with that id or slug, or the slug to which it has moved; raises NotFound."""
    hidden = may(viewer, ITEMS_WRITE)
    item = queries.find_item(tx, ref=ref, hidden=hidden)
    moved = None if item else queries.find_moved(tx, slug=ref, hidden=hidden)
    if not item and not moved:
        raise NotFound
    return item or moved or ""


def find(tx: Transaction, *, ref: str, viewer: Viewer | None, lock: bool = False) -> Item:
    """The item with that id or slug; shopkeepers also find unpublished ones. Raises NotFound."""
    item = queries.find_item(tx, ref=ref, hidden=may(viewer, ITEMS_WRITE), lock=lock)
    if item is None:
        raise NotFound
    return item


def described(source: str | None, format: Format) -> dict[str, Any]:
    """The fields of a description in a draft; called before a transaction, since rendering takes time."""
    html = None if source is None else render(source, format)
    return {"description": source, "description_format": format, "description_html": html}


def create(
    tx: Transaction,
    draft: ItemDraft,
    *,
    currency: str,
    actor: Viewer | None,
    reason: Reason = "initial",
    renumber: bool = False,
    old_slugs: Sequence[str] = (),
    created_at: Instant | None = None,
) -> Item:
    """Store a new item. Raises SkuTaken, OptionsMismatch, CurrencyMismatch, SlugTaken.

    `reason` is that of its stock in the ledger. With `renumber` a slug that is taken gets a number instead.
    """
    variants.check(draft.variants, options=draft.options, currency=currency)
    item_id = tx.new_id("itm")
    slug = slugs.normal(draft.slug or "")
    if slug and not renumber:
        item_slugs.claim(tx, owner=item_id, slug=slug)
    else:
        slug = slugs.slug_from(slug or draft.name)
        slug = item_slugs.claim_free(tx, owner=item_id, slug=slug, fallback="item")
    variants.check_skus(tx, draft.variants, item_id=item_id)
    queries.insert_item(
        tx,
        draft,
        images=_images(draft.images, ()),
        id=item_id,
        slug=slug,
        created_at=created_at or tx.now,
        updated_at=tx.now,
    )
    variants.replace(tx, draft.variants, item_id=item_id, actor=actor, reason=reason)
    for old in old_slugs:
        item_slugs.add_old(tx, owner=item_id, slug=old)
    return _filed(tx, item_id, draft)


def patch(
    tx: Transaction, item: Item, changes: Mapping[str, Any], *, currency: str, actor: Viewer | None
) -> Item:
    """Merge `changes` of a draft into the item. Raises UnknownField, UnknownItem, and as create does."""
    if not changes:
        return item
    return change(tx, item, _merged(tx, item, changes), currency=currency, actor=actor)


def change(
    tx: Transaction,
    item: Item,
    draft: ItemDraft,
    *,
    currency: str,
    actor: Viewer | None,
    reason: Reason = "initial",
) -> Item:
    """Make the item equal to `draft`. Raises the errors of create."""
    variants.check(draft.variants, options=draft.options, currency=currency)
    slug = slugs.normal(draft.slug or "")
    if slug and slug != item.slug:
        item_slugs.claim(tx, owner=item.id, slug=slug)
        queries.update_item(tx, item_id=item.id, slug=slug)
    variants.check_skus(tx, draft.variants, item_id=item.id)
    images = _images(draft.images, item.images)
    queries.replace_item(tx, draft, item_id=item.id, images=images, updated_at=tx.now)
    ever = variant_queries.list_variants_ever(tx, item_id=item.id)
    variants.replace(tx, draft.variants, item_id=item.id, ever=ever, actor=actor, reason=reason)
    return _filed(tx, item.id, draft)


def withdraw(tx: Transaction, item: Item) -> None:
    """Take a published item out of sight: it is a draft again."""
    if item.status == "published":
        queries.update_item(tx, item_id=item.id, status="draft", updated_at=tx.now)


def delete(tx: Transaction, item: Item) -> None:
    """Delete the item. Its orders and its ledger stay, its skus stay taken, its slugs are free again."""
    queries.update_item(tx, item_id=item.id, slug=None, deleted_at=tx.now)
    item_slugs.free(tx, owner=item.id)
    queries.TERMS.replace(tx, item.id, ())
    item_words.remove(tx, item.number)


def index(tx: Transaction, item: Item) -> None:
    """Put the item into the search index."""
    item_words.put(
        tx,
        item.number,
        title=item.name,
        tags=(term.name for term in (*item.tags, *item.categories)),
        body=item.text,
    )


def _merged(tx: Transaction, item: Item, changes: Mapping[str, Any]) -> ItemDraft:
    """The item with the changes; null resets a field to its default."""
    fields = {name: getattr(_BLANK, name) if value is None else value for name, value in changes.items()}
    if "variants" in changes:
        ever = variant_queries.list_variants_ever(tx, item_id=item.id)
        fields["variants"] = variants.merged(ever, changes["variants"])
    return structs.replace(_draft_of(item), **fields)


def _draft_of(item: Item) -> ItemDraft:
    same = {name: getattr(item, name) for name in ItemDraft.__struct_fields__ if name not in _OTHER}
    return ItemDraft(
        **same,
        variants=tuple(variant.draft() for variant in item.variants),
        categories=None,
        tags=None,
        images=tuple(ImageDraft(url=image.url, alt=image.alt) for image in item.images),
    )


_BLANK = ItemDraft(name="", variants=())
_OTHER = ("slug", "variants", "categories", "tags", "images")


def _images(pictures: Iterable[ImageDraft], shown: Sequence[Image]) -> list[Image]:
    """The images to store; one that was there before keeps its id."""
    ids: dict[str, str | None] = {image.url: image.id for image in shown}
    return [
        Image(id=ids.pop(picture.url, None) or new_id("img"), url=picture.url, alt=picture.alt)
        for picture in pictures
    ]


def _filed(tx: Transaction, item_id: str, draft: ItemDraft) -> Item:
    """File the item under its terms and index its words."""
    item = _stored(tx, item_id)
    tags, categories = item.tags, item.categories
    if draft.tags is not None:
        tags = terms.named(tx, "items", "tag", draft.tags)
    if draft.categories is not None:
        by_id = {term.id: term for term in (_category(tx, ref) for ref in draft.categories)}
        categories = tuple(by_id.values())
    if (tags, categories) != (item.tags, item.categories):
        queries.TERMS.replace(tx, item_id, [term.id for term in (*tags, *categories)])
        item = _stored(tx, item_id)
    index(tx, item)
    return item


def _stored(tx: Transaction, item_id: str) -> Item:
    item = queries.find_item(tx, ref=item_id, hidden=True)
    assert item is not None  # noqa: S101  # this transaction has stored it
    return item


def _category(tx: Transaction, ref: str | tuple[str, ...]) -> Term:
    if isinstance(ref, str):
        return terms.named(tx, "items", "category", [ref])[0]
    term: Term | None = None
    for name in ref:
        term = terms.one(tx, "items", "category", name, parent=term)
    assert term is not None  # noqa: S101  # a path has at least one name
    return term
