"""Articles made of the posts and pages of a WordPress export."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from api.imports import dates, text
from api.imports.embeds import linked
from api.imports.notes import MAX_SUMMARY, Notes, RowNotes, cut_body
from api.imports.paragraphs import paragraphed
from api.imports.records import Article, ArticleStatus, Image
from api.imports.wxr.blocks import Blocks
from api.imports.wxr.rows import Post
from api.imports.wxr.shortcodes import Shortcodes
from api.imports.wxr.terms import Terms

_SHORTCODE = re.compile(r"(?<!\[)\[(audio|caption|embed|gallery|playlist|video|wp_caption)\b[^\]]*\]")
_LANGUAGE_MARK = re.compile(r"\[:[a-z]{2}\]|\{:[a-z]{2}\}|<!--:[a-z]{2}-->")
_DESCRIPTIONS = (
    "_yoast_wpseo_metadesc",
    "rank_math_description",
    "_aioseo_description",
    "_aioseop_description",
)


class Articles:
    """Posts and pages with the terms and images of the rest of the file."""

    def __init__(
        self,
        terms: Terms,
        blocks: Blocks,
        images: Mapping[str, Image],
        attached: Mapping[str, Sequence[str]],
        notes: Notes,
        now: datetime,
    ) -> None:
        self._terms = terms
        self._blocks = blocks
        self._images = images
        self._notes = notes
        self._now = now
        self.shown: set[str] = set()
        self._shortcodes = Shortcodes(images, attached, self.shown)

    def article(self, post: Post) -> Article:
        """The article of a post or page."""
        notes = self._notes.row(post.type, post.external_id, post.label)
        published = post.published_at
        hidden = _hidden_because(post)
        status: ArticleStatus = "draft" if hidden else self._status(post, published, notes)
        return Article(
            external_id=post.external_id,
            type="page" if post.type == "page" else "article",
            title=notes.name(post.title, "title", _titles_for(post)),
            slug=notes.slug(post.slug),
            body=self._body(post, notes),
            format="html",
            status=status,
            excerpt=notes.cut(
                text.plain(post.excerpt or post.first(summary_key(post))), MAX_SUMMARY, "excerpt"
            ),
            publish_at=published if status != "draft" else None,
            created_at=published,
            updated_at=dates.first_known(post.modified_gmt, post.modified),
            authors=self._terms.authors_of(post),
            categories=self._terms.categories_of(post),
            tags=notes.tags(self._terms.tags_of(post)),
            featured=post.sticky,
            image=self._image(post, notes),
            comment_policy="open" if post.comments_open else "closed",
            old_slugs=post.old_slugs,
            hidden_because=hidden,
            addresses=post.addresses(self._terms.site),
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

    def _body(self, post: Post, notes: RowNotes) -> str:
        """The body as WordPress shows it, as far as the file holds its parts."""
        if any(":" in written and _LANGUAGE_MARK.search(written) for written in (post.title, post.body)):
            notes.warn("it holds several languages (marks of qTranslate), which are all shown")
        body = self._blocks.put_in(notes.cut_body(post.body), post, notes)
        body = linked(self._shortcodes.rendered(body, post.id, notes), notes)
        for shortcode in sorted(set(_SHORTCODE.findall(body))) if "[" in body else ():
            notes.warn(f"the shortcode [{shortcode}] is shown as text")
        return cut_body(paragraphed(body))

    def _image(self, post: Post, notes: RowNotes) -> Image | None:
        image_id = post.first("_thumbnail_id")
        if image_id in {"", "0", "-1"}:
            return None
        self.shown.add(image_id)
        if image_id not in self._images:
            notes.warn("its image is not in this file")
        return self._images.get(image_id)


def summary_key(post: Post) -> str:
    """The meta key of the description for search engines that stands in for a missing excerpt, or empty."""
    texts = {key: post.first(key) for key in _DESCRIPTIONS}
    return "" if post.excerpt else next((key for key, text in texts.items() if text and "%" not in text), "")


def _titles_for(post: Post) -> Iterator[str]:
    """What stands in for a missing title."""
    yield (post.slug or "").replace("-", " ").strip()
    yield text.plain(post.body)[:60]


def _hidden_because(post: Post) -> str | None:
    if post.password:
        return "password protected"
    return "private" if post.status == "private" else None
