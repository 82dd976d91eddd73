"""The table of idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Integer, Text, metadata

idempotency_records = sa.Table(
    "idempotency_records",
    metadata,
    sa.Column("account_id", Text, primary_key=True),
    sa.Column("method", Text, primary_key=True),
    sa.Column("path", Text, primary_key=True),
    sa.Column("key", Text, primary_key=True),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    sa.Column("status", Integer),
    sa.Column("location", Text),
    sa.Column("etag", Text),
    sa.Column("body", sa.LargeBinary),
    sa.Column("created_id", Text),  # of what may be deleted one day
    sa.Column("created_at", Text, nullable=False, index=True),
    sqlite_strict=True,
)
_MAY_GO = idempotency_records.c.created_id.is_not(None)
sa.Index(
    "ix_idempotency_records_created_id",
    idempotency_records.c.created_id,
    sqlite_where=_MAY_GO,
    postgresql_where=_MAY_GO,
)
