"""The records that every reader produces, so that the rules need not know the format of the file."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal, Protocol, TypeVar

import msgspec

from api.shop.items.records import Option, Property
from api.shop.variants.records import STANDARD
from api.times import Instant

Format = Literal["wxr", "woocommerce-csv", "ghost-json", "ghost-members-csv"]
Source = Literal["wordpress", "woocommerce", "ghost"]
ArticleType = Literal["article", "page"]
Markup = Literal["html", "markdown", "text"]
ArticleStatus = Literal["draft", "published", "scheduled"]
CommentStatus = Literal["pending", "approved", "spam", "trash"]
ItemKind = Literal["physical", "digital", "service", "external"]
ItemStatus = Literal["draft", "published"]
REPEATED = "#"
"""Stands in an external id before what tells rows of one file apart that share an id in the source."""
Row_co = TypeVar("Row_co", covariant=True)


class Rows(Protocol[Row_co]):
    """Records in order, in memory or not."""

    def __iter__(self) -> Iterator[Row_co]: ...

    def __len__(self) -> int: ...

    def __getitem__(self, at: int, /) -> Row_co: ...


class _Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """A row. Defaults are left out, so that a new field does not change the fingerprints of old rows."""


class Author(_Record, frozen=True, kw_only=True):
    """The author of an article."""

    external_id: str
    name: str
    slug: str | None = None


class Category(_Record, frozen=True, kw_only=True):
    """A category of articles; the parents never form a cycle: the reader sees to that."""

    external_id: str
    name: str
    slug: str | None = None
    parent: "Category | None" = None
    addresses: tuple[str, ...] = ()


class Tag(_Record, frozen=True, kw_only=True):
    external_id: str
    name: str
    slug: str | None = None
    addresses: tuple[str, ...] = ()


class Image(_Record, frozen=True, kw_only=True):
    """An image by URL, which is not fetched; one of Ghost may be relative to its site."""

    url: str
    alt: str = ""


class Article(_Record, frozen=True, kw_only=True):
    """A post or page. The `slug` is decoded, but may contain characters that are not allowed here.

    `publish_at` None with status published: its date is unknown. `hidden_because` set: an import never
    publishes it (the status is draft). `addresses`: paths that it had on the old site, with queries.
    """

    external_id: str
    type: ArticleType
    title: str
    slug: str | None
    body: str
    format: Markup
    status: ArticleStatus
    excerpt: str = ""
    publish_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    authors: tuple[Author, ...] = ()
    categories: tuple[Category, ...] = ()
    tags: tuple[Tag, ...] = ()
    featured: bool = False
    image: Image | None = None
    comment_policy: Literal["open", "closed"] = "closed"
    old_slugs: tuple[str, ...] = ()
    language: str | None = None
    hidden_because: str | None = None
    addresses: tuple[str, ...] = ()


class Comment(_Record, frozen=True, kw_only=True):
    """A reader's comment."""

    external_id: str
    article_external_id: str
    parent_external_id: str | None
    author_name: str
    body: str
    format: Markup
    status: CommentStatus
    created_at: datetime | None = None


class Offer(_Record, frozen=True, kw_only=True):
    """The prices of a variant in minor units: the regular one, and a reduced one for some time.

    The times are as in the file, also if they are past: a sale that ends is no change of the file.
    """

    regular: int | None = None
    sale: int | None = None
    sale_from: Instant | None = None
    sale_until: Instant | None = None

    @property
    def price(self) -> int | None:
        """The regular price, or the reduced one if that stands alone and for good."""
        alone = self.regular is None and self.sale_from is None and self.sale_until is None
        return self.sale if alone else self.regular


class Variant(Offer, frozen=True, kw_only=True):
    """A variant of an item. `sku` is written as in the source; None: one is generated.

    `name` distinguishes it within the item, or is the item's name. `stock` None: not counted.
    """

    external_id: str
    sku: str | None
    name: str
    stock: int | None = None
    weight_g: int | None = None
    options: Mapping[str, str]


Field = Literal[
    "type",
    "name",
    "published",
    "visibility",
    "summary",
    "description",
    "categories",
    "tags",
    "images",
    "regular",
    "sale",
    "sale_from",
    "sale_until",
    "stock",
    "weight_g",
    "tax_class",
    "variants",
    "external_url",
    "attributes",
    "brand",
    "gtin",
    "weight",
    "dimensions",
]


class Item(_Record, frozen=True, kw_only=True):
    """An item with at least one variant; it is a draft if a variant has no price.

    `source` is "woocommerce" in every file: the product CSV and the WXR of one shop agree on ids, so the
    same product is found whichever came first. `unsaid`: what the file says nothing about, and what an update
    leaves as it is; without "type" it may be a variation of something that was imported before. `ended` are
    the variations that the file takes off sale.
    """

    external_id: str
    source: Source
    sku: str | None = None
    name: str
    slug: str | None
    kind: ItemKind
    status: ItemStatus
    tax_class: str = STANDARD
    hidden: bool = False
    summary: str = ""
    description: str = ""
    categories: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    external_url: str | None = None
    properties: tuple[Property, ...] = ()
    options: tuple[Option, ...] = ()
    variants: tuple[Variant, ...]
    ended: tuple[Variant, ...] = ()
    unsaid: tuple[Field, ...] = ()
    old_slugs: tuple[str, ...] = ()
    old_addresses: tuple[str, ...] = ()
    created_at: datetime | None = None


class Withheld(_Record, frozen=True, kw_only=True):
    """A row that is neither imported nor public there, so what an earlier run made of it is taken back.

    `title` and `slug` are those of the thing itself, to know it by.
    """

    kind: Literal["article", "item"]
    external_id: str
    title: str
    slug: str | None
    skus: tuple[str, ...] = ()
    created_at: datetime | None = None


class Person(_Record, frozen=True, kw_only=True):
    """Somebody with an account there, whose password nobody can read."""

    email: str
    name: str = ""


class Note(_Record, frozen=True, kw_only=True):
    """Something that is not imported, or imported with a change; notes of one cause share their `reason`."""

    kind: str
    external_id: str | None
    label: str
    reason: str


class Export(_Record, frozen=True, kw_only=True):
    """Everything in one file. External ids are unique within their kind of record, those of comments within
    their article, and the same on every run; the comments of an article follow each other.

    `site` is the URL of the exported site, if the file has it.
    """

    format: Format
    source: Source
    site: str | None = None
    authors: tuple[Author, ...] = ()
    categories: tuple[Category, ...] = ()
    tags: tuple[Tag, ...] = ()
    articles: Rows[Article] = ()
    comments: Rows[Comment] = ()
    items: Rows[Item] = ()
    withheld: tuple[Withheld, ...] = ()
    people: tuple[Person, ...] = ()
    skipped: tuple[Note, ...] = ()
    warnings: tuple[Note, ...] = ()
