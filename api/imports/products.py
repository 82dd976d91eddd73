"""What the product CSV and the WXR of a WooCommerce shop have in common: how their rows become items."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from api.imports import money, text
from api.imports.notes import RowNotes
from api.imports.records import Image, ItemKind, ItemStatus

MAX_SKU = 64
MAX_NAME = 200
MAX_SUMMARY = 1_000
MAX_LABEL = 60
MAX_TAGS = 50
ANY = "Any"
_NOT_IN_SKU = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The price that holds now, and the one it is compared with."""

    price: int | None
    compare_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A property of a product, which may set its variations apart."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A row of the shop, whichever file it is from. `stock` "parent": shared with the other variations."""

    notes: RowNotes
    ids: tuple[str, ...]
    parent: str | None
    type: str
    sku: str | None
    name: str
    kind: ItemKind
    status: ItemStatus
    offer: Offer
    stock: int | str | None
    withdrawn: bool = False
    slug: str | None = None
    summary: str = ""
    description: str = ""
    categories: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    position: int = 0
    old_slugs: tuple[str, ...] = ()
    created_at: datetime | None = None

    @property
    def external_id(self) -> str:
        return self.notes.external_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """How prices are read: the digits of the currency, and the moment that decides whether a sale is on."""

    exponent: int
    now: datetime

    def offer(
        self,
        full: int | None,
        reduced: int | None,
        begins: datetime | None,
        ends: datetime | None,
        notes: RowNotes,
    ) -> Offer:
        """A sale price counts while it is below the regular one and its dates allow."""
        if reduced is None or full is None:
            return Offer(price=full if reduced is None else reduced)
        if reduced >= full:
            return Offer(price=full)
        if begins and begins > self.now:
            notes.warn(f"its sale begins on {begins:%Y-%m-%d}; the regular price was taken")
            return Offer(price=full)
        if ends and ends <= self.now:
            return Offer(price=full)
        if ends:
            notes.warn(f"its sale ends on {ends:%Y-%m-%d}, which is not kept: end it by hand")
        return Offer(price=reduced, compare_at=full)

    def price(self, written: str, notes: RowNotes) -> int | None:
        """A price in minor units, None if blank, ValueError if unreadable."""
        read = money.price(written, exponent=self.exponent)
        if read and read.rounded:
            notes.warn(f"price {written.strip()} was rounded to the currency's smallest unit")
        return read.minor if read else None


def kind_of(type_: str, *, virtual: bool, downloadable: bool) -> ItemKind:
    """What is sent: a file, nothing that is a thing, or a parcel."""
    if type_ == "external":
        return "external"
    if downloadable:
        return "digital"
    return "service" if virtual else "physical"


def fitting_sku(given: str, notes: RowNotes) -> str | None:
    """The sku in the letters that skus have here; None if blank."""
    fitting = fitted(given)
    if fitting != given.strip():
        notes.warn(f"sku “{given.strip()[:100]}” became “{fitting}”")
    return fitting or None


def fitted(sku: str) -> str:
    """As `fitting_sku`, where another row has told of the change."""
    return _NOT_IN_SKU.sub("-", sku.strip()).strip("-")[:MAX_SKU]


def counted(stock: int, notes: RowNotes) -> int:
    """The units on hand; WooCommerce counts below zero what it sold on back order."""
    if stock < 0:
        notes.warn(f"stock {stock} became 0: units are owed to buyers")
    return max(0, stock)


def labels(given: Iterable[str], notes: RowNotes) -> tuple[str, ...]:
    """Tags, each once, no more and no longer than allowed."""
    found = tuple(
        dict.fromkeys(notes.cut(label, MAX_LABEL, "tag") for name in given if (label := text.plain(name)))
    )
    if len(found) > MAX_TAGS:
        notes.warn(f"tags cut from {len(found)} to {MAX_TAGS}")
    return found[:MAX_TAGS]


def images(urls: Iterable[str], notes: RowNotes) -> tuple[Image, ...]:
    """The images that have a web address, each once."""
    given = list(urls)
    found = dict.fromkeys(address for url in given if (address := text.web_address(url)))
    if len(found) < len(set(given)):
        notes.warn("an image without a web address was left out")
    return tuple(Image(url=url) for url in found)


def named(given: str, notes: RowNotes, *fallbacks: str | None) -> str:
    """The name in plain text, cut to what a name may be; one that is made where there is none."""
    if name := text.plain(given):
        return notes.cut(name, MAX_NAME, "name")
    notes.warn("it has no name; one was made")
    return next(filter(None, fallbacks), notes.external_id)[:MAX_NAME]


def link_to_shop(url: str, label: str) -> str:
    """A paragraph for the end of a description: where an external product is sold has no field of its own."""
    address = text.web_address(url)
    if not address:
        return ""
    return f'\n\n<p><a href="{html.escape(address)}">{html.escape(text.plain(label) or address)}</a></p>'
