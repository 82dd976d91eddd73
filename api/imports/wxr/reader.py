"""The reader of WordPress exports (WXR): articles with comments, and the products of a shop."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from api.imports import text
from api.imports.errors import ImportRefused
from api.imports.notes import MAX_NAME, Notes
from api.imports.records import REPEATED, Article, Comment, Export, Image, Withheld
from api.imports.sources import Readable, opened
from api.imports.spool import Spool
from api.imports.wxr.articles import Articles, summary_key
from api.imports.wxr.blocks import Blocks
from api.imports.wxr.comments import REVIEW, comments_of, skip_all
from api.imports.wxr.products import READ_META as PRODUCT_META
from api.imports.wxr.products import Shop
from api.imports.wxr.rows import VERSIONS, Post, name, post
from api.imports.wxr.terms import READ_TAXONOMIES, Terms
from api.imports.wxr.xmlstream import Row, UndeclaredPrefix, rows, undeclared

ARTICLES = {"post", "page"}
PRODUCTS = {"product", "product_variation"}
IMAGE_FILE = re.compile(r"\.(?:avif|bmp|gif|jpe?g|png|svg|webp)$", re.IGNORECASE)
READ_META = {"_thumbnail_id", "footnotes", "_wp_old_slug", "_wp_attachment_image_alt"}
BLANK_IN_A_SHOP = {"", "0", "no", "-1"}
"""What WooCommerce stores of a product that does not use a field."""
UNSUPPORTED = {
    "": "it has no type",
    "attachment": "not imported: no article or item uses it as its image",
    "nav_menu_item": "menus are not supported",
    "revision": "older revisions are not imported",
}


def read(source: Readable, *, currency_exponent: int = 2, now: datetime | None = None) -> Export:
    """The records of the file, or ImportRefused with line and column.

    Rows refer to later ones (an image, a parent), so all are buffered in a file before a record is made.
    `now` decides which posts are scheduled.
    """
    with opened(source) as (stream, path):
        try:
            channel = _filled(path, rows(stream, path))
        except UndeclaredPrefix:
            channel = _filled(path, rows(stream, path, undeclared(stream)))
    return channel.export(currency_exponent, now or datetime.now(UTC))


def _filled(path: str, rows: Iterable[Row]) -> "_Channel":
    channel = _Channel(path)
    for row in rows:
        channel.take(row)
    return channel


class _Channel:
    """The channel of a file, row by row."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._notes = Notes()
        self._terms = Terms(self._notes)
        self._site: str | None = None
        self._link: str | None = None
        self._known = False
        self._posts = Spool(Post)
        self._at: dict[str, int] = {}
        self._trashed: dict[str, Withheld] = {}
        self._attachments: dict[str, Image] = {}
        self._attached: dict[str, list[str]] = {}
        self._blocks = Blocks()
        self._block_labels: dict[str, str] = {}
        self._attachment_labels: dict[str, str] = {}

    def take(self, row: Row) -> None:
        """One child of the channel."""
        element = row.element
        match name(element.tag):
            case "wp:wxr_version":
                self._check_version(text.clean(element.text), row)
            case "wp:base_blog_url":
                self._site = self._terms.site = text.web_address(element.text)
            case "link":
                self._link = text.web_address(element.text)
                self._terms.site = self._terms.site or self._link
            case "wp:author":
                self._terms.declare_author(element)
            case "wp:category":
                self._terms.declare_category(element)
            case "wp:tag":
                self._terms.declare_tag(element)
            case "wp:term":
                self._terms.declare_term(element)
            case "item":
                self._sort(post(row))

    def export(self, currency_exponent: int, now: datetime) -> Export:
        """The records, once every row is known."""
        if not self._known:
            sentence = "This is an RSS feed, not a WordPress export: it has no WXR version and no post types."
            raise ImportRefused(self._path, sentence)
        articles = Articles(self._terms, self._blocks, self._attachments, self._attached, self._notes, now)
        shop = Shop(self._path, self._terms, self._attachments, self._notes, currency_exponent)
        made, replies, products = Spool(Article), Spool(Comment), list[Post]()
        for row in self._posts:
            self._account_for_the_rest_of(row)
            if row.type in PRODUCTS:
                products.append(row)
                skip_all(row, self._notes, REVIEW)
                continue
            made.append(articles.article(row))
            for reply in comments_of(row, self._notes):
                replies.append(reply)
        items = shop.items(products)
        self._account_for_blocks()
        self._account_for_attachments(articles.shown | shop.shown)
        return Export(
            format="wxr",
            source="wordpress",
            site=self._site or self._link,
            authors=self._terms.authors,
            categories=self._terms.categories,
            tags=self._terms.tags,
            articles=made,
            comments=replies,
            items=items,
            people=tuple(self._terms.people.values()),
            withheld=(*(row for id_, row in self._trashed.items() if id_ not in self._at), *shop.withheld),
            skipped=self._notes.skipped,
            warnings=self._notes.warnings,
        )

    def _check_version(self, version: str, row: Row) -> None:
        if version not in VERSIONS:
            sentence = f"WXR version “{version[:20]}” is not supported, only 1.0, 1.1 and 1.2."
            raise ImportRefused(self._path, sentence, row.line, row.column)
        self._known = True

    def _sort(self, row: Post) -> None:
        self._known = self._known or bool(row.type)
        address = text.web_address(row.attachment_url) if row.type == "attachment" else None
        if address and row.id not in self._attachments:
            alt = text.plain(row.first("_wp_attachment_image_alt"))[:1000]
            self._attachments[row.id] = Image(url=address, alt=alt)
            self._attachment_labels[row.id] = row.label
            if IMAGE_FILE.search(address):
                self._attached.setdefault(row.parent, []).append(row.id)
        elif row.type == "wp_block":
            self._blocks.add(row)
            self._block_labels[row.id] = row.label
        elif reason := self._reason_to_skip(row := self._with_its_own_id(row)):
            self._notes.skip(row.type or "item", row.external_id, row.label, reason)
        else:
            self._at[row.external_id] = len(self._posts)
            self._posts.append(row)
            return
        skip_all(row, self._notes, "the post it belongs to is not imported")

    def _reason_to_skip(self, row: Post) -> str | None:
        if row.type == "attachment":
            return "it has no valid URL, or repeats an id"
        if row.type not in ARTICLES | PRODUCTS:
            return UNSUPPORTED.get(row.type, "posts of this type are not supported")
        if row.status in {"trash", "auto-draft", "inherit"}:
            self._trashed[row.external_id] = _withheld(row)
            return f"its status is {row.status}"
        return "another row has the same type and id" if row.external_id in self._at else None

    def _with_its_own_id(self, row: Post) -> Post:
        """Converters from other systems repeat ids: another title, slug and date is another thing."""
        if (at := self._at.get(row.external_id)) is None:
            return row
        traits, others = row.traits, self._posts[at].traits
        if traits == others or any(a and a == b for a, b in zip(traits, others, strict=True)):
            return row
        return replace(row, id=f"{row.id}{REPEATED}{text.derived(row.date or row.label)}")

    def _account_for_blocks(self) -> None:
        for id_, label in self._block_labels.items():
            if id_ not in self._blocks.used:
                self._notes.skip("wp_block", f"wp_block:{id_}", label, "no post uses this reusable block")

    def _account_for_attachments(self, shown: set[str]) -> None:
        for id_, label in self._attachment_labels.items():
            if id_ not in shown:
                self._notes.skip("attachment", f"attachment:{id_}", label, UNSUPPORTED["attachment"])

    def _account_for_the_rest_of(self, row: Post) -> None:
        is_product = row.type in PRODUCTS
        read = READ_META | (PRODUCT_META if is_product else {summary_key(row)})
        blank = BLANK_IN_A_SHOP if is_product else {""}
        used = {key for key, values in row.meta.items() if key not in read and not blank.issuperset(values)}
        if row.type == "product_variation":
            used = {key for key in used if not key.startswith("attribute_")}
        for key in set(map(_family, used)):
            self._notes.unsupported("post meta", key)
        if row.type == "page" and row.parent != "0":
            self._notes.unsupported("page", "parent page")
        for domain in {t.domain for t in row.terms} - READ_TAXONOMIES:
            if not domain.startswith("pa_"):
                self._notes.unsupported("term", domain)


def _withheld(row: Post) -> Withheld:
    return Withheld(
        kind="item" if row.type in PRODUCTS else "article",
        external_id=row.external_id,
        title=text.plain(row.title)[:MAX_NAME],
        slug=row.slug.removesuffix("__trashed") if row.slug else None,  # WordPress frees the slug
        skus=tuple(filter(None, (row.first("_sku"),))),
        created_at=row.published_at,
    )


def _family(key: str) -> str:
    """One name for the many keys that end in a hash."""
    return "_oembed_*" if key.startswith("_oembed_") else key
