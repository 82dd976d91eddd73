"""Rows of a small blog, and what has become of them here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from api.articles.comments import queries as comment_queries
from api.articles.writing import publication, visibility
from api.articles.writing.records import Article
from api.imports import records
from api.storage import Keyset
from tests.factories import make_viewer

ADA = records.Author(external_id="ada", name="Ada", slug="ada-l")
SEA = records.Tag(external_id="sea", name="Sea")
DAY = datetime(2009, 5, 1, 10, tzinfo=UTC)
PUBLISHED = "2009-05-01T10:00:00.000Z"
WITHHELD = records.Withheld(kind="article", external_id="post:1", title="Fog", slug="fog", created_at=DAY)


def row(**fields: Any) -> records.Article:
    """A post that is public there."""
    told = {
        "external_id": "post:1",
        "type": "article",
        "title": "Fog",
        "slug": None,
        "body": "<p>x</p>",
        "format": "html",
        "status": "published",
        "publish_at": DAY,
        "created_at": DAY,
        "updated_at": datetime(2010, 1, 1, tzinfo=UTC),
        "authors": (ADA,),
        "tags": (SEA,),
    }
    return records.Article(**told | fields)


def draft(**fields: Any) -> records.Article:
    return row(**{"status": "draft", "publish_at": None} | fields)


def answer(external_id: str, **fields: Any) -> records.Comment:
    """A comment that is approved there."""
    told = {
        "external_id": external_id,
        "article_external_id": "post:1",
        "parent_external_id": None,
        "author_name": "Cy",
        "body": external_id,
        "format": "text",
        "status": "approved",
        "created_at": DAY,
    }
    return records.Comment(**told | fields)


def article(tx, name: str = "fog") -> Article:
    return visibility.find(tx, ref=name, viewer=None)


def outcomes(report) -> dict[str, int]:
    """Of articles."""
    return {outcome: count for (kind, outcome), count in report.done.items() if kind == "articles"}


def publish_here(tx, name: str) -> None:
    editor = make_viewer(tx, role="editor")
    publication.publish(tx, visibility.find(tx, ref=name, viewer=editor), publish_at=None)


def thread(tx, article_id: str) -> list[str]:
    return [
        comment.author_name
        for comment in comment_queries.list_thread(tx, Keyset("", 9), article_id=article_id, account_id=None)
    ]
