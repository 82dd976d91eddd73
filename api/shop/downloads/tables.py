"""The tables of downloads: the right to a file, and the links that were handed out for it."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Integer, Text, metadata

entitlements = sa.Table(
    "entitlements",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("order_id", Text, nullable=False),
    sa.Column("position", Integer, nullable=False),
    sa.Column("path", Text),
    sa.Column("media", Text),  # no key: it may be deleted once the right is over
    sa.Column("name", Text, nullable=False),
    sa.Column("limit", Integer, nullable=False),
    sa.Column("used", Integer, nullable=False),
    sa.Column("expires_at", Text),
    sa.Column("revoked_at", Text),
    sa.ForeignKeyConstraint(("order_id", "position"), ("order_lines.order_id", "order_lines.position")),
    sa.UniqueConstraint("order_id", "position", "path"),
    sa.UniqueConstraint("order_id", "position", "media"),
    sa.CheckConstraint("(path IS NULL) <> (media IS NULL)", name="media"),
    sa.CheckConstraint('"limit" > 0', name="limit"),
    sa.CheckConstraint("used >= 0", name="used"),  # more than `limit` once units went back
    sqlite_strict=True,
)

download_links = sa.Table(
    "download_links",
    metadata,
    sa.Column("hash", sa.LargeBinary, primary_key=True),
    sa.Column("token", Text, nullable=False),  # a living link is handed out again
    sa.Column("entitlement_id", Text, sa.ForeignKey("entitlements.id"), nullable=False, index=True),
    sa.Column("expires_at", Text, nullable=False, index=True),
    sqlite_strict=True,
)
