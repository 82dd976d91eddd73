"""Items as JSON: body, patch, the query of the list, the view."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, structs

from api.errors import UnknownField
from api.ids import PATTERN
from api.media.schemas import check_sources
from api.roles import Viewer
from api.settings.public_site import PublicSite
from api.shop.items.records import Item, ItemDraft, Kind, Option, Property, Status
from api.shop.items.rules import NOT_EXTERNAL, described
from api.shop.variants.records import STANDARD, TaxClass
from api.shop.variants.schemas import Body, VariantBody, VariantEntryPatch, VariantView, check_files
from api.taxonomy.records import Term
from api.taxonomy.schemas import FiledQuery
from api.text.fields import (
    VISIBLE,
    Document,
    HttpUrl,
    Label,
    Search,
    Summary,
    Time,
    Title,
    id_example,
)
from api.text.images import Image, SentImage
from api.text.slugs import Slug
from api.web.patches import Patch, patch_of
from api.web.validation import Required
from api.web.views import view_of


class OptionBody(Option, frozen=True, forbid_unknown_fields=True):
    name: Annotated[Label, Meta(examples=["Colour"])]
    values: Annotated[tuple[Label, ...], Meta(min_length=1, max_length=100, examples=[["Blue"]])]


class PropertyBody(Property, frozen=True, forbid_unknown_fields=True):
    name: Annotated[Label, Meta(examples=["Material"])]
    value: Annotated[str, Meta(min_length=1, max_length=1_000, pattern=VISIBLE, examples=["Enamelled steel"])]


Categories = Annotated[tuple[Label, ...], Meta(max_length=50, examples=[["Kitchen"]])]
Tags = Annotated[tuple[Label, ...], Meta(max_length=50, examples=[["Enamel"]])]
Pictures = Annotated[tuple[SentImage, ...], Meta(max_length=100)]
Options = Annotated[tuple[OptionBody, ...], Meta(max_length=10)]
Properties = Annotated[tuple[PropertyBody, ...], Meta(max_length=50)]


class ItemBody(Body):
    name: Annotated[Title, Meta(examples=["Enamel mug"])]
    variants: Annotated[tuple[VariantBody, ...], Meta(min_length=1, max_length=100)]
    slug: Annotated[Slug, Meta(examples=["enamel-mug"])] | None = None
    kind: Annotated[Kind, Meta(examples=["physical"])] = "physical"
    tax_class: TaxClass = STANDARD
    external_url: Annotated[
        HttpUrl | None, Meta(description="Of external items only, which need it.", examples=[None])
    ] = None
    status: Annotated[Status, Meta(examples=["published"])] = "draft"
    summary: Annotated[Summary, Meta(examples=["Holds a third of a litre."])] | None = None
    description: Annotated[
        Document | None, Meta(description="Markdown.", examples=["Light, and *nearly* unbreakable."])
    ] = None
    categories: Categories = ()
    tags: Tags = ()
    images: Pictures = ()
    options: Options = ()
    properties: Properties = ()

    def draft(self) -> ItemDraft:
        """The item as the rules take it. Raises Required, or UnknownField, at a wrong `external_url`."""
        if self.kind == "external" and self.external_url is None:
            raise Required.at("/external_url")
        if self.kind != "external" and self.external_url is not None:
            raise UnknownField.at("/external_url", NOT_EXTERNAL)
        check_sources((f"/images/{index}", image) for index, image in enumerate(self.images))
        check_files((f"/variants/{index}", variant) for index, variant in enumerate(self.variants))
        variants = tuple(variant.draft() for variant in self.variants)
        return ItemDraft(**_drafted({**structs.asdict(self), "variants": variants}))


ItemPatch = patch_of(
    ItemBody,
    variants=Annotated[tuple[VariantEntryPatch, ...], Meta(min_length=1, max_length=100)],
    slug=Annotated[Slug, Meta(examples=[])],
    tax_class=TaxClass | None,
    categories=Categories | None,
    tags=Tags | None,
    images=Pictures | None,
    options=Options | None,
    properties=Properties | None,
)


def changes_of(patch: Patch) -> dict[str, Any]:
    """The changes of an ItemPatch as the rules take them."""
    changes = patch.changes()
    check_sources((f"/images/{index}", image) for index, image in enumerate(changes.get("images") or ()))
    if "variants" in changes:
        check_files((f"/variants/{index}", entry) for index, entry in enumerate(changes["variants"]))
        changes["variants"] = [entry.changes() for entry in changes["variants"]]
    return _drafted(changes)


def _drafted(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of a body as those of a draft: the description rendered, options and properties as records."""
    if "description" in fields:
        fields |= described(fields["description"], "markdown")
    for name, record in (("options", Option), ("properties", Property)):
        if fields.get(name):
            fields[name] = tuple(record(**structs.asdict(body)) for body in fields[name])
    return fields


