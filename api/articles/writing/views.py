"""What clients of articles are shown."""

from __future__ import annotations

from typing import Any

import msgspec

from api.articles.writing.addresses import article_url
from api.articles.writing.records import Article, ArticleStatus, ArticleType, CommentPolicy
from api.text.fields import Time
from api.text.markup import Format


class NamedView(msgspec.Struct):
    """A tag, category or author by name and slug."""

    name: str
    slug: str


class ImageView(msgspec.Struct):
    """An image by address."""

    id: str
    url: str
    alt: str


class ArticleSummaryView(msgspec.Struct, kw_only=True):
    """An article as lists show it: without its text."""

    id: str
    type: ArticleType
    slug: str
    title: str
    status: ArticleStatus
    excerpt: str | None
    language: str | None
    image: ImageView | None
    format: Format
    authors: list[NamedView]
    tags: list[NamedView]
    categories: list[NamedView]
    featured: bool
    comment_policy: CommentPolicy
    comment_count: int
    publish_at: Time | None
    published_at: Time | None
    created_at: Time
    updated_at: Time
    url: str


class ArticleView(ArticleSummaryView, kw_only=True):
    """An article with its text: `body` as it was written, `body_html` sanitised."""

    body: str
    body_html: str


def summary_view(article: Article, site: str) -> ArticleSummaryView:
    """An article for a list; its address is on `site`."""
    return ArticleSummaryView(**_members(article, site))


def article_view(article: Article, site: str) -> ArticleView:
    """An article whole; its address is on `site`."""
    return ArticleView(**_members(article, site), body=article.body, body_html=article.body_html)


def _members(article: Article, site: str) -> dict[str, Any]:
    image = article.image
    return {
        "id": article.id,
        "type": article.type,
        "slug": article.slug,
        "title": article.title,
        "status": article.status,
        "excerpt": article.excerpt,
        "language": article.language,
        "image": ImageView(image.id, image.url, image.alt) if image else None,
        "format": article.format,
        "authors": [NamedView(author.name, author.slug) for author in article.authors],
        "tags": [NamedView(tag.name, tag.slug) for tag in article.tags],
        "categories": [NamedView(category.name, category.slug) for category in article.categories],
        "featured": article.featured,
        "comment_policy": article.comment_policy,
        "comment_count": article.comment_count,
        "publish_at": article.publish_at,
        "published_at": article.publish_at if article.status == "published" else None,
        "created_at": article.created_at,
        "updated_at": article.updated_at,
        "url": article_url(site, article.slug),
    }
