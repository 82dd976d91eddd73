"""The table of terms; articles and items have their own links to it."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Text, metadata, one_of
from api.taxonomy.records import Kind, Scope

terms = sa.Table(
    "terms",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("shelf", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("slug", Text, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("name_key", Text, nullable=False),
    sa.Column("parent_id", Text, sa.ForeignKey("terms.id", ondelete="SET NULL"), index=True),
    one_of("shelf", Scope),
    one_of("kind", Kind),
    sa.UniqueConstraint("shelf", "kind", "slug"),
    sa.UniqueConstraint("shelf", "kind", "name_key", "parent_id"),
    sqlite_strict=True,
)
