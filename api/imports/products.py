"""Product rows of WooCommerce, read from its CSV or from a WordPress export alike."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from api.imports import money, text
from api.imports.notes import MAX_LABEL, RowNotes
from api.imports.records import Field, Image, ItemKind, ItemStatus, Offer
from api.shop.items.records import Property
from api.shop.variants.records import STANDARD
from api.times import instant

ANY = "Any"
MAX_VALUE = 1_000
MAX_PROPERTIES = 50
FACTS: Mapping[str, str] = {"brand": "Brand", "gtin": "GTIN", "weight": "Weight", "dimensions": "Dimensions"}
GRAMS: Mapping[str, Decimal] = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "lb": Decimal("453.59237"),
    "lbs": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
MAX_GRAMS = 100_000_000
_WEIGHT = re.compile(r"[0-9]{0,12}(?:\.[0-9]{0,12})?")
_UNITS = re.compile(r"(?P<whole>-?[0-9]{1,12})(?:\.(?P<fraction>[0-9]*))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A property of a product, which may distinguish its variations."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A row of the shop, from either file. `stock` "parent": shared with the other variations.

    `weight_g` and `tax_class` None: those of its product, or none and the standard one.
    """

    notes: RowNotes
    ids: tuple[str, ...]
    parent: str | None
    type: str
    sku: str | None
    name: str
    kind: ItemKind
    status: ItemStatus
    hidden: bool = False
    unsaid: tuple[Field, ...] = ()
    offer: Offer
    weight_g: int | None = None
    tax_class: str | None = None
    stock: int | str | None
    withdrawn: bool = False
    slug: str | None = None
    summary: str = ""
    description: str = ""
    categories: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    external_url: str | None = None
    facts: tuple[Property, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    position: int = 0
    old_slugs: tuple[str, ...] = ()
    old_addresses: tuple[str, ...] = ()
    created_at: datetime | None = None

    @property
    def external_id(self) -> str:
        return self.notes.external_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """The notation of prices."""

    exponent: int
    notation: money.Notation

    def offer(
        self,
        full: int | None,
        reduced: int | None,
        begins: datetime | None,
        ends: datetime | None,
        notes: RowNotes,
    ) -> Offer:
        """The prices: the reduced one counts if it is below the regular one and begins before it ends."""
        if reduced is not None and full is not None and reduced >= full:
            return Offer(regular=full)
        if begins and ends and begins >= ends:
            notes.warn("its sale ends before it begins and was left out")
            return Offer(regular=full)
        return Offer(
            regular=full,
            sale=reduced,
            sale_from=instant(begins) if begins else None,
            sale_until=instant(ends) if ends else None,
        )

    def price(self, written: str, notes: RowNotes) -> int | None:
        """A price in minor units, None if blank, ValueError if unreadable."""
        read = money.price(written, exponent=self.exponent, notation=self.notation)
        if read and read.rounded:
            notes.warn(f"price {written.strip()} was rounded to the smallest unit of the currency")
        return read.minor if read else None


def kind_of(type_: str, *, virtual: bool, downloadable: bool) -> ItemKind:
    """The kind of item: sold elsewhere, a file, a service or a parcel."""
    if type_ == "external":
        return "external"
    if downloadable:
        return "digital"
    return "service" if virtual else "physical"


def units(written: str, notes: RowNotes) -> int:
    """The units on hand; WooCommerce counts back orders as negative stock."""
    if not (match := _UNITS.fullmatch(written)):
        raise ValueError(f"“{written[:100]}” is not a number of units: write it as 12")
    if (match["fraction"] or "").strip("0"):
        notes.warn(f"stock {written} was rounded down to whole units")
    stock = int(match["whole"])
    if stock < 0:
        notes.warn(f"stock {stock} became 0; negative stock is not supported")
    return max(0, stock)


def labels(names: Iterable[str], notes: RowNotes) -> tuple[str, ...]:
    """The tags, within the allowed number and length."""
    return notes.tags(
        notes.cut_middle(label, MAX_LABEL, "tag") for name in names if (label := text.plain(name))
    )


def images(urls: Iterable[str], notes: RowNotes) -> tuple[Image, ...]:
    """The images with a valid URL, each once."""
    urls = dict.fromkeys(urls)
    addresses = dict.fromkeys(address for url in urls if (address := text.web_address(url)))
    if len(addresses) < len(urls):
        notes.warn("an image without a valid URL was left out")
    return tuple(Image(url=url) for url in addresses)


def facts(**written: str) -> tuple[Property, ...]:
    """Brand, GTIN, weight and dimensions as properties, as far as they are there."""
    values = {name: " ".join(text.clean(value).split()) for name, value in written.items()}
    return tuple(
        Property(name=FACTS[name], value=value[:MAX_VALUE]) for name, value in values.items() if value
    )


def properties(row: Product, attributes: Iterable[Attribute]) -> tuple[Property, ...]:
    """The facts of a product, and its attributes that are no choice; the first of each name, up to 50."""
    described = (Property(name=a.name, value=", ".join(a.values)[:MAX_VALUE]) for a in attributes if a.values)
    unique = {property.name.casefold(): property for property in (*described, *row.facts)}
    if len(unique) > MAX_PROPERTIES:
        row.notes.warn(f"properties cut from {len(unique)} to {MAX_PROPERTIES}")
    return tuple(unique.values())[:MAX_PROPERTIES]


def measured(value: str, unit: str) -> str:
    """A number with its unit, if it has one and is not zero."""
    number = text.clean(value)
    return f"{number} {unit}".strip() if number.strip("0.,") else ""


def grams(written: str, unit: str, notes: RowNotes) -> int | None:
    """A weight in whole grams, None if there is none."""
    number = text.clean(written).replace(",", ".")
    if not number.strip("0."):
        return None
    weight = Decimal(number) * GRAMS[unit] if _WEIGHT.fullmatch(number) else Decimal(MAX_GRAMS + 1)
    if weight > MAX_GRAMS:
        notes.warn(f"its weight “{written[:60]}” cannot be read and was left out")
        return None
    return int(weight.quantize(Decimal(1), ROUND_HALF_UP))


def tax_class(written: str, notes: RowNotes) -> str | None:
    """The slug of a tax class, `standard` if that cannot be spelled; None: that of the product."""
    name = text.clean(written).casefold()
    if name in {"", "parent"}:
        return None
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9_]+", "-", ascii_only).strip("-_")[:MAX_LABEL].rstrip("-_")
    if "%" in name or not slug:
        notes.warn(f"its tax class “{written[:60]}” has no Latin letters; it became {STANDARD}")
        return STANDARD
    return slug


def external_link(kind: ItemKind, url: str, notes: RowNotes) -> str | None:
    """Where an external product is sold."""
    address = text.web_address(url) if kind == "external" else None
    if kind == "external" and not address:
        notes.warn("it is sold elsewhere, but has no valid URL")
    return address
