"""Articles made of the posts and pages of a WordPress export."""

import re
from collections.abc import Mapping
from datetime import datetime

from api.imports import dates, text
from api.imports.notes import Notes, RowNotes
from api.imports.paragraphs import paragraphed
from api.imports.records import Article, ArticleStatus, Image
from api.imports.wxr_rows import Post
from api.imports.wxr_terms import MAX_SLUG, Terms

MAX_TITLE = 200
MAX_EXCERPT = 1_000
MAX_TAGS = 50
_SHORTCODE = re.compile(r"\[(audio|caption|embed|gallery|playlist|video|wp_caption)\b[^\]]*\]")


def published_at(post: Post) -> datetime | None:
    """The UTC date, else the local one, else that of the feed: unknown ones are filled with zeros."""
    return dates.first_known(post.date_gmt, post.date) or dates.mail_date(post.mailed)


class Articles:
    """Posts and pages with the terms and images of the rest of the file."""

    def __init__(self, terms: Terms, images: Mapping[str, Image], notes: Notes, now: datetime) -> None:
        self._terms = terms
        self._images = images
        self._notes = notes
        self._now = now
        self.shown: set[str] = set()

    def article(self, post: Post) -> Article:
        """The article of a post or page."""
        notes = self._notes.row(post.type, post.external_id, post.label)
        published = published_at(post)
        hidden = _hidden_because(post)
        status: ArticleStatus = "draft" if hidden else self._status(post, published, notes)
        tags = self._terms.tags_of(post)
        if len(tags) > MAX_TAGS:
            notes.warn(f"tags cut from {len(tags)} to {MAX_TAGS}")
        for shortcode in sorted(set(_SHORTCODE.findall(post.body))):
            notes.warn(f"the shortcode [{shortcode}] is shown as text")
        return Article(
            external_id=post.external_id,
            type="page" if post.type == "page" else "article",
            title=self._title(post, notes),
            slug=notes.cut(post.slug, MAX_SLUG, "slug") if post.slug else None,
            body=notes.cut_body(paragraphed(post.body)),
            format="html",
            status=status,
            excerpt=notes.cut(text.plain(post.excerpt), MAX_EXCERPT, "excerpt"),
            publish_at=published if status != "draft" else None,
            created_at=published,
            updated_at=dates.first_known(post.modified_gmt, post.modified),
            authors=self._terms.authors_of(post),
            categories=self._terms.categories_of(post),
            tags=tags[:MAX_TAGS],
            featured=post.sticky,
            image=self._image(post, notes),
            comment_policy="open" if post.comments_open else "closed",
            old_slugs=tuple(slug for old in post.meta.get("_wp_old_slug", ()) if (slug := text.slug(old))),
            hidden_because=hidden,
        )

    def _status(self, post: Post, published: datetime | None, notes: RowNotes) -> ArticleStatus:
        match post.status:
            case "publish" | "future":
                if published is None:
                    notes.warn("its date is unknown")
                    return "published" if post.status == "publish" else "draft"
                return "scheduled" if published > self._now else "published"
            case "draft" | "pending":
                return "draft"
            case other:
                notes.warn(f"its status “{other[:40]}” is unknown; it becomes a draft")
                return "draft"

    def _title(self, post: Post, notes: RowNotes) -> str:
        if title := text.plain(post.title):
            return notes.cut(title, MAX_TITLE, "title")
        notes.warn("it has no title; one was generated")
        made = (post.slug or "").replace("-", " ").strip() or text.plain(post.body)[:60] or post.external_id
        return made[:MAX_TITLE].strip()

    def _image(self, post: Post, notes: RowNotes) -> Image | None:
        image_id = post.first("_thumbnail_id")
        if image_id in {"", "0", "-1"}:
            return None
        self.shown.add(image_id)
        if image_id not in self._images:
            notes.warn("its image is not in this file")
        return self._images.get(image_id)


def _hidden_because(post: Post) -> str | None:
    if post.password:
        return "password protected"
    return "private" if post.status == "private" else None