ItemCursor = Annotated[str, Meta(pattern=rf"^[0-9]{PATTERN}\Z")]
"""A position among ranks of a search (0 without one), then ids."""


class ItemsQuery(FiledQuery):
    after: ItemCursor | None = None
    q: Search | None = None
    in_stock: bool | None = None
    stock_below: (
        Annotated[
            int,
            Meta(
                ge=1,
                le=1_000_000,
                description="On sale, and of a variant fewer are left: shopkeepers only.",
            ),
        ]
        | None
    ) = None
    status: Annotated[
        Status | Literal["all"],
        Meta(description="All but published items: shopkeepers only."),
    ] = "published"

    def position(self) -> tuple[int, str] | None:
        """The rank and id after which the page begins."""
        return (int(self.after[0]), f"itm_{self.after[1:]}") if self.after else None

    def cursor(self, row: tuple[int, Item]) -> str:
        """The rank and the id of a hit."""
        rank, item = row
        return f"{rank}{item.id[4:]}"

    def filters(self) -> dict[str, Any]:
        """The filters by name; None for a status is any."""
        filters = super().filters()
        return filters if self.status != "all" else filters | {"status": None}


class TermView(msgspec.Struct):
    name: Annotated[str, Meta(examples=["Kitchen"])]
    slug: Annotated[str, Meta(examples=["kitchen"])]

    @classmethod
    def of(cls, term: Term) -> TermView:
        """A tag or a category of an item."""
        return cls(term.name, term.slug)


class ItemView(msgspec.Struct):
    id: Annotated[str, id_example("itm")]
    slug: Annotated[str, Meta(examples=["enamel-mug"])]
    name: Annotated[str, Meta(examples=["Enamel mug"])]
    kind: Annotated[Kind, Meta(examples=["physical"])]
    tax_class: Annotated[str, Meta(examples=[STANDARD])]
    external_url: Annotated[str | None, Meta(examples=[None])]
    status: Annotated[Status, Meta(examples=["published"])]
    summary: Annotated[str | None, Meta(examples=["Holds a third of a litre."])]
    description: Annotated[str | None, Meta(examples=["Light, and *nearly* unbreakable."])]
    description_html: Annotated[
        str | None, Meta(examples=["<p>Light, and <em>nearly</em> unbreakable.</p>\n"])
    ]
    categories: list[TermView]
    tags: Annotated[list[TermView], Meta(examples=[[{"name": "Enamel", "slug": "enamel"}]])]
    images: tuple[Image, ...]
    options: tuple[Option, ...]
    properties: tuple[Property, ...]
    variants: list[VariantView]
    created_at: Time
    updated_at: Time
    version: Annotated[int, Meta(examples=[1])]
    url: Annotated[str, Meta(examples=["https://example.org/item/?slug=enamel-mug"])]

    @classmethod
    def of(cls, item: Item, site: PublicSite, *, viewer: Viewer | None) -> ItemView:
        """An item as `viewer` sees it; `site` has its page."""
        return view_of(
            cls,
            item,
            images=tuple(image.shown(site) for image in item.images),
            categories=[TermView.of(term) for term in item.categories],
            tags=[TermView.of(term) for term in item.tags],
            variants=[VariantView.of(variant, viewer=viewer) for variant in item.variants],
            url=site.item_url(item.slug),
        )
