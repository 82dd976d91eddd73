"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.storage import Integer, Text

revision = "0001"
down_revision = None

WORDS_AND_GUARDS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE VIRTUAL TABLE article_words USING fts5(words, tokenize = 'ascii', detail = 'none', columnsize = 0)",
        "CREATE VIRTUAL TABLE item_words USING fts5(words, tokenize = 'ascii', detail = 'none', columnsize = 0)",
        "CREATE TRIGGER stock_movements_no_update BEFORE UPDATE ON stock_movements BEGIN SELECT RAISE(ABORT, 'the stock ledger is append-only'); END",
        "CREATE TRIGGER stock_movements_no_delete BEFORE DELETE ON stock_movements BEGIN SELECT RAISE(ABORT, 'the stock ledger is append-only'); END",
        "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit events never change'); END",
        "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events WHEN OLD.at > date('now', '-28 days') BEGIN SELECT RAISE(ABORT, 'audit events of the last 28 days are never deleted'); END",
    ),
    "postgresql": (
        "CREATE TABLE article_words (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL) WITH (toast_tuple_target = 8160)",
        "ALTER TABLE article_words ALTER words SET STATISTICS 500",
        "CREATE INDEX ix_article_words_words ON article_words USING gin (words)",
        "CREATE TABLE item_words (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL) WITH (toast_tuple_target = 8160)",
        "ALTER TABLE item_words ALTER words SET STATISTICS 500",
        "CREATE INDEX ix_item_words_words ON item_words USING gin (words)",
        "CREATE OR REPLACE FUNCTION stock_movements_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the stock ledger is append-only'; END $$",
        "CREATE TRIGGER stock_movements_append_only BEFORE UPDATE OR DELETE ON stock_movements FOR EACH ROW EXECUTE FUNCTION stock_movements_refuse()",
        "CREATE TRIGGER stock_movements_no_truncate BEFORE TRUNCATE ON stock_movements EXECUTE FUNCTION stock_movements_refuse()",
        "CREATE OR REPLACE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit events never change, and the latest are never deleted'; END $$",
        "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events FOR EACH ROW EXECUTE FUNCTION audit_events_refuse()",
        "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events FOR EACH ROW WHEN (OLD.at > to_char(now() AT TIME ZONE 'UTC' - interval '28 days', 'YYYY-MM-DD')) EXECUTE FUNCTION audit_events_refuse()",
        "CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events EXECUTE FUNCTION audit_events_refuse()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", Text, nullable=False),
        sa.Column("email", Text),
        sa.Column("email_key", Text),
        sa.Column("email_verified_at", Text),
        sa.Column("pending_email", Text),
        sa.Column("name", Text, nullable=False),
        sa.Column("language", Text),
        sa.Column("search_key", Text, nullable=False),
        sa.Column("role", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("password_hash", Text, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("version", Integer, server_default="1", nullable=False),
        sa.Column("erased_at", Text),
        sa.CheckConstraint(
            "CASE WHEN erased_at IS NULL THEN email IS NOT NULL AND email_key IS NOT NULL"
            " ELSE email IS NULL AND email_key IS NULL AND search_key = '' AND status = 'suspended' END",
            name=op.f("ck_accounts_erased_at"),
        ),
        sa.CheckConstraint(
            "role = 'customer' OR role = 'author' OR role = 'editor' OR role = 'shopkeeper' OR role = 'owner'",
            name=op.f("ck_accounts_role"),
        ),
        sa.CheckConstraint("status = 'active' OR status = 'suspended'", name=op.f("ck_accounts_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email_key", name=op.f("uq_accounts_email_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_accounts_states", "accounts", ["role", "status", "id"])
    op.create_table(
        "articles",
        sa.Column("number", Integer, autoincrement=False, nullable=False),
        sa.Column("id", Text, nullable=False),
        sa.Column("type", Text, nullable=False),
        sa.Column("slug", Text, nullable=False),
        sa.Column("title", Text, nullable=False),
        sa.Column("excerpt", Text),
        sa.Column("language", Text),
        sa.Column("image", Text),
        sa.Column("format", Text, nullable=False),
        sa.Column("featured", Integer, nullable=False),
        sa.Column("comment_policy", Text, nullable=False),
        sa.Column("comment_count", Integer, server_default="0", nullable=False),
        sa.Column("publish_at", Text),
        sa.Column("listed_at", Text, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("updated_at", Text, nullable=False),
        sa.Column("last_published_at", Text),
        sa.Column("version", Integer, server_default="1", nullable=False),
        sa.Column("unannounced", Integer, server_default="0", nullable=False),
        sa.Column("body", Text, nullable=False),
        sa.Column("body_html", Text, nullable=False),
        sa.CheckConstraint(
            "comment_policy = 'open' OR comment_policy = 'closed'", name=op.f("ck_articles_comment_policy")
        ),
        sa.CheckConstraint("format = 'markdown' OR format = 'html'", name=op.f("ck_articles_format")),
        sa.CheckConstraint("type = 'article' OR type = 'page'", name=op.f("ck_articles_type")),
        sa.CheckConstraint("comment_count >= 0", name=op.f("ck_articles_comment_count")),
        sa.CheckConstraint("featured IN (0, 1)", name=op.f("ck_articles_featured")),
        sa.CheckConstraint("unannounced IN (0, 1)", name=op.f("ck_articles_unannounced")),
        sa.CheckConstraint(
            "listed_at = coalesce(publish_at, created_at)", name=op.f("ck_articles_listed_at")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_articles")),
        sa.UniqueConstraint("id", name=op.f("uq_articles_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_articles_slug")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_articles_all",
        "articles",
        ["type", "listed_at", "id"],
        sqlite_where=sa.text("id > ''"),
        postgresql_where=sa.text("id > ''"),
    )
    op.create_index(
        "ix_articles_dated",
        "articles",
        ["type", "listed_at", "id"],
        sqlite_where=sa.text("publish_at IS NOT NULL"),
        postgresql_where=sa.text("publish_at IS NOT NULL"),
    )
    op.create_index(
        "ix_articles_drafts",
        "articles",
        ["type", "listed_at", "id"],
        sqlite_where=sa.text("publish_at IS NULL"),
        postgresql_where=sa.text("publish_at IS NULL"),
    )
    op.create_index(
        "ix_articles_unannounced",
        "articles",
        ["publish_at"],
        sqlite_where=sa.text("unannounced = 1"),
        postgresql_where=sa.text("unannounced = 1"),
    )
    op.create_table(
        "idempotency_records",
        sa.Column("account_id", Text, nullable=False),
        sa.Column("method", Text, nullable=False),
        sa.Column("path", Text, nullable=False),
        sa.Column("key", Text, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", Integer),
        sa.Column("location", Text),
        sa.Column("etag", Text),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("created_id", Text),
        sa.Column("created_at", Text, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "method", "path", "key", name=op.f("pk_idempotency_records")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_idempotency_records_created_at"), "idempotency_records", ["created_at"])
    may_go = sa.text("created_id IS NOT NULL")
    op.create_index(
        op.f("ix_idempotency_records_created_id"),
        "idempotency_records",
        ["created_id"],
        sqlite_where=may_go,
        postgresql_where=may_go,
    )
    op.create_table(
        "items",
        sa.Column("number", Integer, nullable=False),
        sa.Column("id", Text, nullable=False),
        sa.Column("slug", Text),
        sa.Column("name", Text, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("tax_class", Text, server_default="standard", nullable=False),
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
        sa.Column("version", Integer, server_default="1", nullable=False),
        sa.Column("deleted_at", Text),
        sa.CheckConstraint(
            "description_format = 'markdown' OR description_format = 'html'",
            name=op.f("ck_items_description_format"),
        ),
        sa.CheckConstraint(
            "kind = 'physical' OR kind = 'digital' OR kind = 'service' OR kind = 'external'",
            name=op.f("ck_items_kind"),
        ),
        sa.CheckConstraint(
            "status = 'draft' OR status = 'published' OR status = 'unlisted' OR status = 'archived'",
            name=op.f("ck_items_status"),
        ),
        sa.CheckConstraint("external_url IS NULL OR kind = 'external'", name=op.f("ck_items_external_url")),
        sa.CheckConstraint("(slug IS NULL) = (deleted_at IS NOT NULL)", name=op.f("ck_items_slug")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_items")),
        sa.UniqueConstraint("id", name=op.f("uq_items_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_items_slug")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_items_status_id",
        "items",
        ["status", "id"],
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "audit_events",
        sa.Column("id", Text, nullable=False),
        sa.Column("at", Text, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("account_id", Text),
        sa.Column("subject", Text),
        sa.Column("session_id", Text),
        sa.Column("key_id", Text),
        sa.Column("network", Text),
        sa.Column("request_id", Text),
        sa.Column("facts", Text, nullable=False),
        sa.CheckConstraint(
            "kind = 'login' OR kind = 'login-failed' OR kind = 'logout' OR kind = 'password' OR kind = 'email' OR kind = 'second-factor' OR kind = 'key-made' OR kind = 'key-ended' OR kind = 'role' OR kind = 'status' OR kind = 'erasure' OR kind = 'cancellation' OR kind = 'refund' OR kind = 'import' OR kind = 'restore' OR kind = 'settings'",
            name=op.f("ck_audit_events_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_events_account_id_id", "audit_events", ["account_id", "id"])
    op.create_index(op.f("ix_audit_events_at"), "audit_events", ["at"])
    op.create_index("ix_audit_events_subject_id", "audit_events", ["subject", "id"])
    op.create_table(
        "events",
        sa.Column("position", Integer, nullable=False),
        sa.Column("id", Text, nullable=False),
        sa.Column("type", Text, nullable=False),
        sa.Column("at", Text, nullable=False),
        sa.Column("subject_kind", Text, nullable=False),
        sa.Column("subject_id", Text, nullable=False),
        sa.Column("actor", Text, nullable=False),
        sa.Column("about", Text),
        sa.Column("data", Text),
        sa.CheckConstraint(
            "actor = 'staff' OR actor = 'buyer' OR actor = 'system' OR actor = 'stranger'",
            name=op.f("ck_events_actor"),
        ),
        sa.CheckConstraint(
            "subject_kind = 'article' OR subject_kind = 'comment' OR subject_kind = 'item' OR subject_kind = 'variant' OR subject_kind = 'order' OR subject_kind = 'payment' OR subject_kind = 'refund' OR subject_kind = 'media' OR subject_kind = 'account' OR subject_kind = 'webhook'",
            name=op.f("ck_events_subject_kind"),
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_events")),
        sa.UniqueConstraint("id", name=op.f("uq_events_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_events_about",
        "events",
        ["about"],
        sqlite_where=sa.text("about IS NOT NULL"),
        postgresql_where=sa.text("about IS NOT NULL"),
    )
    op.create_table(
        "imports",
        sa.Column("id", Text, nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("dry_run", Integer, nullable=False),
        sa.Column("lenient", Integer, nullable=False),
        sa.Column("people", Integer, nullable=False),
        sa.Column("attempts", Integer, nullable=False),
        sa.Column("format", Text),
        sa.Column("counts", Text, nullable=False),
        sa.Column("notes", Text, nullable=False),
        sa.Column("error", Text),
        sa.Column("origin", Text),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("ended_at", Text),
        sa.CheckConstraint(
            "state = 'waiting' OR state = 'running' OR state = 'done' OR state = 'refused'",
            name=op.f("ck_imports_state"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state = 'waiting' OR state = 'running')", name=op.f("ck_imports_ended_at")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sqlite_strict=True,
    )
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_imports_open", "imports", ["created_at"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_table(
        "jobs",
        sa.Column("id", Text, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("facts", Text, nullable=False),
        sa.Column("due_at", Text, nullable=False),
        sa.Column("attempts", Integer, nullable=False),
        sa.Column("claim", Text),
        sa.Column("error", Text),
        sa.Column("failed_at", Text),
        sa.Column("created_at", Text, nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_jobs_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sqlite_strict=True,
    )
    is_waiting = sa.text("failed_at IS NULL")
    op.create_index(
        op.f("ix_jobs_due_at"), "jobs", ["due_at"], sqlite_where=is_waiting, postgresql_where=is_waiting
    )
    op.create_table(
        "media",
        sa.Column("id", Text, nullable=False),
        sa.Column("account_id", Text),
        sa.Column("filename", Text, nullable=False),
        sa.Column("type", Text, nullable=False),
        sa.Column("bytes", Integer, nullable=False),
        sa.Column("sha256", Text, nullable=False),
        sa.Column("width", Integer),
        sa.Column("height", Integer),
        sa.Column("alt", Text, nullable=False),
        sa.Column("caption", Text, nullable=False),
        sa.Column("credit", Text, nullable=False),
        sa.Column("sizes", Text, nullable=False),
        sa.Column("words", Text, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("version", Integer, server_default="1", nullable=False),
        sa.CheckConstraint("bytes > 0", name=op.f("ck_media_bytes")),
        sa.CheckConstraint("(width IS NULL) = (height IS NULL)", name=op.f("ck_media_height")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_media_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("account_id", "sha256", name=op.f("uq_media_account_id_sha256")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_media_sha256"), "media", ["sha256"])
    op.create_index("ix_media_account_id_id", "media", ["account_id", "id"])
    op.create_table(
        "media_files",
        sa.Column("file", Text, nullable=False),
        sa.Column("media_id", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_media_files_media_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file", "media_id", name=op.f("pk_media_files")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_media_files_media_id"), "media_files", ["media_id"])
    op.create_table(
        "media_uses",
        sa.Column("media_id", Text, nullable=False),
        sa.Column("thing_id", Text, nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_media_uses_media_id")),
        sa.PrimaryKeyConstraint("media_id", "thing_id", name=op.f("pk_media_uses")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_media_uses_thing_id"), "media_uses", ["thing_id"])
    op.create_table(
        "webhooks",
        sa.Column("id", Text, nullable=False),
        sa.Column("url", Text, nullable=False),
        sa.Column("events", Text, nullable=False),
        sa.Column("description", Text),
        sa.Column("status", Text, nullable=False),
        sa.Column("disabled_reason", Text),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("failing_since", Text),
        sa.CheckConstraint("status = 'active' OR status = 'disabled'", name=op.f("ck_webhooks_status")),
        sa.CheckConstraint(
            "disabled_reason = 'gone' OR disabled_reason = 'failing'",
            name=op.f("ck_webhooks_disabled_reason"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sqlite_strict=True,
    )
    op.create_table(
        "webhook_secrets",
        sa.Column("id", Text, nullable=False),
        sa.Column("webhook_id", Text, nullable=False),
        sa.Column("secret", Text, nullable=False),
        sa.Column("ends_at", Text),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_secrets_webhook_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_secrets")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_webhook_secrets_webhook_id"), "webhook_secrets", ["webhook_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", Text, nullable=False),
        sa.Column("webhook_id", Text, nullable=False),
        sa.Column("event_id", Text, nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("tries", Integer, nullable=False),
        sa.Column("attempts", Text, nullable=False),
        sa.Column("job_id", Text),
        sa.CheckConstraint(
            "state = 'pending' OR state = 'delivered' OR state = 'failed'",
            name=op.f("ck_webhook_deliveries_state"),
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_webhook_deliveries_tries")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_webhook_deliveries_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhooks.id"],
            name=op.f("fk_webhook_deliveries_webhook_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("webhook_id", "event_id", name=op.f("uq_webhook_deliveries_webhook_id_event_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_webhook_deliveries_event_id"), "webhook_deliveries", ["event_id"])
    op.create_index(op.f("ix_webhook_deliveries_webhook_id_id"), "webhook_deliveries", ["webhook_id", "id"])
    op.create_table(
        "mails",
        sa.Column("id", Text, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("to", Text),
        sa.Column("subject", Text),
        sa.Column("language", Text, nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("attempts", Integer, nullable=False),
        sa.Column("error", Text),
        sa.Column("at", Text, nullable=False),
        sa.Column("account_id", Text),
        sa.Column("to_staff", Integer, nullable=False),
        sa.Column("facts", Text, nullable=False),
        sa.Column("about", Text),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mails_attempts")),
        sa.CheckConstraint(
            "state = 'waiting' OR state = 'sent' OR state = 'failed' OR state = 'kept'",
            name=op.f("ck_mails_state"),
        ),
        sa.CheckConstraint("to_staff IN (0, 1)", name=op.f("ck_mails_to_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("about", "kind", "facts", name=op.f("uq_mails_about_kind_facts")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mails_account_id"), "mails", ["account_id"])
    op.create_index(
        "ix_mails_failed",
        "mails",
        ["id"],
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_index(
        "ix_jobs_failed",
        "jobs",
        ["id"],
        sqlite_where=sa.text("failed_at IS NOT NULL"),
        postgresql_where=sa.text("failed_at IS NOT NULL"),
    )
    op.create_table(
        "mail_texts",
        sa.Column("mail_id", Text, nullable=False),
        sa.Column("text", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mails.id"], name=op.f("fk_mail_texts_mail_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_mail_texts")),
        sqlite_strict=True,
    )
    op.create_table(
        "mail_tokens",
        sa.Column("mail_id", Text, nullable=False),
        sa.Column("token_hash", sa.LargeBinary),
        sa.Column("purpose", Text, nullable=False),
        sa.Column("account_id", Text, nullable=False),
        sa.Column("email", Text, nullable=False),
        sa.Column("email_key", Text, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary),
        sa.Column("expires_at", Text, nullable=False),
        sa.Column("used_at", Text),
        sa.CheckConstraint(
            "purpose = 'verify' OR purpose = 'reset' OR purpose = 'change' OR purpose = 'restore'",
            name=op.f("ck_mail_tokens_purpose"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_mail_tokens_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_mail_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mail_tokens_token_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mail_tokens_account_id"), "mail_tokens", ["account_id"])
    op.create_index(op.f("ix_mail_tokens_email_key"), "mail_tokens", ["email_key"])
    op.create_index(op.f("ix_mail_tokens_expires_at"), "mail_tokens", ["expires_at"])
    op.create_table(
        "login_codes",
        sa.Column("id", Text, nullable=False),
        sa.Column("account_id", Text),
        sa.Column("email", Text),
        sa.Column("code_hash", sa.LargeBinary),
        sa.Column("tries", Integer, nullable=False),
        sa.Column("expires_at", Text, nullable=False),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_login_codes_tries")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_login_codes_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_codes")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_login_codes_account_id"), "login_codes", ["account_id"])
    op.create_index(op.f("ix_login_codes_expires_at"), "login_codes", ["expires_at"])
    op.create_table(
        "second_factors",
        sa.Column("id", Text, nullable=False),
        sa.Column("account_id", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("last_step", Integer, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("activated_at", Text),
        sa.CheckConstraint(
            "(status = 'active') = (activated_at IS NOT NULL)", name=op.f("ck_second_factors_activated_at")
        ),
        sa.CheckConstraint("status = 'pending' OR status = 'active'", name=op.f("ck_second_factors_status")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_second_factors_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("account_id", "status", name=op.f("uq_second_factors_account_id_status")),
        sqlite_strict=True,
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("factor_id", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["factor_id"], ["second_factors.id"], name=op.f("fk_recovery_codes_factor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recovery_codes_factor_id"), "recovery_codes", ["factor_id"])
    op.create_table(
        "login_challenges",
        sa.Column("id", Text, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("account_id", Text, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_login_challenges_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_challenges")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_challenges_token_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_login_challenges_account_id"), "login_challenges", ["account_id"])
    op.create_index(op.f("ix_login_challenges_expires_at"), "login_challenges", ["expires_at"])
    op.create_table(
        "limit_uses",
        sa.Column("kind", Text, nullable=False),
        sa.Column("subject", Text, nullable=False),
        sa.Column("seconds", Integer, autoincrement=False, nullable=False),
        sa.Column("used", Integer, nullable=False),
        sa.Column("until", Text, nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_limit_uses_used")),
        sa.PrimaryKeyConstraint("kind", "subject", "seconds", name=op.f("pk_limit_uses")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_limit_uses_until"), "limit_uses", ["until"])
    op.create_table(
        "login_failures",
        sa.Column("subject", Text, nullable=False),
        sa.Column("failures", Integer, nullable=False),
        sa.Column("since", Text, nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_login_failures_failures")),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_login_failures")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_login_failures_since"), "login_failures", ["since"])
    op.create_table(
        "setup_links",
        sa.Column("id", Integer, autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", Text, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_setup_links_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_links")),
        sqlite_strict=True,
    )
    op.create_table(
        "login_networks",
        sa.Column("account_id", Text, nullable=False),
        sa.Column("network", Text, nullable=False),
        sa.Column("last_login_at", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_login_networks_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "network", name=op.f("pk_login_networks")),
        sqlite_strict=True,
    )
    op.create_table(
        "origins",
        sa.Column("kind", Text, nullable=False),
        sa.Column("source", Text, nullable=False),
        sa.Column("external_id", Text, nullable=False),
        sa.Column("local_id", Text, nullable=False),
        sa.Column("fingerprint", Text, nullable=False),
        sa.Column("title", Text),
        sa.Column("slug", Text),
        sa.Column("created_at", Text),
        sa.CheckConstraint(
            "kind = 'account' OR kind = 'article' OR kind = 'author' OR kind = 'comment' OR kind = 'item'"
            " OR kind = 'media'",
            name=op.f("ck_origins_kind"),
        ),
        sa.PrimaryKeyConstraint("kind", "source", "external_id", name=op.f("pk_origins")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "terms",
        sa.Column("id", Text, nullable=False),
        sa.Column("shelf", Text, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("slug", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("name_key", Text, nullable=False),
        sa.Column("parent_id", Text),
        sa.CheckConstraint("kind = 'tag' OR kind = 'category'", name=op.f("ck_terms_kind")),
        sa.CheckConstraint("shelf = 'articles' OR shelf = 'items'", name=op.f("ck_terms_shelf")),
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
    op.create_index(op.f("ix_terms_parent_id"), "terms", ["parent_id"])
    op.create_table(
        "api_keys",
        sa.Column("id", Text, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("prefix", Text, nullable=False),
        sa.Column("scopes", Text, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("last_used_at", Text),
        sa.Column("expires_at", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_api_keys_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_keys_secret_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_api_keys_account_id"), "api_keys", ["account_id"])
    op.create_table(
        "article_slugs",
        sa.Column("slug", Text, nullable=False),
        sa.Column("article_id", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_slugs_article_id"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_article_slugs")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_article_slugs_article_id"), "article_slugs", ["article_id"])
    op.create_table(
        "article_terms",
        sa.Column("article_id", Text, nullable=False),
        sa.Column("term_id", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("type", Text, nullable=False),
        sa.Column("publish_at", Text),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_terms_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["terms.id"], name=op.f("fk_article_terms_term_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "term_id", name=op.f("pk_article_terms")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_article_terms_newest", "article_terms", ["term_id", "type", "publish_at", "article_id"]
    )
    op.create_table(
        "authors",
        sa.Column("id", Text, nullable=False),
        sa.Column("slug", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("account_id", Text),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_authors_account_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authors")),
        sa.UniqueConstraint("account_id", name=op.f("uq_authors_account_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_authors_slug")),
        sqlite_strict=True,
    )
    op.create_table(
        "comments",
        sa.Column("id", Text, nullable=False),
        sa.Column("article_id", Text, nullable=False),
        sa.Column("parent_id", Text),
        sa.Column("path", Text, nullable=False),
        sa.Column("account_id", Text),
        sa.Column("author_name", Text, nullable=False),
        sa.Column("body", Text, nullable=False),
        sa.Column("body_html", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("version", Integer, server_default="1", nullable=False),
        sa.CheckConstraint(
            "status = 'pending' OR status = 'approved' OR status = 'spam' OR status = 'trash'",
            name=op.f("ck_comments_status"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_comments_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_comments_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["comments.id"], name=op.f("fk_comments_parent_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_comments_account_id"), "comments", ["account_id"])
    op.create_index(op.f("ix_comments_parent_id"), "comments", ["parent_id"])
    op.create_index("ix_comments_status_id", "comments", ["status", "id"])
    op.create_index("ix_comments_thread", "comments", ["article_id", "status", "path"])
    waiting = sa.text("status = 'pending'")
    op.create_index(
        "ix_comments_waiting",
        "comments",
        ["account_id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "item_slugs",
        sa.Column("slug", Text, nullable=False),
        sa.Column("item_id", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["items.id"],
            name=op.f("fk_item_slugs_item_id"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_item_slugs")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_item_slugs_item_id"), "item_slugs", ["item_id"])
    op.create_table(
        "item_terms",
        sa.Column("item_id", Text, nullable=False),
        sa.Column("term_id", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_terms_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["terms.id"], name=op.f("fk_item_terms_term_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "term_id", name=op.f("pk_item_terms")),
        sqlite_strict=True,
    )
    op.create_index("ix_item_terms_term_id_item_id", "item_terms", ["term_id", "item_id"])
    op.create_table(
        "feed_losses",
        sa.Column("type", Text, nullable=False),
        sa.Column("at", Text, nullable=False),
        sa.CheckConstraint("type = 'article' OR type = 'page'", name=op.f("ck_feed_losses_type")),
        sa.PrimaryKeyConstraint("type", name=op.f("pk_feed_losses")),
        sqlite_strict=True,
    )
    op.create_table(
        "redirects",
        sa.Column("id", Text, nullable=False),
        sa.Column("path", Text, nullable=False),
        sa.Column("query", Text, nullable=False),
        sa.Column("location", Text),
        sa.Column("article_id", Text),
        sa.Column("item_id", Text),
        sa.Column("term_id", Text),
        sa.Column("by_account", Text),
        sa.Column("created_at", Text, nullable=False),
        sa.CheckConstraint(
            "CASE WHEN location IS NULL THEN 0 ELSE 1 END + CASE WHEN article_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN item_id IS NULL THEN 0 ELSE 1 END + CASE WHEN term_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_redirects_destination"),
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_redirects_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_redirects_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["terms.id"], name=op.f("fk_redirects_term_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redirects")),
        sa.UniqueConstraint("path", "query", name=op.f("uq_redirects_path_query")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_redirects_article_id"), "redirects", ["article_id"])
    op.create_index(op.f("ix_redirects_item_id"), "redirects", ["item_id"])
    op.create_index(op.f("ix_redirects_term_id"), "redirects", ["term_id"])
    op.create_table(
        "orders",
        sa.Column("number", Integer, nullable=False),
        sa.Column("id", Text, nullable=False),
        sa.Column("account_id", Text),
        sa.Column("email", Text, nullable=False),
        sa.Column("email_key", Text, nullable=False),
        sa.Column("name_key", Text),
        sa.Column("surname_key", Text),
        sa.Column("order_status", Text, nullable=False),
        sa.Column("payment_status", Text, nullable=False),
        sa.Column("fulfilment_status", Text, nullable=False),
        sa.Column("currency", Text, nullable=False),
        sa.Column("subtotal", Integer, nullable=False),
        sa.Column("discount", Integer, nullable=False),
        sa.Column("shipping", Integer, nullable=False),
        sa.Column("shipping_tax", Integer, nullable=False),
        sa.Column("tax", Integer, nullable=False),
        sa.Column("total", Integer, nullable=False),
        sa.Column("prices_include_tax", Integer, nullable=False),
        sa.Column("paid", Integer, nullable=False),
        sa.Column("refunded", Integer, nullable=False),
        sa.Column("credited", Integer, nullable=False),
        sa.Column("shipping_credited", Integer, nullable=False),
        sa.Column("taxes", Text, nullable=False),
        sa.Column("coupons", Text, nullable=False),
        sa.Column("shipping_method", Text),
        sa.Column("shipping_address", Text),
        sa.Column("billing_address", Text),
        sa.Column("tax_id", Text),
        sa.Column("language", Text),
        sa.Column("note", Text),
        sa.Column("staff_note", Text),
        sa.Column("placed_at", Text, nullable=False),
        sa.Column("expires_at", Text),
        sa.Column("asks_at", Text),
        sa.Column("updated_at", Text, nullable=False),
        sa.Column("version", Integer, server_default="1", nullable=False),
        sa.CheckConstraint(
            "(order_status = 'completed') = (total - credited <= paid - refunded AND fulfilment_status = 'fulfilled')",
            name=op.f("ck_orders_is_completed"),
        ),
        sa.CheckConstraint(
            "CASE WHEN refunded > 0 AND refunded = paid THEN payment_status = 'refunded' WHEN total - credited <= paid - refunded THEN payment_status = CASE refunded WHEN 0 THEN 'paid' ELSE 'partly_refunded' END WHEN paid > refunded THEN payment_status = 'partly_paid' ELSE payment_status <> 'paid' AND payment_status <> 'partly_paid' AND payment_status <> 'partly_refunded' AND payment_status <> 'refunded' END",
            name=op.f("ck_orders_is_paid"),
        ),
        sa.CheckConstraint(
            "expires_at IS NULL OR fulfilment_status = 'none' AND (order_status = 'expired' OR order_status = 'open' AND paid = 0)",
            name=op.f("ck_orders_expires_at"),
        ),
        sa.CheckConstraint(
            "fulfilment_status = 'none' OR fulfilment_status = 'partial' OR fulfilment_status = 'fulfilled'",
            name=op.f("ck_orders_fulfilment_status"),
        ),
        sa.CheckConstraint(
            "order_status <> 'cancelled' OR fulfilment_status = 'none'", name=op.f("ck_orders_is_cancelled")
        ),
        sa.CheckConstraint(
            "order_status <> 'expired' OR expires_at IS NOT NULL", name=op.f("ck_orders_is_expired")
        ),
        sa.CheckConstraint(
            "order_status = 'open' OR order_status = 'completed' OR order_status = 'cancelled' OR order_status = 'expired'",
            name=op.f("ck_orders_order_status"),
        ),
        sa.CheckConstraint(
            "payment_status = 'unpaid' OR payment_status = 'pending' OR payment_status = 'authorised' OR payment_status = 'partly_paid' OR payment_status = 'paid' OR payment_status = 'partly_refunded' OR payment_status = 'refunded'",
            name=op.f("ck_orders_payment_status"),
        ),
        sa.CheckConstraint("discount BETWEEN 0 AND subtotal", name=op.f("ck_orders_discount")),
        sa.CheckConstraint("prices_include_tax IN (0, 1)", name=op.f("ck_orders_prices_include_tax")),
        sa.CheckConstraint("refunded BETWEEN 0 AND paid", name=op.f("ck_orders_refunded")),
        sa.CheckConstraint("shipping >= 0", name=op.f("ck_orders_shipping")),
        sa.CheckConstraint(
            "shipping_credited >= 0 AND credited BETWEEN shipping_credited AND total",
            name=op.f("ck_orders_credited"),
        ),
        sa.CheckConstraint("shipping_tax BETWEEN 0 AND tax", name=op.f("ck_orders_tax")),
        sa.CheckConstraint(
            "total BETWEEN 0 AND 1000000000000 AND total = subtotal - discount + shipping + CASE prices_include_tax WHEN 1 THEN 0 ELSE tax END",
            name=op.f("ck_orders_total"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_orders_account_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_orders")),
        sa.UniqueConstraint("id", name=op.f("uq_orders_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_orders_account_id_id", "orders", ["account_id", "id"])
    op.create_index("ix_orders_email_key_id", "orders", ["email_key", "id"])
    for key in ("name_key", "surname_key"):
        op.create_index(
            f"ix_orders_{key}_id",
            "orders",
            [key, "id"],
            sqlite_where=sa.text(f"{key} IS NOT NULL"),
            postgresql_where=sa.text(f"{key} IS NOT NULL"),
        )
    op.create_index(
        "ix_orders_asks_at",
        "orders",
        ["asks_at"],
        sqlite_where=sa.text("asks_at IS NOT NULL"),
        postgresql_where=sa.text("asks_at IS NOT NULL"),
    )
    op.create_index(
        "ix_orders_expires_at",
        "orders",
        ["order_status", "expires_at"],
        sqlite_where=sa.text("order_status = 'open' AND expires_at IS NOT NULL"),
        postgresql_where=sa.text("order_status = 'open' AND expires_at IS NOT NULL"),
    )
    op.create_index(
        "ix_orders_states", "orders", ["order_status", "payment_status", "fulfilment_status", "id"]
    )
    op.create_index(
        "ix_orders_unpaid",
        "orders",
        ["account_id", "expires_at"],
        sqlite_where=sa.text("order_status = 'open' AND payment_status = 'unpaid'"),
        postgresql_where=sa.text("order_status = 'open' AND payment_status = 'unpaid'"),
    )
    op.create_index("ix_orders_updated_at", "orders", ["updated_at"])
    op.create_table(
        "sessions",
        sa.Column("id", Text, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", Text, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("last_used_at", Text, nullable=False),
        sa.Column("expires_at", Text, nullable=False),
        sa.Column("confirmed_at", Text, nullable=False),
        sa.Column("user_agent", Text),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sessions_account_id"), "sessions", ["account_id"])
    op.create_table(
        "variants",
        sa.Column("id", Text, nullable=False),
        sa.Column("item_id", Text, nullable=False),
        sa.Column("sku", Text, nullable=False),
        sa.Column("sku_key", Text),
        sa.Column("label", Text),
        sa.Column("options", Text, nullable=False),
        sa.Column("price", Integer, nullable=False),
        sa.Column("compare_at", Integer),
        sa.Column("sale_price", Integer),
        sa.Column("sale_from", Text),
        sa.Column("sale_until", Text),
        sa.Column("sale_turns_at", Text),
        sa.Column("currency", Text, nullable=False),
        sa.Column("weight_g", Integer),
        sa.Column("max_per_order", Integer),
        sa.Column("downloads", Text, server_default="[]", nullable=False),
        sa.Column("tracked", Integer, nullable=False),
        sa.Column("available", Integer, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("retired_at", Text),
        sa.Column("version", Integer, server_default="1", nullable=False),
        sa.CheckConstraint("available >= 0", name=op.f("ck_variants_available")),
        sa.CheckConstraint("compare_at BETWEEN 0 AND 100000000000", name=op.f("ck_variants_compare_at")),
        sa.CheckConstraint("price BETWEEN 0 AND 100000000000", name=op.f("ck_variants_price")),
        sa.CheckConstraint("max_per_order > 0", name=op.f("ck_variants_max_per_order")),
        sa.CheckConstraint("sale_price >= 0 AND sale_price < price", name=op.f("ck_variants_sale_price")),
        sa.CheckConstraint("sale_until > sale_from", name=op.f("ck_variants_sale_until")),
        sa.CheckConstraint(
            "sale_price IS NOT NULL OR (sale_from IS NULL AND sale_until IS NULL AND sale_turns_at IS NULL)",
            name=op.f("ck_variants_sale"),
        ),
        sa.CheckConstraint("weight_g >= 0", name=op.f("ck_variants_weight_g")),
        sa.CheckConstraint("tracked = 1 OR available = 0", name=op.f("ck_variants_untracked")),
        sa.CheckConstraint("tracked IN (0, 1)", name=op.f("ck_variants_tracked")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_variants_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variants")),
        sa.UniqueConstraint("sku_key", name=op.f("uq_variants_sku_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_variants_item_id"), "variants", ["item_id"])
    op.create_index(
        "ix_variants_low",
        "variants",
        ["available"],
        sqlite_where=sa.text("tracked = 1 AND available <= 5 AND retired_at IS NULL"),
        postgresql_where=sa.text("tracked = 1 AND available <= 5 AND retired_at IS NULL"),
    )
    op.create_index(
        "ix_variants_sale_turns_at",
        "variants",
        ["sale_turns_at"],
        sqlite_where=sa.text("sale_turns_at IS NOT NULL"),
        postgresql_where=sa.text("sale_turns_at IS NOT NULL"),
    )
    op.create_table(
        "article_authors",
        sa.Column("article_id", Text, nullable=False),
        sa.Column("author_id", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("type", Text, nullable=False),
        sa.Column("publish_at", Text),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_authors_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name=op.f("fk_article_authors_author_id")),
        sa.PrimaryKeyConstraint("article_id", "author_id", name=op.f("pk_article_authors")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_article_authors_newest", "article_authors", ["author_id", "type", "publish_at", "article_id"]
    )
    op.create_table(
        "fulfilments",
        sa.Column("id", Text, nullable=False),
        sa.Column("order_id", Text, nullable=False),
        sa.Column("carrier", Text),
        sa.Column("tracking", Text),
        sa.Column("by_account", Text),
        sa.Column("created_at", Text, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_fulfilments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilments")),
        sqlite_strict=True,
    )
    op.create_index("ix_fulfilments_order_id_id", "fulfilments", ["order_id", "id"])
    op.create_table(
        "order_events",
        sa.Column("number", Integer, nullable=False),
        sa.Column("order_id", Text, nullable=False),
        sa.Column("at", Text, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("by_account", Text),
        sa.Column("note", Text),
        sa.CheckConstraint(
            "kind = 'placed' OR kind = 'changed' OR kind = 'payment_failed' OR kind = 'payment_mismatch' OR kind = 'payment_disputed' OR kind = 'partly_paid' OR kind = 'paid' OR kind = 'partly_fulfilled' OR kind = 'fulfilled' OR kind = 'completed' OR kind = 'partly_cancelled' OR kind = 'cancelled' OR kind = 'expired' OR kind = 'revived' OR kind = 'refunded' OR kind = 'refund_failed'",
            name=op.f("ck_order_events_kind"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_events_order_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_order_events")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_order_events_order_id"), "order_events", ["order_id"])
    op.create_table(
        "order_lines",
        sa.Column("order_id", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("variant_id", Text, nullable=False),
        sa.Column("sku", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("quantity", Integer, nullable=False),
        sa.Column("unit_price", Integer, nullable=False),
        sa.Column("total", Integer, nullable=False),
        sa.Column("discount", Integer, nullable=False),
        sa.Column("tax", Integer, nullable=False),
        sa.Column("tax_class", Text, nullable=False),
        sa.Column("weight_g", Integer),
        sa.Column("physical", Integer, nullable=False),
        sa.Column("downloads", Text, nullable=False),
        sa.Column("fulfilled", Integer, nullable=False),
        sa.Column("cancelled", Integer, nullable=False),
        sa.Column("returned", Integer, nullable=False),
        sa.CheckConstraint("discount BETWEEN 0 AND total", name=op.f("ck_order_lines_discount")),
        sa.CheckConstraint(
            "fulfilled >= 0 AND cancelled >= 0 AND fulfilled + cancelled <= quantity",
            name=op.f("ck_order_lines_fulfilled"),
        ),
        sa.CheckConstraint("physical IN (0, 1)", name=op.f("ck_order_lines_physical")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_lines_quantity")),
        sa.CheckConstraint("returned BETWEEN 0 AND fulfilled", name=op.f("ck_order_lines_returned")),
        sa.CheckConstraint("tax >= 0", name=op.f("ck_order_lines_tax")),
        sa.CheckConstraint("total = quantity * unit_price", name=op.f("ck_order_lines_total")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_order_lines_variant_id")),
        sa.PrimaryKeyConstraint("order_id", "position", name=op.f("pk_order_lines")),
        sa.UniqueConstraint("variant_id", "order_id", name=op.f("uq_order_lines_variant_id_order_id")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payments",
        sa.Column("id", Text, nullable=False),
        sa.Column("order_id", Text, nullable=False),
        sa.Column("provider", Text, nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("currency", Text, nullable=False),
        sa.Column("amount", Integer, nullable=False),
        sa.Column("captured", Integer, nullable=False),
        sa.Column("refunded", Integer, nullable=False),
        sa.Column("method", Text),
        sa.Column("reference", Text),
        sa.Column("return_url", Text),
        sa.Column("next_url", Text),
        sa.Column("ends_at", Text),
        sa.Column("failure", Text),
        sa.Column("by_account", Text),
        sa.Column("created_at", Text, nullable=False),
        sa.CheckConstraint("(state = 'captured') = (captured > 0)", name=op.f("ck_payments_is_captured")),
        sa.CheckConstraint(
            "state = 'open' OR state = 'processing' OR state = 'authorised' OR state = 'captured' OR state = 'failed' OR state = 'cancelled'",
            name=op.f("ck_payments_state"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount")),
        sa.CheckConstraint("captured BETWEEN 0 AND amount", name=op.f("ck_payments_captured")),
        sa.CheckConstraint("refunded BETWEEN 0 AND captured", name=op.f("ck_payments_refunded")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sqlite_strict=True,
    )
    op.create_index("ix_payments_order_id_id", "payments", ["order_id", "id"])
    op.create_index(
        "uq_payments_live",
        "payments",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'processing', 'authorised')"),
        postgresql_where=sa.text("state IN ('open', 'processing', 'authorised')"),
    )
    op.create_index(
        "uq_payments_reference",
        "payments",
        ["provider", "reference"],
        unique=True,
        sqlite_where=sa.text("reference IS NOT NULL AND provider != 'manual'"),
        postgresql_where=sa.text("reference IS NOT NULL AND provider != 'manual'"),
    )
    op.create_table(
        "order_tokens",
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("order_id", Text, nullable=False),
        sa.Column("mail_id", Text),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("expires_at", Text, nullable=False),
        sa.Column("revoked_at", Text),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_tokens_order_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_order_tokens")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_order_tokens_order_id"), "order_tokens", ["order_id"])
    op.create_index(op.f("ix_order_tokens_expires_at"), "order_tokens", ["expires_at"])
    op.create_table(
        "guest_networks",
        sa.Column("order_id", Text, nullable=False),
        sa.Column("network", Text, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_guest_networks_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_guest_networks")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_guest_networks_network"), "guest_networks", ["network"])
    op.create_table(
        "source_variants",
        sa.Column("variant_id", Text, nullable=False),
        sa.Column("external_id", Text, nullable=False),
        sa.Column("sku", Text),
        sa.Column("regular", Integer),
        sa.Column("sale", Integer),
        sa.Column("stock", Integer),
        sa.Column("sale_from", Text),
        sa.Column("sale_until", Text),
        sa.Column("weight_g", Integer),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_source_variants_variant_id")),
        sa.PrimaryKeyConstraint("variant_id", name=op.f("pk_source_variants")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_source_variants_external_id", "source_variants", ["external_id"])
    op.create_index("ix_source_variants_sku", "source_variants", ["sku"])
    op.create_table(
        "stock_movements",
        sa.Column("id", Text, nullable=False),
        sa.Column("variant_id", Text, nullable=False),
        sa.Column("delta", Integer, nullable=False),
        sa.Column("reason", Text, nullable=False),
        sa.Column("note", Text),
        sa.Column("order_id", Text),
        sa.Column("by_account", Text),
        sa.Column("created_at", Text, nullable=False),
        sa.CheckConstraint(
            "(reason = 'order' OR reason = 'cancellation' OR reason = 'expiry') = (order_id IS NOT NULL)",
            name=op.f("ck_stock_movements_order_id"),
        ),
        sa.CheckConstraint(
            "reason = 'initial' OR reason = 'receive' OR reason = 'return' OR reason = 'adjust' OR reason = 'loss' OR reason = 'order' OR reason = 'cancellation' OR reason = 'expiry' OR reason = 'import' OR reason = 'tracked' OR reason = 'untracked'",
            name=op.f("ck_stock_movements_reason"),
        ),
        sa.CheckConstraint(
            "delta <> 0 OR reason IN ('tracked', 'untracked')", name=op.f("ck_stock_movements_delta")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_stock_movements_order_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_stock_movements_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_stock_movements_order_id"), "stock_movements", ["order_id"])
    op.create_index("ix_stock_movements_variant_id_id", "stock_movements", ["variant_id", "id"])
    op.create_table(
        "fulfilment_lines",
        sa.Column("fulfilment_id", Text, nullable=False),
        sa.Column("order_id", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("quantity", Integer, nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_fulfilment_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["fulfilment_id"],
            ["fulfilments.id"],
            name=op.f("fk_fulfilment_lines_fulfilment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id", "position"],
            ["order_lines.order_id", "order_lines.position"],
            name=op.f("fk_fulfilment_lines_order_id_position"),
        ),
        sa.PrimaryKeyConstraint("fulfilment_id", "order_id", "position", name=op.f("pk_fulfilment_lines")),
        sqlite_strict=True,
    )
    op.create_index("ix_fulfilment_lines_order_id_position", "fulfilment_lines", ["order_id", "position"])
    op.create_table(
        "refunds",
        sa.Column("id", Text, nullable=False),
        sa.Column("order_id", Text, nullable=False),
        sa.Column("payment_id", Text, nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("currency", Text, nullable=False),
        sa.Column("amount", Integer, nullable=False),
        sa.Column("credited", Integer, nullable=False),
        sa.Column("lines", Text, nullable=False),
        sa.Column("reason", Text),
        sa.Column("reference", Text),
        sa.Column("failure", Text),
        sa.Column("by_account", Text),
        sa.Column("created_at", Text, nullable=False),
        sa.CheckConstraint(
            "state = 'pending' OR state = 'succeeded' OR state = 'failed'", name=op.f("ck_refunds_state")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount")),
        sa.CheckConstraint("credited BETWEEN 0 AND amount", name=op.f("ck_refunds_credited")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refunds_order_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_refunds_failed",
        "refunds",
        ["created_at"],
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_index("ix_refunds_order_id_id", "refunds", ["order_id", "id"])
    op.create_index(
        "ix_refunds_pending",
        "refunds",
        ["order_id"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(op.f("ix_refunds_payment_id"), "refunds", ["payment_id"])
    op.create_table(
        "coupons",
        sa.Column("id", Text, nullable=False),
        sa.Column("code", Text, nullable=False),
        sa.Column("code_key", Text, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("percent", Integer),
        sa.Column("amount", Integer),
        sa.Column("min_subtotal", Integer),
        sa.Column("currency", Text, nullable=False),
        sa.Column("starts_at", Text),
        sa.Column("ends_at", Text),
        sa.Column("usage_limit", Integer),
        sa.Column("per_customer", Integer),
        sa.Column("used", Integer, nullable=False),
        sa.Column("items", Text, nullable=False),
        sa.Column("categories", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.CheckConstraint(
            "kind = 'percent' OR kind = 'fixed' OR kind = 'free_shipping'", name=op.f("ck_coupons_kind")
        ),
        sa.CheckConstraint("status = 'active' OR status = 'retired'", name=op.f("ck_coupons_status")),
        sa.CheckConstraint(
            "CASE kind WHEN 'percent' THEN percent BETWEEN 1 AND 100 AND amount IS NULL"
            " WHEN 'fixed' THEN amount BETWEEN 1 AND 100000000000 AND percent IS NULL"
            " ELSE percent IS NULL AND amount IS NULL END",
            name=op.f("ck_coupons_value"),
        ),
        sa.CheckConstraint("min_subtotal BETWEEN 0 AND 100000000000", name=op.f("ck_coupons_min_subtotal")),
        sa.CheckConstraint(
            "used >= 0 AND (usage_limit IS NULL OR used <= usage_limit)", name=op.f("ck_coupons_used")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupons")),
        sa.UniqueConstraint("code_key", name=op.f("uq_coupons_code_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "shipping_methods",
        sa.Column("id", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("countries", Text, nullable=False),
        sa.Column("regions", Text, nullable=False),
        sa.Column("price", Integer, nullable=False),
        sa.Column("free_over", Integer),
        sa.Column("brackets", Text, nullable=False),
        sa.Column("currency", Text, nullable=False),
        sa.Column("tax_class", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.CheckConstraint(
            "status = 'active' OR status = 'retired'", name=op.f("ck_shipping_methods_status")
        ),
        sa.CheckConstraint("price BETWEEN 0 AND 100000000000", name=op.f("ck_shipping_methods_price")),
        sa.CheckConstraint(
            "free_over BETWEEN 0 AND 100000000000", name=op.f("ck_shipping_methods_free_over")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_methods")),
        sqlite_strict=True,
    )
    op.create_index("ix_shipping_methods_position_id", "shipping_methods", ["position", "id"])
    op.create_table(
        "tax_rates",
        sa.Column("id", Text, nullable=False),
        sa.Column("tax_class", Text, nullable=False),
        sa.Column("country", Text, nullable=False),
        sa.Column("region", Text),
        sa.Column("region_key", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("name_key", Text, nullable=False),
        sa.Column("rate", Text, nullable=False),
        sa.CheckConstraint("(region IS NULL) = (region_key = '')", name=op.f("ck_tax_rates_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_rates")),
        sa.UniqueConstraint(
            "country",
            "region_key",
            "tax_class",
            "name_key",
            name=op.f("uq_tax_rates_country_region_key_tax_class_name_key"),
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "coupon_redemptions",
        sa.Column("order_id", Text, nullable=False),
        sa.Column("coupon_id", Text, nullable=False),
        sa.Column("released_at", Text),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["coupons.id"], name=op.f("fk_coupon_redemptions_coupon_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name=op.f("fk_coupon_redemptions_order_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("order_id", "coupon_id", name=op.f("pk_coupon_redemptions")),
        sqlite_strict=True,
    )
    op.create_index("ix_coupon_redemptions_coupon_id", "coupon_redemptions", ["coupon_id"])
    op.create_table(
        "provider_events",
        sa.Column("provider", Text, nullable=False),
        sa.Column("id", Text, nullable=False),
        sa.Column("at", Text, nullable=False),
        sa.PrimaryKeyConstraint("provider", "id", name=op.f("pk_provider_events")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_provider_events_at"), "provider_events", ["at"])
    op.create_table(
        "test_payments",
        sa.Column("id", Text, nullable=False),
        sa.Column("label", Text, nullable=False),
        sa.Column("amount", Integer, nullable=False),
        sa.Column("currency", Text, nullable=False),
        sa.Column("return_url", Text, nullable=False),
        sa.Column("takes_at_once", Integer, nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("captured", Integer, nullable=False),
        sa.Column("failure", Text),
        sa.Column("outcome", Text),
        sa.Column("settles_as", Text),
        sa.Column("settles_at", Text),
        sa.Column("ends_at", Text, nullable=False),
        sa.CheckConstraint(
            "state = 'open' OR state = 'processing' OR state = 'authorised' OR state = 'captured' OR state = 'failed' OR state = 'cancelled'",
            name=op.f("ck_test_payments_state"),
        ),
        sa.CheckConstraint(
            "outcome = 'success' OR outcome = 'decline' OR outcome = 'challenge' OR outcome = 'delayed_success' OR outcome = 'delayed_failure' OR outcome = 'abandon'",
            name=op.f("ck_test_payments_outcome"),
        ),
        sa.CheckConstraint(
            "settles_as = 'captured' OR settles_as = 'authorised' OR settles_as = 'failed'",
            name=op.f("ck_test_payments_settles_as"),
        ),
        sa.CheckConstraint("captured BETWEEN 0 AND amount", name=op.f("ck_test_payments_captured")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_payments")),
        sqlite_strict=True,
    )
    op.create_table(
        "test_refunds",
        sa.Column("id", Text, nullable=False),
        sa.Column("payment_id", Text, nullable=False),
        sa.Column("amount", Integer, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_test_refunds_amount")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["test_payments.id"], name=op.f("fk_test_refunds_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_refunds")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_test_refunds_payment_id"), "test_refunds", ["payment_id"])
    op.create_table(
        "entitlements",
        sa.Column("id", Text, nullable=False),
        sa.Column("order_id", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("path", Text),
        sa.Column("media", Text),
        sa.Column("name", Text, nullable=False),
        sa.Column("limit", Integer, nullable=False),
        sa.Column("used", Integer, nullable=False),
        sa.Column("expires_at", Text),
        sa.Column("revoked_at", Text),
        sa.CheckConstraint('"limit" > 0', name=op.f("ck_entitlements_limit")),
        sa.CheckConstraint("used >= 0", name=op.f("ck_entitlements_used")),
        sa.CheckConstraint("(path IS NULL) <> (media IS NULL)", name=op.f("ck_entitlements_media")),
        sa.ForeignKeyConstraint(
            ["order_id", "position"],
            ["order_lines.order_id", "order_lines.position"],
            name=op.f("fk_entitlements_order_id_position"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlements")),
        sa.UniqueConstraint(
            "order_id", "position", "path", name=op.f("uq_entitlements_order_id_position_path")
        ),
        sa.UniqueConstraint(
            "order_id", "position", "media", name=op.f("uq_entitlements_order_id_position_media")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "download_links",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("token", Text, nullable=False),
        sa.Column("entitlement_id", Text, nullable=False),
        sa.Column("expires_at", Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["entitlement_id"], ["entitlements.id"], name=op.f("fk_download_links_entitlement_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_download_links")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_download_links_entitlement_id"), "download_links", ["entitlement_id"])
    op.create_index(op.f("ix_download_links_expires_at"), "download_links", ["expires_at"])
    for statement in WORDS_AND_GUARDS[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE item_words")
    op.execute("DROP TABLE article_words")
    op.drop_table("coupon_redemptions")
    op.drop_table("tax_rates")
    op.drop_table("shipping_methods")
    op.drop_table("coupons")
    op.drop_table("refunds")
    op.drop_table("test_refunds")
    op.drop_table("test_payments")
    op.drop_table("provider_events")
    op.drop_table("download_links")
    op.drop_table("entitlements")
    op.drop_table("redirects")
    op.drop_table("feed_losses")
    op.drop_table("fulfilment_lines")
    op.drop_table("stock_movements")
    op.drop_table("source_variants")
    op.drop_table("guest_networks")
    op.drop_table("order_tokens")
    op.drop_table("payments")
    op.drop_table("order_lines")
    op.drop_table("order_events")
    op.drop_table("fulfilments")
    op.drop_table("article_authors")
    op.drop_table("variants")
    op.drop_table("sessions")
    op.drop_table("orders")
    op.drop_table("item_terms")
    op.drop_table("item_slugs")
    op.drop_table("comments")
    op.drop_table("authors")
    op.drop_table("article_terms")
    op.drop_table("article_slugs")
    op.drop_table("api_keys")
    op.drop_table("terms")
    op.drop_table("origins")
    op.drop_table("login_networks")
    op.drop_table("limit_uses")
    op.drop_table("login_challenges")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
    op.drop_table("login_codes")
    op.drop_table("mail_tokens")
    op.drop_table("media_uses")
    op.drop_table("media_files")
    op.drop_table("media")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_secrets")
    op.drop_table("webhooks")
    op.drop_table("mail_texts")
    op.drop_table("mails")
    op.drop_table("jobs")
    op.drop_table("imports")
    op.drop_table("events")
    op.drop_table("audit_events")
    op.drop_table("setup_links")
    op.drop_table("login_failures")
    op.drop_table("items")
    op.drop_table("idempotency_records")
    op.drop_table("articles")
    op.drop_table("accounts")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION stock_movements_refuse()")
        op.execute("DROP FUNCTION audit_events_refuse()")
