"""SQLite keeps the records of Idempotency-Key by row: WITHOUT ROWID most of them took a page of their own."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _keep(with_rowid=True)


def downgrade() -> None:
    _keep(with_rowid=False)


def _keep(*, with_rowid: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        told = {"sqlite_strict": True, "sqlite_with_rowid": with_rowid}
        with op.batch_alter_table("idempotency_records", recreate="always", table_kwargs=told):
            pass  # it is copied, and nothing else
