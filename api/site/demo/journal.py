"""The demonstration's articles and comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from api.articles.comments import republishing
from api.articles.comments.records import Comment
from api.articles.comments.republishing import Republication
from api.articles.writing import publication, visibility
from api.articles.writing import rules as articles
from api.articles.writing.drafts import ArticleDraft, typeset
from api.roles import Viewer
from api.site.demo.events import Event, People, read
from api.storage import Transaction
from api.text import markup
from api.text.images import ImageDraft


def events(people: People) -> Iterator[Event]:
    """Every article being written and published, and every comment on it."""
    for article in read("articles"):
        published = article.get("published_days_ago")
        author = people[article["author"]]
        yield (
            published or 1,
            partial(_write, draft=_draft(article), author=author, publish=published is not None),
        )
        yield from _thread(article["slug"], article.get("comments", ()), people, [])


def _write(tx: Transaction, *, draft: ArticleDraft, author: Viewer, publish: bool) -> None:
    written = articles.create(tx, draft, actor=author)
    if publish:
        publication.publish(tx, written, publish_at=tx.now)


def _draft(article: dict[str, Any]) -> ArticleDraft:
    return ArticleDraft(
        title=article["title"],
        text=typeset(article["body"], "markdown"),
        type=article.get("type", "article"),
        slug=article["slug"],
        excerpt=article.get("excerpt"),
        language=article["language"],
        image=ImageDraft(**article["image"]) if "image" in article else None,
        tags=tuple(article.get("tags", ())),
        categories=tuple(article.get("categories", ())),
        featured=article.get("featured", False),
        comment_policy=article.get("comment_policy", "open"),
    )


def _thread(
    slug: str, said: Sequence[dict[str, Any]], people: People, answered: list[Comment]
) -> Iterator[Event]:
    """`answered` holds the comment that these reply to, once it exists."""
    for comment in said:
        made: list[Comment] = []
        by = people[comment["by"]]
        yield comment["days_ago"], partial(_say, slug=slug, said=comment, by=by, answered=answered, made=made)
        yield from _thread(slug, comment.get("replies", ()), people, made)


def _say(
    tx: Transaction,
    *,
    slug: str,
    said: dict[str, Any],
    by: Viewer,
    answered: list[Comment],
    made: list[Comment],
) -> None:
    parent = answered[0] if answered else None
    comment = Republication(
        account_id=by.id,
        author_name=by.name,
        body=said["body"],
        body_html=markup.render_comment(said["body"]),
        status=said.get("status", "approved"),
    )
    article = visibility.find(tx, ref=slug, viewer=None)
    made.append(republishing.create(tx, comment, article_id=article.id, parent=parent))
