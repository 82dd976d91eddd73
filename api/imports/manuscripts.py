"""Articles and comments of an export as the rules for articles take them."""

from __future__ import annotations

import html

from api.articles.writing.drafts import Manuscript, Picture, Prose, typeset
from api.imports.records import Article, Comment
from api.text import markup


def comment_html(comment: Comment) -> str:
    """The comment as safe HTML."""
    if comment.format == "markdown":
        return markup.render_comment(comment.body)
    return markup.sanitise_comment(_source(comment))


def prose_of(article: Article) -> Prose:
    """The article's text in all its forms."""
    return typeset(_source(article), "markdown" if article.format == "markdown" else "html")


def manuscript_of(article: Article, prose: Prose) -> Manuscript:
    """The article; its tags and categories are put by themselves."""
    image = article.image
    return Manuscript(
        title=article.title,
        prose=prose,
        type=article.type,
        slug=article.slug,
        excerpt=article.excerpt or None,
        language=article.language,
        image=Picture(image.url, image.alt) if image else None,
        featured=article.featured,
        comment_policy=article.comment_policy,
    )


def _source(row: Article | Comment) -> str:
    return _paragraphs(row.body) if row.format == "text" else row.body


def _paragraphs(text: str) -> str:
    """Plain text as HTML: a blank line between paragraphs, and lines kept."""
    paragraphs = (html.escape(part).replace("\n", "<br>") for part in text.split("\n\n") if part.strip())
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
