"""Articles, their authors, comments and former slugs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.storage import Integer, Text

revision = "0002"
down_revision = "0001"

# The search index has no form that both databases know.
WORDS = {
    "sqlite": [
        "CREATE VIRTUAL TABLE article_words USING fts5(title, tags, body, tokenize = 'ascii', detail = 'column')"
    ],
    "postgresql": [
        "CREATE TABLE article_words (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX ix_article_words_words ON article_words USING gin (words)",
    ],
}


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("number", Integer, nullable=False),
        sa.Column("id", Text, nullable=False),
        sa.Column("type", Text, nullable=False),
        sa.Column("slug", Text, nullable=False),
        sa.Column("title", Text, nullable=False),
        sa.Column("excerpt", Text, nullable=True),
        sa.Column("language", Text, nullable=True),
        sa.Column("image_id", Text, nullable=True),
        sa.Column("image_url", Text, nullable=True),
        sa.Column("image_alt", Text, nullable=True),
        sa.Column("format", Text, nullable=False),
        sa.Column("featured", Integer, nullable=False),
        sa.Column("comment_policy", Text, nullable=False),
        sa.Column("comment_count", Integer, server_default="0", nullable=False),
        sa.Column("publish_at", Text, nullable=True),
        sa.Column("listed_at", Text, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("updated_at", Text, nullable=False),
        sa.Column("source", Text, nullable=True),
        sa.Column("external_id", Text, nullable=True),
        sa.Column("fingerprint", Text, nullable=True),
        sa.Column("body", Text, nullable=False),
        sa.Column("body_html", Text, nullable=False),
        sa.CheckConstraint("comment_policy IN ('open', 'closed')", name=op.f("ck_articles_comment_policy")),
        sa.CheckConstraint("format IN ('markdown', 'html')", name=op.f("ck_articles_format")),
        sa.CheckConstraint("type IN ('article', 'page')", name=op.f("ck_articles_type")),
        sa.CheckConstraint("(image_id IS NULL) = (image_url IS NULL)", name=op.f("ck_articles_image")),
        sa.CheckConstraint("comment_count >= 0", name=op.f("ck_articles_comment_count")),
        sa.CheckConstraint("featured IN (0, 1)", name=op.f("ck_articles_featured")),
        sa.CheckConstraint(
            "listed_at = coalesce(publish_at, created_at)", name=op.f("ck_articles_listed_at")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_articles")),
        sa.UniqueConstraint("id", name=op.f("uq_articles_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_articles_slug")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_articles_source_external_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_articles_dated",
        "articles",
        ["type", "listed_at", "id"],
        unique=False,
        sqlite_where=sa.text("publish_at IS NOT NULL"),
        postgresql_where=sa.text("publish_at IS NOT NULL"),
    )
    op.create_index(
        "ix_articles_drafts",
        "articles",
        ["type", "listed_at", "id"],
        unique=False,
        sqlite_where=sa.text("publish_at IS NULL"),
        postgresql_where=sa.text("publish_at IS NULL"),
    )
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
    op.create_index(op.f("ix_article_slugs_article_id"), "article_slugs", ["article_id"], unique=False)
    op.create_table(
        "article_terms",
        sa.Column("article_id", Text, nullable=False),
        sa.Column("term_id", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("type", Text, nullable=False),
        sa.Column("publish_at", Text, nullable=True),
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
        "ix_article_terms_newest",
        "article_terms",
        ["term_id", "type", "publish_at", "article_id"],
        unique=False,
    )
    op.create_table(
        "authors",
        sa.Column("id", Text, nullable=False),
        sa.Column("slug", Text, nullable=False),
        sa.Column("name", Text, nullable=False),
        sa.Column("account_id", Text, nullable=True),
        sa.Column("source", Text, nullable=True),
        sa.Column("external_id", Text, nullable=True),
        sa.Column("fingerprint", Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_authors_account_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authors")),
        sa.UniqueConstraint("account_id", name=op.f("uq_authors_account_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_authors_slug")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_authors_source_external_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "comments",
        sa.Column("id", Text, nullable=False),
        sa.Column("article_id", Text, nullable=False),
        sa.Column("parent_id", Text, nullable=True),
        sa.Column("path", Text, nullable=False),
        sa.Column("account_id", Text, nullable=True),
        sa.Column("author_name", Text, nullable=False),
        sa.Column("body", Text, nullable=False),
        sa.Column("body_html", Text, nullable=False),
        sa.Column("status", Text, nullable=False),
        sa.Column("created_at", Text, nullable=False),
        sa.Column("source", Text, nullable=True),
        sa.Column("external_id", Text, nullable=True),
        sa.Column("fingerprint", Text, nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'spam', 'trash')", name=op.f("ck_comments_status")
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
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_comments_source_external_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_comments_account_id"), "comments", ["account_id"], unique=False)
    op.create_index(op.f("ix_comments_parent_id"), "comments", ["parent_id"], unique=False)
    op.create_index("ix_comments_status_id", "comments", ["status", "id"], unique=False)
    op.create_index("ix_comments_thread", "comments", ["article_id", "status", "path"], unique=False)
    op.create_table(
        "article_authors",
        sa.Column("article_id", Text, nullable=False),
        sa.Column("author_id", Text, nullable=False),
        sa.Column("position", Integer, nullable=False),
        sa.Column("type", Text, nullable=False),
        sa.Column("publish_at", Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_authors_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name=op.f("fk_article_authors_author_id")),
        sa.PrimaryKeyConstraint("article_id", "author_id", name=op.f("pk_article_authors")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_article_authors_newest",
        "article_authors",
        ["author_id", "type", "publish_at", "article_id"],
        unique=False,
    )
    for statement in WORDS[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE article_words")
    op.drop_table("article_authors")
    op.drop_table("comments")
    op.drop_table("authors")
    op.drop_table("article_terms")
    op.drop_table("article_slugs")
    op.drop_table("articles")
