"""The rows of a WordPress export of any version, with Python names."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from api.imports import dates, text
from api.imports.wxr.xmlstream import Row

EXPORT_NAMESPACE = re.compile(r"https?://wordpress\.org/export/(?P<version>[\d.]+)/?(?P<part>excerpt/)?")
VERSIONS = {"1.0", "1.1", "1.2"}
_POSITION = re.compile(r"-?\d{1,18}")
_PREFIXES = {"http://purl.org/rss/1.0/modules/content/": "content", "http://purl.org/dc/elements/1.1/": "dc"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A category, tag or other term, as a row names it."""

    domain: str
    slug: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A comment, pingback, trackback or review."""

    id: str
    parent: str
    kind: str
    approved: str
    author: str
    date: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A row of any type; its dates are still text."""

    line: int
    column: int
    type: str
    id: str
    title: str
    link: str
    creator: str
    body: str
    excerpt: str
    slug: str | None
    status: str
    parent: str
    position: int
    password: bool
    sticky: bool
    date: str
    date_gmt: str
    modified: str
    modified_gmt: str
    mailed: str
    comments_open: bool
    attachment_url: str
    terms: list[Term] = field(default_factory=list)
    meta: dict[str, list[str]] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)

    @property
    def external_id(self) -> str:
        """Ids are unique within a type only."""
        return f"{self.type}:{self.id}"

    def addresses(self, site: str | None) -> tuple[str, ...]:
        """The paths on the old site: the permalink, and the one that WordPress has without permalinks."""
        query = {"page": "page_id"}.get(self.type, "p")
        numbered = f"{base_path(site)}/?{query}={self.id}" if self.id.isdecimal() else ""
        return tuple(dict.fromkeys(filter(None, (path_of(self.link), numbered))))

    @property
    def traits(self) -> tuple[str | None, ...]:
        """Two rows of one id are one thing if any of these agrees."""
        return text.plain(self.title) or None, self.slug, self.date or None

    @property
    def label(self) -> str:
        """A name for the row in reports."""
        return text.plain(self.title)[:100] or self.slug or self.external_id

    @property
    def published_at(self) -> datetime | None:
        """The UTC date, else the local one, else that of the feed: unknown ones are filled with zeros."""
        return dates.first_known(self.date_gmt, self.date) or dates.mail_date(self.mailed)

    @property
    def old_slugs(self) -> tuple[str, ...]:
        return tuple(slug for old in self.meta.get("_wp_old_slug", ()) if (slug := text.slug(old)))

    def first(self, key: str) -> str:
        """The first value of a meta key, or empty."""
        return next(iter(self.meta.get(key, ())), "")

    def in_domain(self, domain: str) -> Iterator[Term]:
        """The terms of one taxonomy."""
        return (term for term in self.terms if term.domain == domain)


def base_path(site: str | None) -> str:
    """The folder of the old site on its host, which old addresses begin with."""
    return urlsplit(site or "").path.rstrip("/")


def path_of(link: str) -> str:
    """The path of a link with its query, or empty."""
    with suppress(ValueError):
        parts = urlsplit(link)
        return urlunsplit(("", "", parts.path, parts.query, ""))
    return ""


def values(element: Element) -> dict[str, str]:
    """The children of an element by short name; of a repeated one, the first."""
    by_name: dict[str, str] = {}
    for child in element:
        by_name.setdefault(name(child.tag), text.clean(child.text))
    return by_name


def post(row: Row) -> Post:
    """A row of the channel as a post of whatever type."""
    v = values(row.element)
    return Post(
        line=row.line,
        column=row.column,
        type=v.get("wp:post_type", ""),
        id=_id(v),
        title=v.get("title", ""),
        link=v.get("link", ""),
        creator=v.get("dc:creator", ""),
        body=v.get("content:encoded", ""),
        excerpt=v.get("excerpt:encoded", ""),
        slug=text.slug(v.get("wp:post_name")),
        status=v.get("wp:status", ""),
        parent=v.get("wp:post_parent", "") or "0",
        position=int(order) if _POSITION.fullmatch(order := v.get("wp:menu_order", "")) else 0,
        password=bool(v.get("wp:post_password")),
        sticky=v.get("wp:is_sticky") == "1",
        date=v.get("wp:post_date", ""),
        date_gmt=v.get("wp:post_date_gmt", ""),
        modified=v.get("wp:post_modified", ""),
        modified_gmt=v.get("wp:post_modified_gmt", ""),
        mailed=v.get("pubDate", ""),
        comments_open=v.get("wp:comment_status") == "open",
        attachment_url=v.get("wp:attachment_url", "") or v.get("guid", ""),
        terms=[_term(child) for child in row.element if child.tag == "category"],
        meta=_meta(row.element),
        replies=[_reply(child) for child in row.element if name(child.tag) == "wp:comment"],
    )


def _id(v: Mapping[str, str]) -> str:
    """The id, or one derived from the content: converters leave it out, or number every row 0."""
    written = v.get("wp:post_id", "")
    if written and written.strip("-0"):
        return written
    slug = v.get("wp:post_name", "").removesuffix("__trashed")
    return text.derived(v.get("guid") or slug or (v.get("link"), v.get("title"), v.get("wp:post_date")))


@lru_cache(maxsize=512)
def name(tag: str) -> str:
    """`wp:post_id` for `{https://wordpress.org/export/1.1/}post_id`, whatever prefix the file uses."""
    if not tag.startswith("{"):
        return tag
    uri, _, local = tag[1:].partition("}")
    if match := EXPORT_NAMESPACE.fullmatch(uri):
        return f"{'excerpt' if match['part'] else 'wp'}:{local}"
    return f"{_PREFIXES.get(uri, uri)}:{local}"


def taxonomy_of(written: str) -> str:
    """The taxonomy as files of today name it: WXR 1.0 has `tag`, and attributes may be percent-encoded."""
    if written.startswith("pa_"):
        return text.slug(written) or written
    return "post_tag" if written == "tag" else written


def _term(element: Element) -> Term:
    return Term(
        domain=taxonomy_of(element.get("domain") or "category"),
        slug=text.slug(element.get("nicename")),
        name=text.plain(element.text),
    )


def _meta(element: Element) -> dict[str, list[str]]:
    meta: dict[str, list[str]] = {}
    for child in element:
        if name(child.tag) == "wp:postmeta":
            v = values(child)
            meta.setdefault(v.get("wp:meta_key", ""), []).append(v.get("wp:meta_value", ""))
    return meta


def _reply(element: Element) -> Reply:
    v = values(element)
    date = v.get("wp:comment_date_gmt", "")
    if not dates.first_known(date):
        date = v.get("wp:comment_date", "")
    author, body = v.get("wp:comment_author", ""), v.get("wp:comment_content", "")
    return Reply(
        id=v.get("wp:comment_id") or text.derived(author, date, body),
        parent=v.get("wp:comment_parent", "") or "0",
        kind=v.get("wp:comment_type") or "comment",
        approved=v.get("wp:comment_approved", ""),
        author=text.plain(author),
        date=date,
        body=body,
    )
