"""Drafts of imported items: of new ones, and of those here with what has changed in the source."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from api.imports import offers, records
from api.imports.origins import rules
from api.imports.origins.records import SourceVariant
from api.imports.products import FACTS
from api.imports.records import Item
from api.shop.items.records import Item as StoredItem
from api.shop.items.records import ItemDraft, Option, Property, Status
from api.shop.variants.records import Variant, VariantDraft
from api.text.images import ImageDraft
from api.times import Instant

HIDDEN: Status = "unlisted"


class Changes(msgspec.Struct, frozen=True):
    """The state of each field that the file names, and the fields whose state is new."""

    states: Mapping[str, str]
    fields: Collection[str]


def changes(item: Item, before: Mapping[str, str]) -> Changes:
    """The fields of the file, compared with the last time that a file named them."""
    named = {
        "name": item.name,
        "type": item.kind,
        "published": is_public(item),
        "visibility": item.hidden,
        "summary": item.summary,
        "description": item.description,
        "categories": item.categories,
        "tags": item.tags,
        "images": item.images,
        "external_url": item.external_url,
        "tax_class": item.tax_class,
    }
    if not _FACTS.issubset(item.unsaid):
        named["properties"] = (item.properties, sorted(_FACTS.intersection(item.unsaid)))
    if "type" not in item.unsaid:
        named["variants"] = (item.options, [(v.sku, v.name, v.options) for v in item.variants])
    states = {name: rules.fingerprint(value)[:16] for name, value in named.items() if name not in item.unsaid}
    return Changes(states, [name for name, state in states.items() if before.get(name) != state])


def sold(item: Item) -> tuple[records.Variant, ...]:
    """The variants that the file describes: none if it has none of the variations of a product."""
    return () if is_hollow(item) else item.variants


def is_hollow(item: Item) -> bool:
    """Whether the file has none of its variations, so that its only variant stands for them."""
    return "variants" in item.unsaid and "type" not in item.unsaid


def is_public(item: Item) -> bool:
    """Whether the file has it on sale: nothing is without a price."""
    blank = "regular" not in item.unsaid and any(variant.price is None for variant in sold(item))
    return item.status == "published" and not blank


def new(
    item: Item, description_html: str | None, *, skus: Sequence[str], currency: str, now: Instant
) -> ItemDraft:
    """A new item, its variants by these skus; one without a price is a draft priced at 0."""
    complete = not is_hollow(item) and all(variant.price is not None for variant in item.variants)
    return ItemDraft(
        name=item.name,
        slug=item.slug,
        kind=item.kind,
        tax_class=item.tax_class,
        status=_shown(item.hidden) if complete and item.status == "published" else "draft",
        summary=item.summary or None,
        **_description(item, description_html),
        categories=item.categories,
        tags=item.tags,
        images=_images(item),
        external_url=item.external_url,
        properties=item.properties,
        options=item.options,
        variants=tuple(
            offers.new(item, variant, sku, currency=currency, now=now)
            for variant, sku in zip(item.variants, skus, strict=True)
        ),
    )


def as_stored(stored: StoredItem) -> ItemDraft:
    """The item here as a draft that changes nothing."""
    same = {name: getattr(stored, name) for name in ItemDraft.__struct_fields__ if name not in _OTHER}
    return ItemDraft(
        **same,
        categories=None,
        tags=None,
        images=tuple(image.draft() for image in stored.images),
        variants=tuple(variant.draft() for variant in stored.variants),
    )


def with_fields(
    draft: ItemDraft, item: Item, description_html: str | None, changed: Changes, before: Mapping[str, str]
) -> ItemDraft:
    """The draft with the fields that have changed in the source, without its variants."""
    fields: dict[str, Any] = {}
    for name in changed.fields:
        match name:
            case "name" | "categories" | "tags" | "tax_class":
                fields[name] = getattr(item, name)
            case "summary":
                fields[name] = item.summary or None
            case "type":
                fields["kind"] = item.kind
            case "description":
                fields |= _description(item, description_html)
            case "external_url":
                fields[name] = item.external_url
            case "properties":
                fields[name] = _properties(draft, item)
            case "images":
                others = draft.images if is_hollow(item) else ()  # those of the variations
                urls = {image.url for image in item.images}
                fields["images"] = (*_images(item), *(image for image in others if image.url not in urls))
    draft = replace(draft, **fields, status=_status(draft, item, changed, before))
    return draft if draft.kind == "external" else replace(draft, external_url=None)


def with_variants(
    draft: ItemDraft,
    stored: StoredItem,
    item: Item,
    *,
    skus: Sequence[str],
    matches: Sequence[Variant | None],
    ended: Collection[str],
    sources: Mapping[str, SourceVariant],
    currency: str,
    now: Instant,
    structure: bool,
) -> ItemDraft:
    """The draft with the variants of the file, and those here that it does not name, by their prices.

    With `structure` the options and the choice of variants are those of the file too.
    """
    here = {variant.key: variant for variant in stored.variants}
    named: dict[str, VariantDraft] = {}
    for theirs, sku, match in zip(sold(item), skus, matches, strict=True):
        if match is None:
            named[sku.lower()] = offers.new(item, theirs, sku, currency=currency, now=now)
        else:
            last = sources.get(match.id)
            named[match.key] = offers.changed(item, theirs, match, last, structure=structure, now=now)
    if not structure:
        variants = [named.get(key, here[key].draft()) for key in here if key not in ended]
        return replace(draft, variants=tuple(variants)) if variants else replace(draft, status="draft")
    options = item.options if named else draft.options
    replaced = {theirs.external_id for theirs in sold(item)}
    names = {option.name for option in options}
    kept = {
        key: variant.draft()
        for key, variant in here.items()
        if key not in named and key not in ended and variant.options.keys() == names
        if variant.options not in [draft.options for draft in named.values() if draft.options]
        and not (variant.id in sources and (not names or sources[variant.id].external_id in replaced))
    }
    all_ = [*named.values(), *kept.values()]
    if kept and all(key in here for key in named):  # a part of the variants: in the order that they have
        all_ = [(named | kept)[key] for key in here if key in named or key in kept]
    if not all_:
        return replace(draft, status="draft")
    return replace(draft, options=_with_values(options, all_), variants=tuple(all_))


_FACTS = frozenset({"attributes", *FACTS})
_OTHER = ("slug", "variants", "categories", "tags", "images")


def _status(draft: ItemDraft, item: Item, changed: Changes, before: Mapping[str, str]) -> Status:
    """As the file has it, if that has changed; what it does not show is not shown with new content."""
    hidden = item.hidden
    if "visibility" in item.unsaid:
        hidden = draft.status == HIDDEN or before.get("visibility") == rules.fingerprint(True)[:16]
    if "published" in item.unsaid:
        public = draft.status in {"published", HIDDEN} and is_public(item)
    else:
        public = is_public(item)
    turned = {"published", "visibility"} & set(changed.fields)
    if turned or (changed.fields and not (public and not hidden)):
        if draft.status == "archived" and not turned:
            return draft.status
        return _shown(hidden) if public else "draft"
    return draft.status


def _properties(draft: ItemDraft, item: Item) -> tuple[Property, ...]:
    """Those of the file, and those here that its columns say nothing about, such as the unit of a weight."""
    here = {property.name: property for property in draft.properties}
    named = {
        property.name: here[property.name] if _is_measure(here.get(property.name), property) else property
        for property in item.properties
    }
    columns = {name: column for column, name in FACTS.items()}
    kept = {
        name: property for name, property in here.items() if columns.get(name, "attributes") in item.unsaid
    }
    return tuple((kept | named).values()) if kept.keys() - named else tuple(named.values())


def _is_measure(here: Property | None, theirs: Property) -> bool:
    return here is not None and here.value.startswith(f"{theirs.value} ")


def _shown(hidden: bool) -> Status:
    return HIDDEN if hidden else "published"


def _description(item: Item, html: str | None) -> dict[str, Any]:
    return {
        "description": item.description or None,
        "description_format": "html",
        "description_html": html,
    }


def _images(item: Item) -> tuple[ImageDraft, ...]:
    return tuple(ImageDraft(url=image.url, alt=image.alt) for image in item.images)


def _with_values(options: Sequence[Option], variants: Sequence[VariantDraft]) -> tuple[Option, ...]:
    """The options with the values of variants that stay although the file does not name them."""
    return tuple(
        replace(
            option,
            values=tuple(
                dict.fromkeys((*option.values, *(variant.options[option.name] for variant in variants)))
            ),
        )
        for option in options
    )
