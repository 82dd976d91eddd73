"""The models of SQLAlchemy's ORM for Flask and FastAPI; relations are loaded by `selectinload`."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, ForeignKey, Select, Table, create_engine, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    defer,
    mapped_column,
    relationship,
    selectinload,
    sessionmaker,
)

from bench.peers import place


class Base(DeclarativeBase):
    """The base of all models."""


article_terms = Table(
    "article_terms",
    Base.metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("term_id", ForeignKey("terms.id"), primary_key=True),
    Column("position"),
)
article_authors = Table(
    "article_authors",
    Base.metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("author_id", ForeignKey("authors.id"), primary_key=True),
    Column("position"),
)


class Term(Base):
    """A tag or a category."""

    __tablename__ = "terms"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    slug: Mapped[str]
    name: Mapped[str]


class Author(Base):
    """A byline."""

    __tablename__ = "authors"

    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]


class Article(Base):
    """An article with its relations."""

    __tablename__ = "articles"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str]
    type: Mapped[str]
    slug: Mapped[str]
    title: Mapped[str]
    excerpt: Mapped[str | None]
    language: Mapped[str | None]
    image_id: Mapped[str | None]
    image_url: Mapped[str | None]
    image_alt: Mapped[str | None]
    format: Mapped[str]
    featured: Mapped[bool]
    comment_policy: Mapped[str]
    comment_count: Mapped[int]
    publish_at: Mapped[str]
    listed_at: Mapped[str]
    created_at: Mapped[str]
    updated_at: Mapped[str]
    body: Mapped[str]
    body_html: Mapped[str]

    authors: Mapped[list[Author]] = relationship(
        secondary=article_authors, order_by=article_authors.c.position, viewonly=True
    )
    terms: Mapped[list[Term]] = relationship(
        secondary=article_terms, order_by=article_terms.c.position, viewonly=True
    )

    @property
    def tags(self) -> list[Term]:
        return [term for term in self.terms if term.kind == "tag"]

    @property
    def categories(self) -> list[Term]:
        return [term for term in self.terms if term.kind == "category"]

    @property
    def image(self) -> dict[str, str | None] | None:
        if self.image_id is None:
            return None
        return {"id": self.image_id, "url": self.image_url, "alt": self.image_alt}

    @property
    def status(self) -> str:
        return "published"

    @property
    def published_at(self) -> str:
        return self.publish_at

    @property
    def url(self) -> str:
        return place.article_url(self.slug)


def _engine():
    # Each of the threads that the framework starts finds a connection.
    return create_engine(f"sqlite:///{place.DATABASE}", pool_size=40)


Session = sessionmaker(_engine(), expire_on_commit=False)


def newest() -> Select[tuple[Article]]:
    """The newest published articles, without their texts."""
    return (
        select(Article)
        .where(Article.type == "article", Article.publish_at.is_not(None), Article.listed_at <= _now())
        .order_by(Article.listed_at.desc(), Article.id.desc())
        .limit(place.PAGE)
        .options(
            defer(Article.body),
            defer(Article.body_html),
            selectinload(Article.authors),
            selectinload(Article.terms),
        )
    )


def named(slug: str) -> Select[tuple[Article]]:
    """The published article of that slug."""
    return (
        select(Article)
        .where(Article.slug == slug, Article.publish_at <= _now())
        .options(selectinload(Article.authors), selectinload(Article.terms))
    )


def _now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
