"""Variants as JSON: bodies, patches and the view."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType, structs

from api.errors import UnknownField
from api.roles import ITEMS_WRITE, Viewer, may
from api.shop.money import PRICE_MOST, Currency, Money
from api.shop.variants.records import Download, Sale, Sku, Variant, VariantDraft
from api.text.fields import Label, Moment, id_example
from api.text.images import one_of_two
from api.times import Instant, instant
from api.web.patches import Patch, patch_of
from api.web.validation import Required

_BEGINS, _ENDS = ["2026-11-27T00:00:00.000Z"], ["2026-12-01T00:00:00.000Z"]
_CHOICES_EXAMPLES = [{"Colour": "Blue"}]

Units = Annotated[int, Meta(ge=0, le=1_000_000_000, examples=[40])]
Choices = Annotated[dict[Label, Label], Meta(max_length=10, examples=_CHOICES_EXAMPLES)]

Weight = Annotated[int, Meta(ge=0, le=100_000_000, description="Grams.", examples=[350])]
PerOrder = Annotated[
    int, Meta(ge=1, le=1_000_000, description="Units that one order has at most.", examples=[10])
]
_ONE_SOURCE = {"extra_json_schema": {"oneOf": one_of_two("path", "media")}}
Downloads = Annotated[tuple[Annotated[Download, Meta(**_ONE_SOURCE)], ...], Meta(max_length=20)]


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The base of request bodies."""


class PriceBody(Money, frozen=True, forbid_unknown_fields=True):
    amount: Annotated[
        int, Meta(ge=0, le=PRICE_MOST, description="Minor units, tax included.", examples=[1900])
    ]
    currency: Currency


class SaleBody(Body, rename={"from_": "from"}):
    price: Annotated[PriceBody, Meta(description="Below the regular price.")]
    from_: Annotated[Moment | None, Meta(description="null: at once.", examples=_BEGINS)] = None
    until: Annotated[
        Moment | None, Meta(description="After `from`; null: until it is ended.", examples=_ENDS)
    ] = None

    def sale(self) -> Sale:
        """The sale as the rules take it."""
        return Sale(Money(self.price.amount, self.price.currency), *map(_instant, (self.from_, self.until)))


class VariantBody(Body):
    sku: Sku
    price: PriceBody
    compare_at: Annotated[PriceBody | None, Meta(examples=[None])] = None
    sale: Annotated[SaleBody | None, Meta(examples=[None])] = None
    options: Choices = msgspec.field(default_factory=dict)
    weight_g: Weight | None = None
    max_per_order: PerOrder | None = None
    downloads: Annotated[Downloads, Meta(examples=[[]])] = ()
    stock: Annotated[Units | None, Meta(description="The initial number of units; null: not counted.")] = None

    def draft(self) -> VariantDraft:
        """The variant as the rules take it."""
        return VariantDraft(**structs.asdict(self) | {"sale": self.sale.sale() if self.sale else None})


PricePatch = patch_of(PriceBody)


class SalePatch(Patch, kw_only=True, rename={"from_": "from"}):
    """Changes to a sale: fields left out stay as they are."""

    price: PricePatch | UnsetType = UNSET  # type: ignore[valid-type]  # derived
    from_: Annotated[Moment | UnsetType | None, Meta(examples=_BEGINS)] = UNSET
    until: Annotated[Moment | UnsetType | None, Meta(examples=_ENDS)] = UNSET

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, with times as they are stored."""
        changes = super().changes()
        times = {name: _instant(changes[name]) for name in ("from_", "until") if name in changes}
        return changes | times


ChoicesPatch = Annotated[
    dict[Label, Label | None],
    Meta(
        max_length=10,
        description="Options that are left out stay as they are, null removes one.",
        examples=_CHOICES_EXAMPLES,
    ),
]


class VariantPatch(Patch, kw_only=True):
    """Changes to a variant: fields left out stay as they are, in prices and options too."""

    price: PricePatch | UnsetType = UNSET  # type: ignore[valid-type]  # derived
    compare_at: Annotated[PricePatch | UnsetType | None, Meta(examples=[None])] = UNSET  # type: ignore[valid-type]
    sale: Annotated[SalePatch | UnsetType | None, Meta(description="null ends it.", examples=[None])] = UNSET
    options: ChoicesPatch | UnsetType | None = UNSET
    weight_g: Weight | UnsetType | None = UNSET
    max_per_order: PerOrder | UnsetType | None = UNSET
    downloads: Annotated[Downloads | UnsetType | None, Meta(examples=[[]])] = UNSET


class VariantEntryPatch(VariantPatch, kw_only=True):
    """A variant in a PATCH of its item; fields left out of an existing one stay as they are."""

    sku: Sku
    stock: Annotated[
        Units | UnsetType | None,
        Meta(description="For new skus only; the stock of others changes by stock movements.", examples=[]),
    ] = UNSET


class StockView(msgspec.Struct):
    tracked: Annotated[bool, Meta(examples=[True])]
    available: Annotated[int | None, Meta(examples=[38])]


class VariantView(msgspec.Struct):
    id: Annotated[str, id_example("var")]
    sku: Annotated[str, Meta(examples=["mug-blue"])]
    name: Annotated[str, Meta(examples=["Blue"])]
    options: Annotated[dict[str, str], Meta(examples=_CHOICES_EXAMPLES)]
    price: Money
    regular_price: Money
    sale: Annotated[Sale | None, Meta(examples=[None])]
    compare_at: Annotated[Money | None, Meta(examples=[None])]
    weight_g: Annotated[int | None, Meta(examples=[350])]
    max_per_order: Annotated[int | None, Meta(examples=[10])]
    downloads: Annotated[
        tuple[Download, ...], Meta(description="Shown to shopkeepers, empty for everybody else.")
    ]
    stock: StockView
    on_sale: Annotated[bool, Meta(examples=[False])]
    version: Annotated[int, Meta(examples=[1])]

    @classmethod
    def of(cls, variant: Variant, *, viewer: Viewer | None) -> VariantView:
        """A variant as `viewer` sees it."""
        stock = StockView(variant.tracked, variant.available if variant.tracked else None)
        # Field by field, not by `view_of`: a page of items holds scores of these.
        return cls(
            id=variant.id,
            sku=variant.sku,
            name=variant.name,
            options=dict(variant.options),
            price=variant.price,
            regular_price=variant.regular_price,
            sale=variant.sale,
            compare_at=variant.compare_at,
            weight_g=variant.weight_g,
            max_per_order=variant.max_per_order,
            downloads=variant.downloads if may(viewer, ITEMS_WRITE) else (),
            stock=stock,
            on_sale=variant.on_sale,
            version=variant.version,
        )


def check_files(offers: Iterable[tuple[str, VariantBody | VariantPatch]]) -> None:
    """Refuse a download, of a variant at its pointer, without one source. Raises Required, UnknownField."""
    for pointer, offer in offers:
        for index, download in enumerate(offer.downloads or ()):
            at = f"{pointer}/downloads/{index}/path"
            if download.path is None and download.media is None:
                raise Required.at(at, "A download needs a `path`, or the id of an uploaded file as `media`.")
            if download.path is not None and download.media is not None:
                raise UnknownField.at(at, "A download has either a `path` or `media`.")


def _instant(moment: datetime | None) -> Instant | None:
    return None if moment is None else instant(moment)
