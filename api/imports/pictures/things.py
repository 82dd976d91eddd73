"""Articles and items that imports have brought, as far as they show pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

from msgspec import structs

from api.articles.writing import queries as article_queries
from api.articles.writing import rules as articles
from api.articles.writing.drafts import RichText
from api.articles.writing.records import Article
from api.imports.origins import queries as origins
from api.imports.origins.records import Key
from api.imports.pictures.addresses import Shown, shown_in
from api.shop.items import queries as item_queries
from api.shop.items import rules as items
from api.shop.items.records import Item
from api.storage import Database, Transaction
from api.text.images import Image, ImageDraft
from api.text.markup import Format

AT_ONCE = 50
KINDS: tuple[Literal["article", "item"], ...] = ("article", "item")


class Thing(NamedTuple):
    """An article or an item, and the site that it came from, as far as that is known."""

    kind: Literal["article", "item"]
    id: str
    site: str


class Content(NamedTuple):
    """A version of a thing: its images, and its text."""

    of: Article | Item
    version: int
    images: tuple[Image, ...]
    source: str
    format: Format
    html: str

    def elsewhere(self) -> Iterator[Shown]:
        """The pictures that it shows and that this site does not have."""
        for image in self.images:
            if image.media is None:
                yield Shown(image.url, image.alt)
        yield from shown_in(self.html)


class Changes(NamedTuple):
    """The changes of a content; None stays. A text is rendered before a transaction, since it takes time."""

    images: tuple[ImageDraft, ...] | None
    text: RichText | dict[str, Any] | None

    @property
    def html(self) -> str:
        """The new text as HTML."""
        if isinstance(self.text, RichText):
            return self.text.html
        return str(self.text["description_html"]) if self.text else ""


def list_imported(db: Database) -> Iterator[tuple[Thing, Content]]:
    """All that imports have brought and that is still there, some of it twice."""
    for kind in KINDS:
        last = Key(kind, "", "")
        while True:
            with db.read() as tx:
                page = origins.list_after(tx, last, most=AT_ONCE)
                things = [Thing(kind, local_id, _site_of(key.source)) for key, local_id in page]
                contents = [(thing, find(tx, thing)) for thing in things]
            yield from ((thing, content) for thing, content in contents if content is not None)
            if len(page) < AT_ONCE:
                break
            last = page[-1][0]


def find(tx: Transaction, thing: Thing, *, lock: bool = False) -> Content | None:
    """Its present content, if it is still there."""
    if thing.kind == "article":
        article = article_queries.find_article(tx, ref=thing.id, account_id=None, sees_all=True, lock=lock)
        if article is None:
            return None
        images = (article.image,) if article.image else ()
        return Content(article, article.version, images, article.body, article.format, article.body_html)
    item = item_queries.find_item(tx, ref=thing.id, hidden=True, lock=lock)
    if item is None:
        return None
    text = (item.description or "", item.description_format, item.description_html or "")
    return Content(item, item.version, item.images, *text)


def drafted(content: Content, images: Sequence[ImageDraft], source: str) -> Changes:
    """The changes that give a content these images and this text."""
    before = tuple(image.draft() for image in content.images)
    after = None if tuple(images) == before else tuple(images)
    if source == content.source:
        return Changes(after, None)
    if isinstance(content.of, Article):
        return Changes(after, articles.changed_text(content.of, {"body": source}))
    return Changes(after, items.described(source, content.format))


def change(tx: Transaction, content: Content, changes: Changes, *, currency: str) -> None:
    """Store the changes of a content that is locked."""
    thing = content.of
    if isinstance(thing, Article):
        text = changes.text if isinstance(changes.text, RichText) else articles.changed_text(thing, {})
        draft = articles.merge(thing, {}, text=text)
        if changes.images is not None:
            (image,) = changes.images
            draft = structs.replace(draft, image=image)
        articles.change(tx, thing, draft)
        return
    fields: dict[str, Any] = dict(changes.text) if isinstance(changes.text, dict) else {}
    if changes.images is not None:
        fields["images"] = changes.images
    items.patch(tx, thing, fields, currency=currency, actor=None)


def _site_of(source: str) -> str:
    """The old site, by the source that its imports have: addresses of Ghost begin below it."""
    program, _, place = source.partition(" ")
    host = place if program == "ghost" else place.partition("/")[0]
    return f"https://{host}" if "." in host else ""
