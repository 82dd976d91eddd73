"""Articles and comments of an export as the rules for articles take them."""

from __future__ import annotations

import html

from api.articles.writing.drafts import ArticleDraft, RichText, typeset
from api.imports.records import Article, Comment
from api.text import markup
from api.text.images import ImageDraft


def comment_html(comment: Comment) -> str:
    """The comment as safe HTML."""
    if comment.format == "markdown":
        return markup.render_comment(comment.body)
    return markup.sanitise_comment(_source(comment))


def text_of(article: Article) -> RichText:
    """The article's text in all its forms."""
    return typeset(_source(article), "markdown" if article.format == "markdown" else "html")


def draft_of(article: Article, text: RichText) -> ArticleDraft:
    """The article; its tags and categories are put by themselves."""
    image = article.image
    return ArticleDraft(
        title=article.title,
        text=text,
        type=article.type,
        slug=article.slug,
        excerpt=article.excerpt or None,
        language=article.language,
        image=ImageDraft(image.url, image.alt) if image else None,
        featured=article.featured,
        comment_policy=article.comment_policy,
    )


def _source(row: Article | Comment) -> str:
    return _paragraphs(row.body) if row.format == "text" else row.body


def _paragraphs(text: str) -> str:
    """Plain text as HTML: a blank line between paragraphs, and lines kept."""
    paragraphs = (html.escape(part).replace("\n", "<br>") for part in text.split("\n\n") if part.strip())
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
