"""The catalogue: items created, changed and deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from api.errors import Conflict, NotFound, UnknownField
from api.events import rules as events
from api.media import uses as media
from api.roles import ITEMS_WRITE, Viewer, may
from api.shop.items import queries, uses
from api.shop.items.records import Item, ItemDraft
from api.shop.items.tables import item_slugs, item_words
from api.shop.stock.records import Reason
from api.shop.variants import queries as variant_queries
from api.shop.variants import rules as variants
from api.storage import Transaction
from api.taxonomy import rules as terms
from api.taxonomy.records import Term
from api.text import slugs
from api.text.images import Image
from api.text.markup import Format, render
from api.times import Instant


class ExternalUrlRequired(Conflict):
    """An item of the kind `external` needs the address where it is sold."""

    code, title = "external-url-required", "External URL required"
    remedy = "Send `external_url` too."


NOT_EXTERNAL = "Only an item of the kind external has an external_url."


def find(tx: Transaction, *, ref: str, viewer: Viewer | None, lock: bool = False) -> Item:
    """The item of that id, slug or old slug; shopkeepers also find what is not public. Raises NotFound."""
    item = queries.find_item(tx, ref=slugs.composed(ref), hidden=may(viewer, ITEMS_WRITE), lock=lock)
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
    _check_files(tx, draft, actor=actor)
    tags, categories = _terms(tx, draft)
    written = _written(tx, draft, (), actor=actor)
    queries.insert_item(
        tx,
        **written,
        id=item_id,
        slug=slug,
        created_at=created_at or tx.now,
        updated_at=tx.now,
    )
    variants.replace(tx, draft.variants, item_id=item_id, actor=actor, reason=reason)
    for old in old_slugs:
        item_slugs.add_old(tx, owner=item_id, slug=old)
    queries.TERMS.insert(tx, item_id, [term.id for term in (*tags, *categories)])
    item = _stored(tx, item_id)
    uses.note(tx, item)
    index(tx, item)
    events.note(tx, "item.created", item, actor=actor)
    return item


def patch(
    tx: Transaction, item: Item, changes: Mapping[str, Any], *, currency: str, actor: Viewer | None
) -> Item:
    """Merge `changes` of a draft into the item. Raises UnknownField, UnknownItem, and as create does."""
    if not changes:
        return item
    return change(tx, item, _merged(tx, item, changes), currency=currency, actor=actor)


def change(
    tx: Transaction,
    before: Item,
    draft: ItemDraft,
    *,
    currency: str,
    actor: Viewer | None,
    reason: Reason = "initial",
) -> Item:
    """Make the item equal to `draft`; what is the same stays. Raises the errors of create."""
    variants.check(draft.variants, options=draft.options, currency=currency)
    slug = slugs.normal(draft.slug or "") or before.slug
    if slug != before.slug:
        item_slugs.claim(tx, owner=before.id, slug=slug)
    variants.check_skus(tx, draft.variants, item_id=before.id)
    _check_files(tx, draft, actor=actor)
    tags, categories = _terms(tx, draft, before)
    written = _written(tx, draft, before.images, actor=actor)
    after = structs.replace(before, slug=slug, tags=tags, categories=categories, **written)
    ever = variant_queries.list_variants_ever(tx, item_id=before.id)
    has_other_variants = variants.replace(
        tx, draft.variants, item_id=before.id, ever=ever, actor=actor, reason=reason
    )
    if after == before and not has_other_variants:
        return before
    queries.update_item(tx, item_id=before.id, slug=slug, **written)
    if (tags, categories) != (before.tags, before.categories):
        queries.TERMS.replace(tx, before.id, [term.id for term in (*tags, *categories)])
    after = _stored(tx, before.id)
    uses.note(tx, after)
    if _searched(after) != _searched(before):
        index(tx, after)
    events.note(tx, "item.updated", after, actor=actor)
    return after


def withdraw(tx: Transaction, item: Item) -> None:
    """Take a public item out of sight: it is a draft again."""
    if item.is_public:
        queries.update_item(tx, item_id=item.id, status="draft")
        events.note(tx, "item.updated", _stored(tx, item.id))


def delete(tx: Transaction, item: Item, *, actor: Viewer | None = None) -> None:
    """Delete the item. Its orders and ledger stay, its slugs are free, and its skus once no order is open."""
    queries.delete_item(tx, item_id=item.id)
    media.forget(tx, item.id)
    item_slugs.free(tx, owner=item.id)
    queries.TERMS.replace(tx, item.id, ())
    item_words.remove(tx, item.number)
    events.note_deleted(tx, "item", [item.id], actor=actor)


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
    draft = structs.replace(_draft_of(item), **fields)
    if changes.keys() & {"kind", "external_url"}:
        draft = _with_fitting_url(draft, changes)
    return draft


def _with_fitting_url(draft: ItemDraft, changes: Mapping[str, Any]) -> ItemDraft:
    """The draft with an `external_url` only if it is external; one that was sent must fit."""
    if draft.kind == "external":
        if draft.external_url is None:
            raise ExternalUrlRequired.at("/external_url")
        return draft
    if changes.get("external_url") is not None:
        raise UnknownField.at("/external_url", NOT_EXTERNAL)
    return structs.replace(draft, external_url=None)


def _draft_of(item: Item) -> ItemDraft:
    same = {name: getattr(item, name) for name in ItemDraft.__struct_fields__ if name not in _OTHER}
    return ItemDraft(
        **same,
        variants=tuple(variant.draft() for variant in item.variants),
        categories=None,
        tags=None,
        images=tuple(image.draft() for image in item.images),
    )


_BLANK = ItemDraft(name="", variants=())
_OTHER = ("slug", "variants", "categories", "tags", "images")
_SAME = [name for name in ItemDraft.__struct_fields__ if name not in _OTHER]


def _written(
    tx: Transaction, draft: ItemDraft, shown: Sequence[Image], *, actor: Viewer | None
) -> dict[str, Any]:
    """The fields of an item that its draft says; an image that was `shown` before keeps its id."""
    drafts = ((f"/images/{index}", image) for index, image in enumerate(draft.images))
    images = media.images_of(tx, drafts, shown=shown, actor=actor)
    return {**{name: getattr(draft, name) for name in _SAME}, "images": images}


def _check_files(tx: Transaction, draft: ItemDraft, *, actor: Viewer | None) -> None:
    named = (
        (f"/variants/{index}{at}", media_id)
        for index, variant in enumerate(draft.variants)
        for at, media_id in variant.files
    )
    media.check(tx, named, actor=actor)


def _terms(
    tx: Transaction, draft: ItemDraft, item: Item | None = None
) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The tags and the categories of the draft; those that it does not say are the item's."""
    tags, categories = (item.tags, item.categories) if item else ((), ())
    if draft.tags is not None:
        tags = terms.named(tx, "items", "tag", draft.tags)
    if draft.categories is not None:
        names = [ref for ref in draft.categories if isinstance(ref, str)]
        by_name = terms.named(tx, "items", "category", names, present=categories)
        by_path = (_category(tx, ref) for ref in draft.categories if not isinstance(ref, str))
        categories = tuple({term.id: term for term in (*by_name, *by_path)}.values())
    return tags, categories


def _category(tx: Transaction, path: tuple[str, ...]) -> Term:
    term: Term | None = None
    for name in path:
        term = terms.one(tx, "items", "category", name, parent=term)
    assert term is not None  # noqa: S101  # a path has at least one name
    return term


def _stored(tx: Transaction, item_id: str) -> Item:
    item = queries.find_item(tx, ref=item_id, hidden=True)
    assert item is not None  # noqa: S101  # this transaction has stored it
    return item


def _searched(item: Item) -> tuple[object, ...]:
    texts = (item.name, item.summary, item.description_html, item.properties)
    return *texts, item.tags, item.categories, item.skus
