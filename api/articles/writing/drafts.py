"""Articles as somebody wants them, the slow work on their text done before a transaction begins."""

from __future__ import annotations

from msgspec import Struct

from api.articles.writing.records import Article, ArticleType, CommentPolicy
from api.storage import search
from api.text import markup
from api.text.images import ImageDraft
from api.text.markup import Format


class RichText(Struct, frozen=True):
    """A text in all its forms; `words` are those that a search finds, each once."""

    source: str
    format: Format
    html: str
    words: str


class ArticleDraft(Struct, frozen=True, kw_only=True):
    """A whole article; without a slug it keeps its own, or gets one from the title.

    None keeps the terms, and the authors (slugs), which for a new article are the account that creates it.
    """

    title: str
    text: RichText
    type: ArticleType = "article"
    slug: str | None = None
    excerpt: str | None = None
    language: str | None = None
    image: ImageDraft | None = None
    authors: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    featured: bool = False
    comment_policy: CommentPolicy = "open"


def typeset(source: str, format: Format) -> RichText:
    """Render a text and find its words; up to a second for the longest."""
    return _rich(source, format, markup.render(source, format))


def text_of(article: Article) -> RichText:
    """The text that an article has."""
    return _rich(article.body, article.format, article.body_html)


def _rich(source: str, format: Format, html: str) -> RichText:
    return RichText(source, format, html, " ".join(sorted(set(search.words(markup.text_of(html))))))
