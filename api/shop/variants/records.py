"""Variants as the queries return them, and drafts as the rules take them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from api.shop.money import Money
from api.text.fields import Time, Title
from api.text.images import Ref
from api.times import Instant

_NAME = r"(?!\.{1,2}(?:/|\Z))[^/\\\x00-\x1f\x7f-\x9f]+"
_PATH = rf"^{_NAME}(?:/{_NAME})*\Z"
"""Below a folder: neither absolute nor leading out of it."""

Sku = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+\Z", examples=["mug-blue"])]


TaxClass = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=60,
        pattern=r"^[a-z0-9][a-z0-9_-]*\Z",
        description="What tax rates apply to: `standard`, or a word of the shop.",
        examples=["standard"],
    ),
]
STANDARD = "standard"


FilePath = Annotated[str, Meta(min_length=1, max_length=500, pattern=_PATH)]


class Download(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file that a buyer gets: one below the folder `files` of the data, or one that was uploaded."""

    path: Annotated[FilePath | None, Meta(examples=["guides/enamel-care.pdf"])] = None
    media: Annotated[Ref | None, Meta(examples=[None])] = None
    name: Annotated[Title, Meta(examples=["Caring for enamel"])]


_decode_downloads = msgspec.json.Decoder(tuple[Download, ...]).decode


def downloads_in(column: str) -> tuple[Download, ...]:
    """The downloads that a column of JSON holds; most hold none."""
    return () if column == "[]" else _decode_downloads(column)


class Sale(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """A lower price for some time, which has begun where `from` is None, and lasts where `until` is."""

    price: Money
    from_: Annotated[Time | None, Meta(examples=["2026-11-27T00:00:00.000Z"])]
    until: Annotated[Time | None, Meta(examples=["2026-12-01T00:00:00.000Z"])]

    def holds_at(self, now: Instant) -> bool:
        """Whether it has begun and not ended."""
        return (self.from_ is None or self.from_ <= now) and (self.until is None or now < self.until)

    def next_turn(self, after: Instant) -> Instant | None:
        """The instant at which it begins or ends next."""
        turns = (Instant(turn) for turn in (self.from_, self.until) if turn is not None and turn > after)
        return min(turns, default=None)


class VariantDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A variant before it is stored. `price` is the regular one.

    `stock` is the first count of a new one; None: it is not counted. `label` is a name of its own; None: as
    before, or from its options.
    """

    sku: str
    price: Money
    compare_at: Money | None = None
    sale: Sale | None = None
    options: Mapping[str, str] = {}
    stock: int | None = None
    weight_g: int | None = None
    max_per_order: int | None = None
    downloads: tuple[Download, ...] = ()
    label: str | None = None

    @property
    def key(self) -> str:
        """The sku in lower case, for comparisons."""
        return self.sku.lower()

    @property
    def files(self) -> Iterator[tuple[str, str]]:
        """The media among its downloads, each after its pointer."""
        return (
            (f"/downloads/{index}/media", each.media)
            for index, each in enumerate(self.downloads)
            if each.media is not None
        )


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A variant of an item. `price` is paid now: that of the sale while it holds.

    `available` counts only if `tracked`; `name`: label, options or item name. `label` is a name of its own,
    `position` its place in the item. `overdue` are the units of `available` that expired orders have not
    returned to the counter yet.
    """

    id: str
    item_id: str
    item_name: str
    tax_class: str
    physical: bool
    sku: str
    label: str | None
    name: str
    options: Mapping[str, str]
    price: Money
    regular_price: Money
    sale: Sale | None
    compare_at: Money | None
    weight_g: int | None
    max_per_order: int | None
    downloads: tuple[Download, ...]
    tracked: bool
    available: int
    overdue: int
    position: int
    retired: bool
    version: int

    @property
    def key(self) -> str:
        """The sku in lower case, for comparisons."""
        return self.sku.lower()

    @property
    def full_name(self) -> str:
        """The name in an order: `Shirt – red, S`."""
        return self.item_name if self.name == self.item_name else f"{self.item_name} – {self.name}"

    @property
    def on_sale(self) -> bool:
        """The price is lower than `regular_price` or `compare_at`."""
        paid = self.price.amount
        return paid < self.regular_price.amount or (
            self.compare_at is not None and paid < self.compare_at.amount
        )

    def draft(self) -> VariantDraft:
        """The variant as a draft, to be changed."""
        return VariantDraft(
            sku=self.sku,
            price=self.regular_price,
            compare_at=self.compare_at,
            sale=self.sale,
            options=self.options,
            weight_g=self.weight_g,
            max_per_order=self.max_per_order,
            downloads=self.downloads,
        )
