"""Articles as somebody wants them, the slow work on their text done before a transaction begins."""

from __future__ import annotations

from dataclasses import dataclass

from api.articles.writing.records import Article, ArticleType, CommentPolicy
from api.storage import search
from api.text import markup
from api.text.markup import Format


@dataclass(frozen=True, slots=True)
class Prose:
    """A text in all its forms; `words` are those that a search finds, each once."""

    source: str
    format: Format
    html: str
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image by address."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """A whole article. `slug` None: made from the title, or kept; `tags`, `categories` None: kept."""

    title: str
    prose: Prose
    type: ArticleType = "article"
    slug: str | None = None
    excerpt: str | None = None
    language: str | None = None
    image: Picture | None = None
    tags: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    featured: bool = False
    comment_policy: CommentPolicy = "open"


def typeset(source: str, format: Format) -> Prose:
    """Render a text and find its words; up to a second for the longest."""
    return _prose(source, format, markup.render(source, format))


def as_stored(article: Article) -> Prose:
    """The text that an article has."""
    return _prose(article.body, article.format, article.body_html)


def _prose(source: str, format: Format, html: str) -> Prose:
    return Prose(source, format, html, " ".join(sorted(set(search.words(markup.text_of(html))))))
