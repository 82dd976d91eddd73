"""What every feature stands on: accounts, their sessions and keys, terms, the idempotency records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.storage import Integer, Text

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", Text, nullable=False),
        sa.Column("email", Text, nullable=False),
        sa.Column("email_key", Text, nullable=False),
        sa.Column("email_verified_at", Text, nullable=True),
        sa.Column("name", Text, nullable=False),
        sa.Column("role", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("password_hash", Text, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.CheckConstraint(
            "role IN ('customer', 'author', 'editor', 'shopkeeper', 'owner')", name=op.f("ck_accounts_role")
        ),
        sa.CheckConstraint("status IN ('active', 'suspended')", name=op.f("ck_accounts_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email_key", name=op.f("uq_accounts_email_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_accounts_role"), "accounts", ["role"], unique=False)
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
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_idempotency_records_created_at"), "idempotency_records", ["created_at"], unique=False
    )
    op.create_table(
        "login_failures",
        sa.Column("subject", Text, nullable=False),
        sa.Column("failures", Integer, nullable=False),
        sa.Column("since", Text, nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_login_failures_failures")),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_login_failures")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_login_failures_since"), "login_failures", ["since"], unique=False)
    op.create_table(
        "terms",
        sa.Column("id", Text, nullable=False),
        sa.Column("shelf", Text, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("slug", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("name_key", Text, nullable=False),
        sa.Column("parent_id", Text, nullable=True),
        sa.CheckConstraint("kind IN ('tag', 'category')", name=op.f("ck_terms_kind")),
        sa.CheckConstraint("shelf IN ('articles', 'items')", name=op.f("ck_terms_shelf")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["terms.id"], name=op.f("fk_terms_parent_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint(
            "shelf", "kind", "name_key", "parent_id", name=op.f("uq_terms_shelf_kind_name_key_parent_id")
        ),
        sa.UniqueConstraint("shelf", "kind", "slug", name=op.f("uq_terms_shelf_kind_slug")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_terms_parent_id"), "terms", ["parent_id"], unique=False)
    op.create_table(
        "api_keys",
        sa.Column("id", Text, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("prefix", Text, nullable=False),
        sa.Column("scopes", Text, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("last_used_at", Text, nullable=True),
        sa.Column("expires_at", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_api_keys_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_keys_secret_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_api_keys_account_id"), "api_keys", ["account_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", Text, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", Text, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("last_used_at", Text, nullable=False),
        sa.Column("expires_at", Text, nullable=False),
        sa.Column("user_agent", Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sessions_account_id"), "sessions", ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_table("sessions")
    op.drop_table("api_keys")
    op.drop_table("terms")
    op.drop_table("login_failures")
    op.drop_table("idempotency_records")
    op.drop_table("accounts")
