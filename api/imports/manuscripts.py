"""The articles and comments of an export, as drafts."""

from __future__ import annotations

import html
from collections.abc import Sequence

from api.articles.authors.records import Author
from api.articles.comments.republishing import Republication as RepublishedComment
from api.articles.writing.drafts import ArticleDraft, RichText, typeset
from api.articles.writing.republishing import Republication
from api.imports.records import Article, Comment
from api.taxonomy.records import Term
from api.text import markup
from api.text.images import ImageDraft
from api.times import Instant, instant


def text_of(article: Article) -> RichText:
    """The article's text in all its forms."""
    return typeset(_source(article), "markdown" if article.format == "markdown" else "html")


def comment_html(comment: Comment) -> str:
    """The comment as safe HTML."""
    if comment.format == "markdown":
        return markup.render_comment(comment.body)
    return markup.sanitise_comment(_source(comment))


def republication(
    article: Article,
    text: RichText,
    *,
    bylines: Sequence[Author],
    tags: Sequence[Term],
    categories: Sequence[Term],
    undated: Instant,
) -> Republication:
    """The article with its dates; what is public there without one is dated `undated`."""
    image, moment = article.image, article.publish_at or article.created_at
    return Republication(
        draft=ArticleDraft(
            title=article.title,
            text=text,
            type=article.type,
            slug=article.slug,
            excerpt=article.excerpt or None,
            language=article.language,
            image=ImageDraft(image.url, image.alt) if image else None,
            featured=article.featured,
            comment_policy=article.comment_policy,
        ),
        bylines=bylines,
        tags=tags,
        categories=categories,
        old_slugs=article.old_slugs,
        publish_at=None if article.status == "draft" else instant(moment) if moment else undated,
        created_at=instant(article.created_at) if article.created_at else None,
        updated_at=instant(article.updated_at) if article.updated_at else None,
    )


def republished_comment(comment: Comment, body_html: str) -> RepublishedComment:
    """The comment with its time."""
    return RepublishedComment(
        author_name=comment.author_name,
        body=comment.body,
        body_html=body_html,
        status=comment.status,
        created_at=instant(comment.created_at) if comment.created_at else None,
    )


def _source(row: Article | Comment) -> str:
    return _paragraphs(row.body) if row.format == "text" else row.body


def _paragraphs(text: str) -> str:
    """Plain text as HTML: a blank line between paragraphs, and lines kept."""
    paragraphs = (html.escape(part).replace("\n", "<br>") for part in text.split("\n\n") if part.strip())
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
