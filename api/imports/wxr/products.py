"""Products of a WordPress export, whose price, stock and kind are in post meta."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from api.imports import products, text
from api.imports.assembly import assemble, withheld
from api.imports.embeds import linked
from api.imports.errors import ImportRefused
from api.imports.money import Notation
from api.imports.notes import MAX_LABEL, MAX_SUMMARY, Notes, RowNotes
from api.imports.paragraphs import paragraphed
from api.imports.products import Attribute, Pricing, Product
from api.imports.records import Image, Item, Offer, Withheld
from api.imports.wxr import phpserialize
from api.imports.wxr.rows import Post, taxonomy_of
from api.imports.wxr.terms import Terms
from api.shop.items.records import Property

_FACTS = ("_global_unique_id", "_weight", "_length", "_width", "_height")
READ_META = {
    *("_sku", "_price", "_regular_price", "_sale_price", "_sale_price_dates_from", "_sale_price_dates_to"),
    *("_manage_stock", "_stock", "_stock_status", "_virtual", "_downloadable", "_downloadable_files"),
    *("_product_attributes", "_product_image_gallery", "_product_url"),
    *_FACTS,
    *("_backorders", "_tax_class"),
}
AS_STORED = Notation(decimal=".", thousands=",")
BRANDS = ("product_brand", "pwb-brand", "yith_product_brand")
_HIDDEN = {"exclude-from-catalog", "exclude-from-search"}


class Shop:
    """The product rows with the terms and images of the rest of the file."""

    def __init__(
        self, path: str, terms: Terms, images: Mapping[str, Image], notes: Notes, exponent: int
    ) -> None:
        self._path = path
        self._terms = terms
        self._images = images
        self._notes = notes
        self._pricing = Pricing(exponent=exponent, notation=AS_STORED)
        self.shown: set[str] = set()
        self.withheld: tuple[Withheld, ...] = ()

    def items(self, posts: Sequence[Post]) -> tuple[Item, ...]:
        """The items; refused if a price or stock cannot be read."""
        for post in posts:
            self._terms.learn_values(post)
        attributes = {post.id: self._attributes(post) for post in posts if post.type == "product"}
        rows = [self._product(post, attributes) for post in posts]
        items = assemble(rows)
        self.withheld = withheld(rows, items)
        return items

    def _product(self, post: Post, attributes: Mapping[str, Mapping[str, Attribute]]) -> Product:
        notes = self._notes.row(post.type, post.external_id, post.label)
        is_variation = post.type == "product_variation"
        type_ = (
            "variation" if is_variation else next((t.name for t in post.in_domain("product_type")), "simple")
        )
        kind = products.kind_of(
            type_, virtual=post.first("_virtual") == "yes", downloadable=post.first("_downloadable") == "yes"
        )
        try:
            offer, stock = self._offer(post, type_, notes), _stock(post, notes)
        except ValueError as error:
            raise ImportRefused(self._path, f"{post.label}: {error}.", post.line, post.column) from error
        self._report_downloads(post, notes)
        for key in _FACTS if is_variation else ():
            if post.first(key).strip("0."):
                self._notes.unsupported("post meta", f"{key} of variations")
        return Product(
            notes=notes,
            ids=(f"id:{post.id}",),
            parent=f"id:{post.parent}",
            type=type_,
            sku=text.clean(post.first("_sku")) or None,
            name=text.plain(post.title) if is_variation else notes.name(post.title, "name", [post.slug]),
            kind=kind,
            status="published" if post.status == "publish" and not post.password else "draft",
            hidden={term.name for term in post.in_domain("product_visibility")} >= _HIDDEN,
            unsaid=("weight_g",),  # the file does not name its unit
            offer=offer,
            tax_class=products.tax_class(post.first("_tax_class"), notes),
            stock=stock,
            withdrawn=is_variation and post.status != "publish",
            slug=notes.slug(post.slug),
            summary=notes.cut(text.plain(post.excerpt), MAX_SUMMARY, "summary"),
            description=notes.cut_body(paragraphed(linked(post.body, notes)).strip(), "description"),
            categories=self._terms.product_paths_of(post),
            tags=products.labels((term.name for term in post.in_domain("product_tag")), notes),
            images=self._shown_images(post, notes),
            external_url=products.external_link(kind, post.first("_product_url"), notes),
            facts=() if is_variation else _facts(post),
            attributes=tuple(attributes.get(post.id, {}).values()),
            choices=self._choices(post, attributes.get(post.parent, {})) if is_variation else {},
            position=post.position,
            old_slugs=post.old_slugs,
            old_addresses=() if is_variation else post.addresses(self._terms.site),
            created_at=post.published_at,
        )

    def _offer(self, post: Post, type_: str, notes: RowNotes) -> Offer:
        if type_ == "variable":
            # one `_price` for the cheapest variation and one for the dearest, none of them its own
            prices = [self._pricing.price(p, notes) for p in post.meta.get("_price", ())]
            return Offer(regular=min((p for p in prices if p is not None), default=None))
        ends = _epoch(post.first("_sale_price_dates_to"))
        return self._pricing.offer(
            self._pricing.price(post.first("_regular_price") or post.first("_price"), notes),
            self._pricing.price(post.first("_sale_price"), notes),
            _epoch(post.first("_sale_price_dates_from")),
            ends + timedelta(seconds=1) if ends else None,  # the last second of the sale
            notes,
        )

    def _attributes(self, post: Post) -> dict[str, Attribute]:
        """By the keys that variations use: `pa_color`, or the slug of a name that was typed in."""
        written = post.first("_product_attributes")
        if not written:
            return {}
        try:
            stored = phpserialize.loads(written)
        except phpserialize.NotSerialised:
            self._notes.warn(
                post.type, post.external_id, post.label, "its attributes cannot be read and were left out"
            )
            return {}
        entries = stored if isinstance(stored, dict) else {}
        return {
            text.slug(str(key)) or "": self._attribute(post, entry)
            for key, entry in entries.items()
            if isinstance(entry, dict)
        }

    def _attribute(self, post: Post, entry: Mapping[str | int, phpserialize.Php]) -> Attribute:
        name = str(entry.get("name") or "")
        if entry.get("is_taxonomy"):
            name = taxonomy_of(name)
            values = tuple(term.name for term in post.in_domain(name))
            name = name.removeprefix("pa_").replace("-", " ").replace("_", " ").capitalize()
        else:
            values = tuple(filter(None, map(text.plain, str(entry.get("value") or "").split("|"))))
        return Attribute(name=text.plain(name)[:MAX_LABEL], values=values)

    def _choices(self, post: Post, attributes: Mapping[str, Attribute]) -> dict[str, str]:
        choices: dict[str, str] = {}
        for key in post.meta:
            if key.startswith("attribute_"):
                slug, value = text.slug(key.removeprefix("attribute_")) or "", post.first(key)
                attribute = attributes.get(slug)
                name = attribute.name if attribute else slug.removeprefix("pa_").capitalize()
                choices[name] = (
                    self._terms.value_of(slug, value)
                    if slug.startswith("pa_")
                    else _typed_value(value, attribute)
                )
        return choices

    def _shown_images(self, post: Post, notes: RowNotes) -> tuple[Image, ...]:
        listed = [post.first("_thumbnail_id"), *post.first("_product_image_gallery").split(",")]
        ids = [id_ for id_ in dict.fromkeys(map(str.strip, listed)) if id_ not in {"", "0", "-1"}]
        self.shown.update(ids)
        if missing := [id_ for id_ in ids if id_ not in self._images]:
            notes.warn(f"{len(missing)} of its images are not in this file")
        return tuple(self._images[id_] for id_ in ids if id_ in self._images)

    def _report_downloads(self, post: Post, notes: RowNotes) -> None:
        try:
            files = phpserialize.loads(post.first("_downloadable_files") or "a:0:{}")
        except phpserialize.NotSerialised:
            files = {"?": {"name": "a list of files that cannot be read"}}
        for entry in files.values() if isinstance(files, dict) else ():
            name = str(entry.get("name") or "") if isinstance(entry, dict) else ""
            notes.skip_part(
                "download", name or post.label, "downloads are not imported, since files are not fetched"
            )


def _typed_value(written: str, attribute: Attribute | None) -> str:
    """Of an attribute that is no taxonomy: the value itself, or its slug in old exports."""
    value = text.plain(written)
    slugs = {text.key(known): known for known in attribute.values} if attribute else {}
    return value if attribute and value in attribute.values else slugs.get(text.key(value), value)


def _facts(post: Post) -> tuple[Property, ...]:
    """Its brand, GTIN and measures; the file does not name the units."""
    return products.facts(
        brand=", ".join(dict.fromkeys(term.name for domain in BRANDS for term in post.in_domain(domain))),
        gtin=post.first("_global_unique_id"),
        weight=products.measured(post.first("_weight"), ""),
        dimensions=products.measured(
            " × ".join(filter(None, (post.first(f"_{side}") for side in ("length", "width", "height")))), ""
        ),
    )


def _stock(post: Post, notes: RowNotes) -> int | None:
    """The units, if they are counted; otherwise 0 if it is out of stock, and None if not."""
    written = post.first("_stock")
    if post.first("_manage_stock") == "yes" and written:
        if post.first("_backorders") in {"yes", "notify"}:
            notes.warn("it could be back-ordered; here it cannot")
        return products.units(written, notes)
    return 0 if post.first("_stock_status") == "outofstock" else None


def _epoch(written: str) -> datetime | None:
    if not written:
        return None
    if not re.fullmatch(r"[0-9]{1,11}", written):
        raise ValueError(f"“{written[:100]}” is not a time")
    return datetime.fromtimestamp(int(written), UTC)
