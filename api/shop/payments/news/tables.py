"""The table of the providers' events that have been taken: each counts once."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Text, metadata

provider_events = sa.Table(
    "provider_events",
    metadata,
    sa.Column("provider", Text, primary_key=True),
    sa.Column("id", Text, primary_key=True),
    sa.Column("at", Text, nullable=False, index=True),
    sqlite_strict=True,
)
