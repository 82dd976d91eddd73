"""Flask with SQLAlchemy's ORM: a session for each request, dictionaries that Flask turns into JSON."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort

from bench.peers.models import Article, Author, Session, Term, named, newest

app = Flask(__name__)


@app.get("/v1/articles")
def list_articles() -> dict[str, Any]:
    with Session() as session:
        return {"data": [summary(article) for article in session.scalars(newest())]}


@app.get("/v1/articles/<slug>")
def show_article(slug: str) -> dict[str, Any]:
    with Session() as session:
        article = session.scalar(named(slug))
        if article is None:
            abort(404)
        return {**summary(article), "body": article.body, "body_html": article.body_html}


def summary(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "type": article.type,
        "slug": article.slug,
        "title": article.title,
        "status": article.status,
        "excerpt": article.excerpt,
        "language": article.language,
        "image": article.image,
        "format": article.format,
        "authors": [_named(author) for author in article.authors],
        "tags": [_named(tag) for tag in article.tags],
        "categories": [_named(category) for category in article.categories],
        "featured": article.featured,
        "comment_policy": article.comment_policy,
        "comment_count": article.comment_count,
        "publish_at": article.publish_at,
        "published_at": article.published_at,
        "created_at": article.created_at,
        "updated_at": article.updated_at,
        "url": article.url,
    }


def _named(thing: Author | Term) -> dict[str, str]:
    return {"name": thing.name, "slug": thing.slug}
