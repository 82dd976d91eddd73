"""SQLite keeps the records of Idempotency-Key by row: WITHOUT ROWID most of them took a page of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.database import Integer, Text

revision = "0006"
down_revision = "0005"

_INDEX = "ix_idempotency_records_created_at"


def upgrade() -> None:
    _keep(with_rowid=True)


def downgrade() -> None:
    _keep(with_rowid=False)


def _keep(*, with_rowid: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index(_INDEX, table_name="idempotency_records")
    op.rename_table("idempotency_records", "former_records")
    op.create_table(
        "idempotency_records",
        sa.Column("account_id", Text, nullable=False),
        sa.Column("method", Text, nullable=False),
        sa.Column("path", Text, nullable=False),
        sa.Column("key", Text, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", Integer, nullable=True),
        sa.Column("location", Text, nullable=True),
        sa.Column("etag", Text, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Text, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "method", "path", "key", name=op.f("pk_idempotency_records")),
        sqlite_strict=True,
        sqlite_with_rowid=with_rowid,
    )
    op.execute("INSERT INTO idempotency_records SELECT * FROM former_records")
    op.drop_table("former_records")
    op.create_index(_INDEX, "idempotency_records", ["created_at"], unique=False)
