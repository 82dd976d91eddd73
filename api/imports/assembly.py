"""Items made of product rows: variations under their product, with the options that distinguish them."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from api.imports import skus
from api.imports.notes import MAX_LABEL, MAX_NAME
from api.imports.products import ANY, Product, properties
from api.imports.records import Field, Item, Variant, Withheld
from api.shop.items.records import Option
from api.shop.variants.records import STANDARD

OF_ITEMS: tuple[Field, ...] = (
    *("type", "name", "published", "visibility", "summary", "description", "categories", "tags", "images"),
    *("tax_class", "variants", "external_url", "attributes", "brand", "gtin", "weight", "dimensions"),
)


def assemble(products: Iterable[Product]) -> tuple[Item, ...]:
    """Items in the order of their rows; a variation may stand before its product."""
    rows = _without_repeats([row for row in products if _has_place(row)])
    parents = {ref: row for row in reversed(rows) if row.type != "variation" for ref in row.ids}
    children: dict[str, list[Product]] = {}
    alone: set[str] = set()
    for row in rows:
        if row.type == "variation":
            parent = parents.get(row.parent or "")
            if parent is None:
                alone.add(row.external_id)
            elif parent.type == "variable":
                children.setdefault(parent.external_id, []).append(row)
            else:
                row.notes.skip("its product has no variations")
    return tuple(
        _variable(row, sorted(children.get(row.external_id, ()), key=lambda child: child.position))
        if row.type == "variable"
        else _single(row)
        for row in rows
        if row.type != "variation" or row.external_id in alone
    )


def withheld(products: Iterable[Product], items: Iterable[Item]) -> tuple[Withheld, ...]:
    """The products that became no item and are not public in the source."""
    made = {item.external_id for item in items}
    return tuple(
        Withheld(
            kind="item",
            external_id=row.external_id,
            title=row.name,
            slug=row.slug,
            skus=(row.sku,) if row.sku else (),
            created_at=row.created_at,
        )
        for row in products
        if row.status == "draft" and row.type != "variation" and row.external_id not in made
    )


def _has_place(row: Product) -> bool:
    match row.type:
        case "simple" | "variable" | "variation" | "external":
            return True
        case "grouped":
            row.notes.skip("grouped products are not supported; their members are imported")
        case other:
            row.notes.skip(f"products of type “{other[:40]}” are not supported")
    return False


def _without_repeats(rows: Sequence[Product]) -> list[Product]:
    """Skus and ids are unique: the first row keeps them."""
    unique, taken = [], dict[str, str]()
    for row in rows:
        names = {f"id {row.external_id}": row.external_id} | (
            {f"sku {row.sku}": f"sku:{skus.folded(row.sku)}"} if row.sku else {}
        )
        repeated = next((name for name, folded in names.items() if folded in taken), None)
        if repeated:
            first = taken[names[repeated]]
            row.notes.skip(f"its {repeated} is already used by {first}")
        else:
            taken |= dict.fromkeys(names.values(), row.notes.label)
            unique.append(row)
    return unique


def _single(row: Product) -> Item:
    variant = _variant(row, name=row.name, stock=row.stock if isinstance(row.stock, int) else None)
    if row.type == "variation" and not _can_be_sold(row):
        return _item(row, variants=(), ended=(variant,))
    return _item(row, variants=(variant,))


def _variable(row: Product, variations: Sequence[Product]) -> Item:
    sellable = {child.external_id: _can_be_sold(child) for child in variations}
    offered = [child for child in variations if sellable[child.external_id]]
    ended = [child for child in variations if not sellable[child.external_id]]
    options = _options(row, offered)
    variants: dict[tuple[str, ...], Variant] = {}
    own_class = row.tax_class or STANDARD
    for variation in offered:
        chosen = {option.name: _choice(variation, option.name) or ANY for option in options}
        if twin := variants.get(tuple(chosen.values())):
            variation.notes.skip(f"its options are the same as those of {twin.name}")
            continue
        variants[tuple(chosen.values())] = _variant(
            variation,
            name=_name(row, variation, chosen),
            stock=_stock(row, variation, shared=len(offered) > 1),
            options=chosen,
            weight_g=row.weight_g,
        )
        if (variation.tax_class or own_class) != own_class:
            variation.notes.warn(f"variations have the tax class of their product, {own_class}")
    choices = {option.name for option in options} | {name for child in offered for name in child.choices}
    kinds = {child.kind for child in offered}
    kind = kinds.pop() if row.kind == "physical" and len(kinds) == 1 else row.kind
    item = _item(
        row,
        variants=tuple(variants.values()) or (_variant(row, name=row.name, stock=None),),
        ended=tuple(_variant(child, name=child.name, stock=None) for child in ended),
    )
    return replace(
        item,
        kind=kind,
        options=options,
        images=tuple(dict.fromkeys((*row.images, *(image for child in offered for image in child.images)))),
        properties=properties(row, [a for a in row.attributes if a.name not in choices])
        if variants
        else properties(row, ()),
        unsaid=item.unsaid if variants else (*item.unsaid, "variants", "attributes"),
    )


def _item(row: Product, *, variants: tuple[Variant, ...], ended: tuple[Variant, ...] = ()) -> Item:
    return Item(
        external_id=row.external_id,
        source="woocommerce",
        sku=row.sku,
        name=row.name,
        slug=row.slug,
        kind=row.kind,
        status=row.status,
        tax_class=row.tax_class or STANDARD,
        hidden=row.hidden,
        summary=row.summary,
        description=row.description,
        categories=row.categories,
        tags=row.tags,
        images=row.images,
        external_url=row.external_url,
        properties=properties(row, row.attributes),
        variants=variants,
        ended=ended,
        unsaid=(*OF_ITEMS, *row.unsaid) if row.type == "variation" else row.unsaid,
        old_slugs=row.old_slugs,
        old_addresses=row.old_addresses,
        created_at=row.created_at,
    )


def _variant(
    row: Product,
    *,
    name: str,
    stock: int | None,
    options: Mapping[str, str] | None = None,
    weight_g: int | None = None,
) -> Variant:
    """The variant of a row, which weighs `weight_g` if the row does not say."""
    return Variant(
        external_id=row.external_id,
        sku=row.sku,
        name=name,
        regular=row.offer.regular,
        sale=row.offer.sale,
        sale_from=row.offer.sale_from,
        sale_until=row.offer.sale_until,
        stock=stock,
        weight_g=weight_g if row.weight_g is None else row.weight_g,
        options=options or {},
    )


def _can_be_sold(variation: Product) -> bool:
    if variation.withdrawn:
        variation.notes.skip("this variation is disabled")
    elif variation.offer.price is None and "regular" not in variation.unsaid:
        variation.notes.skip("this variation has no price, so it is not for sale")
    else:
        if variation.description:
            variation.notes.skip_part(
                "description", variation.notes.label, "variants have no description of their own"
            )
        return True
    return False


def _options(row: Product, offered: Sequence[Product]) -> tuple[Option, ...]:
    """The options of the variations; one that all of them leave open ("any") is dropped."""
    declared = {a.name: tuple(value[:MAX_LABEL] for value in a.values) for a in row.attributes}
    known = {name.casefold() for name in declared}
    extra = {name: () for child in offered for name in child.choices if name.casefold() not in known}
    options = []
    for name, values in (declared | extra).items():
        used = {value for child in offered if (value := _choice(child, name))}
        open_to_any = any(not _choice(child, name) for child in offered)
        if used:
            ordered = [
                *(v for v in values if v in used),
                *sorted(used.difference(values)),
                *([ANY] if open_to_any else []),
            ]
            options.append(Option(name=name, values=tuple(ordered)))
        elif any(name.casefold() in map(str.casefold, child.choices) for child in offered):
            row.notes.warn(
                f"buyers could choose any {name} ({', '.join(values)[:200]}); this option was dropped"
            )
    return tuple(options)


def _choice(variation: Product, option: str) -> str:
    chosen = (value for name, value in variation.choices.items() if name.casefold() == option.casefold())
    return next(chosen, "")[:MAX_LABEL]


def _name(row: Product, variation: Product, chosen: dict[str, str]) -> str:
    """The part after the product's name, as WooCommerce writes it, or else the options."""
    own = variation.name.removeprefix(row.name).strip(" -–")
    return (own or ", ".join(chosen.values()) or row.name)[:MAX_NAME]


def _stock(row: Product, variation: Product, *, shared: bool) -> int | None:
    """Stock is counted per variant here, so units that variations share go to none of them."""
    if isinstance(variation.stock, int) or not isinstance(row.stock, int):
        return variation.stock if isinstance(variation.stock, int) else None
    if not shared:
        return row.stock
    variation.notes.warn(
        f"{row.stock} units are shared by all variations, so it starts at 0: count its own stock"
    )
    return 0
