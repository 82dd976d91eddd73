"""The tables of items, of their addresses and of their terms."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.items.records import Kind, Status
from api.shop.variants.records import STANDARD
from api.storage import Integer, Text, metadata, one_of
from api.storage.search import WordIndex
from api.storage.slug_book import SlugBook
from api.text.markup import Format

items = sa.Table(
    "items",
    metadata,
    sa.Column("number", Integer, primary_key=True),
    sa.Column("id", Text, nullable=False, unique=True),
    sa.Column("slug", Text, unique=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("tax_class", Text, nullable=False, server_default=STANDARD),
    sa.Column("external_url", Text),
    sa.Column("status", Text, nullable=False),
    sa.Column("summary", Text),
    sa.Column("description", Text),
    sa.Column("description_format", Text, nullable=False),
    sa.Column("description_html", Text),
    sa.Column("options", Text, nullable=False),
    sa.Column("properties", Text, nullable=False),
    sa.Column("images", Text, nullable=False),
    sa.Column("created_at", Text, nullable=False),
    sa.Column("updated_at", Text, nullable=False),
    sa.Column("version", Integer, nullable=False, server_default="1"),
    sa.Column("deleted_at", Text),
    one_of("kind", Kind),
    one_of("status", Status),
    sa.CheckConstraint("external_url IS NULL OR kind = 'external'", name="external_url"),
    one_of("description_format", Format),
    # A deleted item gives its address back.
    sa.CheckConstraint("(slug IS NULL) = (deleted_at IS NOT NULL)", name="slug"),
    sqlite_strict=True,
)

_THERE = items.c.deleted_at.is_(None)
sa.Index("ix_items_status_id", items.c.status, items.c.id, sqlite_where=_THERE, postgresql_where=_THERE)

_STATUS = items.c.status.concat("")  # no index on it: ids, slugs and skus lead, not all items of a status
PUBLIC = sa.or_(_STATUS == "published", _STATUS == "unlisted")
"""True for items that everybody sees."""

item_slugs = SlugBook("item_slugs", items, key="item_id", noun="item")
"""Every slug that leads to an item: the one it has, and those it had."""

item_terms = sa.Table(
    "item_terms",
    metadata,
    sa.Column("item_id", Text, sa.ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("term_id", Text, sa.ForeignKey("terms.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", Integer, nullable=False),
    sa.Index("ix_item_terms_term_id_item_id", "term_id", "item_id"),
    sqlite_strict=True,
)

item_words = WordIndex("item_words")
