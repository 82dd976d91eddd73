"""The importer's door to the catalogue: what came before is found again, touched only if changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
from msgspec.structs import replace

from api.errors import Conflict
from api.shop.items import queries as item_queries
from api.shop.items import rules as catalog
from api.shop.items.records import ItemDraft
from api.shop.items.tables import item_slugs
from api.shop.stock import rules as stock
from api.shop.variants import queries as variant_queries
from api.shop.variants import rules as variants
from api.shop.variants.records import Variant, VariantDraft
from api.storage import Transaction
from api.text import slugs
from api.times import Instant

LONGEST_SKU = 64
_WITHDRAWN = "withdrawn"  # in place of a fingerprint, so that the row is a changed one when it comes back


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an import did with one thing; `reason` when it was skipped, `withdrawn` when it was public."""

    did: Literal["created", "updated", "unchanged", "skipped"]
    item_id: str | None = None
    reason: str | None = None
    withdrawn: bool = False


def put_imported(
    tx: Transaction,
    *,
    source: str,
    external_id: str,
    draft: ItemDraft,
    currency: str,
    old_slugs: Sequence[str] = (),
    created_at: Instant | None = None,
) -> Outcome:
    """Create or update the item that `source` calls `external_id`, unless nothing about it has changed there.

    A draft's slug is a wish: a taken one gets a number. Stock follows the source by its changes, never below
    zero. An item deleted here stays deleted.
    """
    fingerprint = _fingerprint(draft, old_slugs)
    before = item_queries.find_imported(tx, source=source, external_id=external_id)
    if before and before.deleted_at is not None:
        return Outcome(did="skipped", reason="it was deleted here")
    if before and before.fingerprint == fingerprint:
        return Outcome(did="unchanged", item_id=before.id)
    item_id = before.id if before else tx.new_id("itm")
    ever = variant_queries.list_variants_ever(tx, item_id=item_id)
    draft = replace(draft, variants=_with_skus(tx, draft, ever))
    try:
        variants.check(draft.variants, options=draft.options, currency=currency)
        variants.check_skus(tx, draft.variants, item_id=item_id)
    except Conflict as conflict:
        withdrawn = draft.status == "draft" and withdraw(tx, source=source, external_id=external_id)
        return Outcome(did="skipped", reason=conflict.detail, withdrawn=withdrawn)
    if before:
        item = item_queries.find_item(tx, ref=item_id, hidden=True, lock=True)
        assert item is not None  # noqa: S101  # it is not deleted
        withdrawn = item.status == "published" != draft.status
        catalog.update(tx, item=item, draft=draft, actor=None, reason="import", fingerprint=fingerprint)
        _recount(tx, draft, ever)
        return Outcome(did="updated", item_id=item_id, withdrawn=withdrawn)
    slug = item_slugs.claim_free(
        tx,
        owner=item_id,
        slug=slugs.slug_from(draft.slug or "") or slugs.slug_from(draft.name),
        fallback="item",
    )
    origin = {"source": source, "external_id": external_id, "fingerprint": fingerprint}
    catalog.insert(
        tx,
        item_id=item_id,
        draft=draft,
        slug=slug,
        actor=None,
        reason="import",
        created_at=created_at,
        **origin,
    )
    for old in old_slugs:
        item_slugs.add_old(tx, owner=item_id, slug=old)
    return Outcome(did="created", item_id=item_id)


def withdraw(tx: Transaction, *, source: str, external_id: str) -> bool:
    """Make a draft of what an import brought; False if the public could not see it."""
    known = item_queries.find_imported(tx, source=source, external_id=external_id)
    if known is None or known.deleted_at is not None or known.fingerprint == _WITHDRAWN:
        return False
    item = item_queries.find_item(tx, ref=known.id, hidden=True, lock=True)
    assert item is not None  # noqa: S101  # it is not deleted
    public = item.status == "published"
    columns = {"status": "draft", "updated_at": tx.now} if public else {}
    item_queries.update_item(tx, item_id=item.id, fingerprint=_WITHDRAWN, **columns)
    return public


def _fingerprint(draft: ItemDraft, old_slugs: Sequence[str]) -> str:
    # Without the HTML: a newer renderer is no change of the source.
    source = replace(draft, description_html=None)
    return hashlib.sha256(msgspec.json.encode((source, old_slugs))).hexdigest()


def _with_skus(tx: Transaction, draft: ItemDraft, ever: Sequence[Variant]) -> tuple[VariantDraft, ...]:
    """Every variant with a sku: its own, the one that an earlier import made, or `<slug>-<n>`."""
    made = {variant.external_id or "": variant.sku for variant in ever if variant.external_id}
    taken = {variant.key for variant in draft.variants}
    stem = _stem(draft.slug or slugs.slug_from(draft.name))
    found = []
    for variant in draft.variants:
        sku = variant.sku or made.get(variant.external_id or "") or _free_sku(tx, stem, taken)
        taken.add(sku.lower())
        found.append(replace(variant, sku=sku))
    return tuple(found)


def _stem(slug: str) -> str:
    ascii_only = "".join(character for character in slug if character.isascii() and character not in "%~ ")
    return ascii_only.strip("-")[: LONGEST_SKU - 6] or "item"


def _free_sku(tx: Transaction, stem: str, taken: set[str]) -> str:
    number = 1
    while True:
        sku = f"{stem}-{number}"
        if sku.lower() not in taken and not variant_queries.list_sku_owners(tx, keys=[sku.lower()]):
            return sku
        number += 1


def _recount(tx: Transaction, draft: ItemDraft, ever: Sequence[Variant]) -> None:
    known: Mapping[str, Variant] = {variant.sku.lower(): variant for variant in ever}
    for wanted in sorted(draft.variants, key=lambda variant: variant.key):
        if wanted.stock is not None and wanted.key in known:
            stock.recount(tx, variant=known[wanted.key], told=wanted.stock)
