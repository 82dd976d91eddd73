"""The SQL of origins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa

from api.accounts.profiles.tables import accounts
from api.articles.authors.tables import authors
from api.articles.comments.tables import comments
from api.articles.writing.tables import articles
from api.imports.origins.records import Imported, Key, Kind, Looks, Origin, SourceVariant
from api.imports.origins.tables import origins, source_variants
from api.media.tables import media
from api.shop.items.tables import items
from api.shop.variants.tables import variants
from api.storage import Among, Prepared, Transaction, columns_of, row_of


def _find(kind: Kind, things: sa.Table, *there: sa.ColumnElement[bool]) -> Prepared:
    return Prepared(
        sa.select(
            things.c.id.label("here"), origins.c.local_id, origins.c.fingerprint, *columns_of(origins, Looks)
        )
        .join_from(origins, things, sa.and_(things.c.id == origins.c.local_id, *there), isouter=True)
        .where(
            origins.c.kind == kind,
            origins.c.source == sa.bindparam("source"),
            origins.c.external_id == sa.bindparam("external_id"),
        )
    )


_FIND: Mapping[Kind, Prepared] = {
    "account": _find("account", accounts, accounts.c.erased_at.is_(None)),
    "article": _find("article", articles),
    "author": _find("author", authors),
    "comment": _find("comment", comments),
    "item": _find("item", items, items.c.deleted_at.is_(None)),
    "media": _find("media", media),
}


def find(tx: Transaction, key: Key) -> Origin | None:
    """The origin of a thing, if an earlier import created it."""
    row = tx.row(_FIND[key.kind], source=key.source, external_id=key.external_id)
    return Origin(row.local_id, row.here is None, row.fingerprint, Looks(*row[3:])) if row else None


_INSERT = Prepared(sa.insert(origins), *origins.columns.keys())


def insert_origin(tx: Transaction, key: Key, *, local_id: str, fingerprint: str, looks: Looks) -> None:
    """Store the origin of a new thing."""
    tx.run(_INSERT, **row_of(key), **row_of(looks), local_id=local_id, fingerprint=fingerprint)


_UPDATE = sa.update(origins).where(
    origins.c.kind == sa.bindparam("of_kind"),
    origins.c.source == sa.bindparam("of_source"),
    origins.c.external_id == sa.bindparam("of_external_id"),
)


def update_origin(tx: Transaction, key: Key, *, fingerprint: str, looks: Looks) -> None:
    """Store the current state and description in the source."""
    which = {f"of_{name}": value for name, value in row_of(key).items()}
    tx.run(_UPDATE, **which, **row_of(looks), fingerprint=fingerprint)


def move_origin(tx: Transaction, key: Key, *, local_id: str, fingerprint: str) -> None:
    """Store that an origin leads to another thing, since its own is gone."""
    which = {f"of_{name}": value for name, value in row_of(key).items()}
    tx.run(_UPDATE, **which, local_id=local_id, fingerprint=fingerprint)


# In the order of the key, which a thing with two origins has twice.
_PAGE = (
    sa.select(*columns_of(origins, Key), origins.c.local_id)
    .where(
        origins.c.kind == sa.bindparam("kind"),
        sa.tuple_(origins.c.source, origins.c.external_id)
        > sa.tuple_(sa.bindparam("source", type_=sa.Text), sa.bindparam("external_id", type_=sa.Text)),
    )
    .order_by(origins.c.source, origins.c.external_id)
    .limit(sa.bindparam("most"))
)


def list_after(tx: Transaction, key: Key, *, most: int) -> list[tuple[Key, str]]:
    """The next origins of the kind after `key`, each with the id of its thing here, deleted or not."""
    return [(Key(*row[:3]), row.local_id) for row in tx.rows(_PAGE, **row_of(key), most=most)]


_VARIANTS = Prepared(
    sa.select(*columns_of(source_variants, SourceVariant)).where(Among(source_variants.c.variant_id, "ids"))
)


def list_variants(tx: Transaction, *, variant_ids: Collection[str]) -> list[SourceVariant]:
    """Those of the variants that an import created."""
    return [SourceVariant(*row) for row in tx.rows(_VARIANTS, ids=list(variant_ids))]


_OF_VARIANTS = sa.select(
    variants.c.item_id, source_variants.c.variant_id, source_variants.c.external_id, source_variants.c.sku
).join_from(source_variants, variants)
_BY_SKU = Prepared(_OF_VARIANTS.where(Among(source_variants.c.sku, "skus")))
_BY_ITEM = Prepared(_OF_VARIANTS.where(variants.c.item_id == sa.bindparam("item_id")))
_BY_EXTERNAL_ID = Prepared(_OF_VARIANTS.where(source_variants.c.external_id == sa.bindparam("external_id")))


def list_imported_by_sku(tx: Transaction, *, skus: Collection[str]) -> list[Imported]:
    """The variants with one of these folded skus in their source."""
    return [Imported(*row) for row in tx.rows(_BY_SKU, skus=list(skus))]


def list_imported_of_item(tx: Transaction, *, item_id: str) -> list[Imported]:
    """The imported variants of this item."""
    return [Imported(*row) for row in tx.rows(_BY_ITEM, item_id=item_id)]


def list_imported_by_id(tx: Transaction, *, external_id: str) -> list[Imported]:
    """The variants with this id in their source."""
    return [Imported(*row) for row in tx.rows(_BY_EXTERNAL_ID, external_id=external_id)]


_ITEMS = sa.select(
    *columns_of(origins, Key),
    origins.c.local_id,
    origins.c.fingerprint,
    *columns_of(origins, Looks),
).where(origins.c.kind == "item")


def list_items(tx: Transaction) -> list[tuple[Key, Origin]]:
    """Every item that an import created, as if none were deleted."""
    return [
        (Key(*row[:3]), Origin(row.local_id, False, row.fingerprint, Looks(*row[5:])))
        for row in tx.rows(_ITEMS)
    ]


# Both databases know this form.
_PUT_VARIANT = sa.text(
    "INSERT INTO source_variants (variant_id, external_id, sku, regular, sale, stock,"
    " sale_from, sale_until, weight_g) VALUES (:variant_id, :external_id, :sku, :regular, :sale, :stock,"
    " :sale_from, :sale_until, :weight_g)"
    " ON CONFLICT (variant_id) DO UPDATE SET external_id = excluded.external_id, sku = excluded.sku,"
    " regular = excluded.regular, sale = excluded.sale, stock = excluded.stock,"
    " sale_from = excluded.sale_from, sale_until = excluded.sale_until, weight_g = excluded.weight_g"
)


def put_variants(tx: Transaction, variants: Iterable[SourceVariant]) -> None:
    """Store the current state of variants in the source."""
    tx.run_many(_PUT_VARIANT, [row_of(variant) for variant in variants])
