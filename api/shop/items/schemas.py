"""What travels over HTTP about items: bodies, the query of the list, the view."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from api.ids import PATTERN
from api.shop.items.addresses import item_url
from api.shop.items.drafts import ItemDraft, Picture
from api.shop.items.records import Description, Image, Item, Option
from api.shop.variants.schemas import Body, VariantBody, VariantView
from api.taxonomy.records import Term
from api.text.fields import Document, Label, Search, SoughtSlug, Summary, Time, Title, Url
from api.text.markup import render
from api.text.slugs import Slug
from api.web.paging import PageQuery

Kind = Literal["physical", "digital", "service", "external"]
Status = Literal["draft", "published", "archived"]
Labels = Annotated[list[Label], Meta(max_length=50)]


class ItemImageBody(Body):
    url: Url
    alt: Summary = ""


class OptionBody(Body):
    name: Label
    values: Annotated[list[Label], Meta(min_length=1, max_length=100)]


Images = Annotated[list[ItemImageBody], Meta(max_length=100)]
Options = Annotated[list[OptionBody], Meta(max_length=10)]


class ItemBody(Body):
    name: Title
    variants: Annotated[list[VariantBody], Meta(min_length=1, max_length=100)]
    slug: Slug | None = None
    kind: Kind = "physical"
    status: Status = "draft"
    summary: Summary | None = None
    description: Annotated[Document | None, Meta(description="Markdown.")] = None
    categories: Labels = msgspec.field(default_factory=list)
    tags: Labels = msgspec.field(default_factory=list)
    images: Images = msgspec.field(default_factory=list)
    options: Options = msgspec.field(default_factory=list)

    def draft(self) -> ItemDraft:
        """The item asked for, its description rendered."""
        return ItemDraft(
            name=self.name,
            variants=tuple(variant.draft() for variant in self.variants),
            slug=self.slug,
            kind=self.kind,
            status=self.status,
            summary=self.summary,
            description=description_of(self.description),
            categories=paths_of(self.categories),
            tags=tuple(self.tags),
            images=pictures_of(self.images),
            options=options_of(self.options),
        )


ItemCursor = Annotated[str, Meta(pattern=rf"^[0-9]{PATTERN}\Z")]
"""A position among ranks of a search (0 without one), then ids."""


class ItemsQuery(PageQuery):
    after: ItemCursor | None = None
    category: SoughtSlug | None = None
    tag: SoughtSlug | None = None
    q: Search | None = None
    in_stock: bool | None = None
    status: Annotated[
        Literal["draft", "published", "archived", "all"],
        Meta(description="Others than published are for shopkeepers only."),
    ] = "published"

    def position(self) -> tuple[int, str] | None:
        """Rank and id behind which the page begins."""
        return (int(self.after[0]), f"itm_{self.after[1:]}") if self.after else None

    def cursor(self, row: tuple[int, Item]) -> str:
        """The rank and the id of a hit."""
        rank, item = row
        return f"{rank}{item.id[4:]}"

    def filters(self) -> dict[str, Any]:
        """What was asked for beside the page, by name."""
        named = super().filters()
        return named if self.status != "all" else named | {"status": None}


class TermView(msgspec.Struct):
    name: str
    slug: str

    @classmethod
    def of(cls, term: Term) -> TermView:
        """How an item names a tag or a category."""
        return cls(term.name, term.slug)


class ItemView(msgspec.Struct):
    id: str
    slug: str
    name: str
    kind: Kind
    status: Status
    summary: str | None
    description: str | None
    description_html: str | None
    categories: list[TermView]
    tags: list[TermView]
    images: list[Image]
    options: list[Option]
    variants: list[VariantView]
    created_at: Time
    updated_at: Time
    url: str

    @classmethod
    def of(cls, item: Item, *, site: str) -> ItemView:
        """What everyone may see of `item`; `site` is the address that its url is built on."""
        return cls(
            id=item.id,
            slug=item.slug,
            name=item.name,
            kind=item.kind,  # type: ignore[arg-type]  # the table has a CHECK
            status=item.status,  # type: ignore[arg-type]
            summary=item.summary,
            description=item.description.source if item.description else None,
            description_html=item.description.html if item.description else None,
            categories=[TermView.of(term) for term in item.categories],
            tags=[TermView.of(term) for term in item.tags],
            images=list(item.images),
            options=list(item.options),
            variants=[VariantView.of(variant) for variant in item.variants],
            created_at=item.created_at,
            updated_at=item.updated_at,
            url=item_url(site, item.slug),
        )


def description_of(source: str | None) -> Description | None:
    """Markdown, rendered."""
    if source is None:
        return None
    return Description(source=source, format="markdown", html=render(source, "markdown"))


def paths_of(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Categories named without those above them."""
    return tuple((name,) for name in names)


def pictures_of(images: Iterable[ItemImageBody | Image]) -> tuple[Picture, ...]:
    """Images as the rules take them."""
    return tuple(Picture(url=image.url, alt=image.alt) for image in images)


def options_of(options: Iterable[OptionBody]) -> tuple[Option, ...]:
    """Options as the rules take them."""
    return tuple(Option(name=option.name, values=tuple(option.values)) for option in options)
