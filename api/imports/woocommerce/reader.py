"""The reader of WooCommerce product CSV: items with their variations, prices and stock."""

import re
from collections.abc import Container, Iterator, Mapping
from datetime import datetime

from api.imports import dates, money, products, skus, text
from api.imports.assembly import assemble, withheld
from api.imports.embeds import linked
from api.imports.notes import MAX_LABEL, MAX_SUMMARY, Notes, RowNotes
from api.imports.paragraphs import paragraphed
from api.imports.products import Attribute, Pricing, Product
from api.imports.records import Export, Field, Offer
from api.imports.sources import Readable, decoded, opened
from api.imports.woocommerce import values
from api.imports.woocommerce.csvfile import Record, Table, lines, split_list
from api.shop.items.records import Property

READ_COLUMNS = {
    *("id", "type", "sku", "name", "published", "visibility in catalog", "short description", "description"),
    *("date sale price starts", "date sale price ends", "in stock?", "stock", "sale price", "regular price"),
    *("categories", "tags", "images", "parent", "external url", "position"),
    *("tax class", "brands", "gtin", "weight", "length", "width", "height"),
    "grouped products",
}
COLUMNS: Mapping[Field, str] = {
    "type": "type",
    "name": "name",
    "published": "published",
    "visibility": "visibility in catalog",
    "summary": "short description",
    "description": "description",
    "categories": "categories",
    "tags": "tags",
    "images": "images",
    "regular": "regular price",
    "sale": "sale price",
    "sale_from": "date sale price starts",
    "sale_until": "date sale price ends",
    "tax_class": "tax class",
    "external_url": "external url",
    "attributes": "attribute 1 name",
    "brand": "brands",
    "gtin": "gtin",
    "weight": "weight",
    "dimensions": "length",
}
_FACTS = {"brands", "gtin", "weight", "length", "width", "height"}
PRICES = ("regular price", "sale price")
SAYS_NOTHING = {"", "0", "taxable", "standard", "parent", "no"}
_ATTRIBUTE_NAME = re.compile(r"attribute (\d+) name")
_DOWNLOAD_URL = re.compile(r"download (\d+) url")
_NUMBERED = re.compile(r"(attribute|download) \d+ .*")
_INTEGER = re.compile(r"-?[0-9]{1,12}(?:\.(?P<fraction>[0-9]+))?")


def read(
    source: Readable,
    *,
    currency_exponent: int = 2,
    now: datetime | None = None,  # noqa: ARG001 - all readers are called alike
) -> Export:
    """The records of the file, or ImportRefused with its line."""
    with opened(source) as (stream, path):
        content = decoded(stream, path)
    table = Table(content, path)
    records = table.records(_is_read)
    marks = money.notation(record[header] for record in records for header in PRICES)
    pricing = Pricing(exponent=currency_exponent, notation=marks)
    sheet = _Sheet(Notes(), pricing, table.units())
    products = [sheet.product(record) for record in records]
    items = assemble(products)
    return Export(
        format="woocommerce-csv",
        source="woocommerce",
        items=items,
        withheld=withheld(products, items),
        skipped=sheet.notes.skipped,
        warnings=sheet.notes.warnings,
    )


def unsaid_by(columns: Container[str]) -> tuple[Field, ...]:
    """The fields that a table with these columns says nothing about."""
    fields = tuple(field for field, header in COLUMNS.items() if header not in columns)
    return fields if "stock" in columns or "in stock?" in columns else (*fields, "stock")


class _Sheet:
    def __init__(self, notes: Notes, pricing: Pricing, units: Mapping[str, str]) -> None:
        self.notes = notes
        self._pricing = pricing
        self._units = units
        self._lost_of_variations = _FACTS - {"weight"} if units.get("weight") in products.GRAMS else _FACTS

    def product(self, record: Record) -> Product:
        """One row; its variations are rows of their own."""
        type_, *flags = [flag.casefold() for flag in split_list(record["type"])] or ["simple"]
        is_variation = type_ == "variation"
        unit = self._units.get("weight", "")
        unsaid = (
            unsaid_by(record.columns) if unit in products.GRAMS else (*unsaid_by(record.columns), "weight_g")
        )
        item_kind = products.kind_of(type_, virtual="virtual" in flags, downloadable="downloadable" in flags)
        id_ = _id(record)
        name = text.plain(record["name"])
        kind = "product_variation" if is_variation else "product"
        # the type that WordPress gives the row, so that the WXR of the same shop has the same ids
        by_sku = f"sku:{record['sku'].casefold()}" if record["sku"] else ""
        own = id_ or by_sku or text.derived(name, record["parent"], _choices(record))
        notes = self.notes.row(kind, f"{kind}:{own}", f"line {record.line}: {name or record['sku'] or type_}")
        sku = record["sku"] or None
        self._report_rest(record, notes, is_variation=is_variation)
        return Product(
            notes=notes,
            ids=tuple(ref for ref in (id_ and f"id:{id_}", sku and f"sku:{skus.folded(sku)}") if ref),
            parent=_parent(record) if is_variation else None,
            type=type_,
            sku=sku,
            name=name if is_variation or "name" in unsaid else notes.name(name, "name", [sku]),
            kind=item_kind,
            status="published" if _published(record) == 1 else "draft",
            hidden=_is_hidden(record, notes),
            unsaid=unsaid,
            offer=self._offer(record, notes),
            weight_g=products.grams(record["weight"], unit, notes) if "weight_g" not in unsaid else None,
            tax_class=products.tax_class(record["tax class"], notes),
            stock=_stock(record, notes),
            withdrawn=is_variation and _published(record) == 0,
            summary=notes.cut(text.plain(lines(record["short description"])), MAX_SUMMARY, "summary"),
            description=notes.cut_body(
                paragraphed(linked(lines(record["description"]), notes)).strip(), "description"
            ),
            categories=_paths(record["categories"], notes),
            tags=products.labels(split_list(record["tags"]), notes),
            images=products.images(split_list(record["images"]), notes),
            external_url=products.external_link(item_kind, record["external url"], notes)
            if "external_url" not in unsaid
            else None,
            facts=() if is_variation else self._facts(record),
            attributes=tuple(
                Attribute(name=title, values=values)
                for title, values in _attributes(record)
                if not is_variation
            ),
            choices=_choices(record) if is_variation else {},
            position=_integer(record, "position") or 0,
        )

    def _offer(self, record: Record, notes: RowNotes) -> Offer:
        begins = _date(record, "date sale price starts", ends=False)
        ends = _date(record, "date sale price ends", ends=True)
        full, reduced = self._price(record, "regular price", notes), self._price(record, "sale price", notes)
        return self._pricing.offer(full, reduced, begins, ends, notes)

    def _price(self, record: Record, header: str, notes: RowNotes) -> int | None:
        try:
            return self._pricing.price(record[header], notes)
        except ValueError as error:
            raise record.refused(header, error) from error

    def _facts(self, record: Record) -> tuple[Property, ...]:
        sides = [record[side] for side in ("length", "width", "height")]
        return products.facts(
            brand=", ".join(split_list(record["brands"])),
            gtin=record["gtin"],
            weight=products.measured(record["weight"], self._units.get("weight", "")),
            dimensions=products.measured(" × ".join(filter(None, sides)), self._units.get("length", "")),
        )

    def _report_rest(self, record: Record, notes: RowNotes, *, is_variation: bool) -> None:
        for header, value in record.fields.items():
            if is_variation and header in self._lost_of_variations and value.strip("0.,"):
                self.notes.unsupported("column", f"{header} of variations")
            if not _is_read(header) and value.casefold() not in SAYS_NOTHING:
                self.notes.unsupported("column", header or "without a name")
            if value and (match := _DOWNLOAD_URL.fullmatch(header)):
                label = record[f"download {match[1]} name"] or value
                notes.skip_part("download", label, "downloads are not imported, since files are not fetched")


def _is_read(header: str) -> bool:
    return header in READ_COLUMNS or bool(_NUMBERED.fullmatch(header))


def _id(record: Record) -> str:
    return str(id_) if (id_ := _integer(record, "id")) is not None else ""


def _parent(record: Record) -> str:
    """A variation names its product by sku, or by `id:123`."""
    parent = record["parent"]
    if parent.casefold().startswith("id:"):
        return parent.casefold().replace(" ", "")
    return f"sku:{skus.folded(parent)}"


def _published(record: Record) -> int:
    """1 live, 0 private, -1 draft; a file without the column is of live products."""
    if "published" not in record.columns:
        return 1
    if (answer := values.answer(record["published"])) is not None:
        return int(answer)
    number = _integer(record, "published")
    if number is None:
        return -1
    if number not in {-1, 0, 1}:
        raise record.refused("published", f"{number} is not 1, 0 or -1")
    return number


def _is_hidden(record: Record, notes: RowNotes) -> bool:
    """Whether the catalogue hides it; a word that is not known is no reason to show it."""
    match values.visibility(record["visibility in catalog"]):
        case "visible" | "hidden" as known:
            return known == "hidden"
        case "search" | "catalog" as where:
            notes.warn(f"it was visible in the {where} only; now it is visible everywhere")
            return False
        case unknown:
            notes.warn(f"its visibility “{unknown[:60]}” is not known, so it is hidden")
            return True


def _stock(record: Record, notes: RowNotes) -> int | str | None:
    """The units, if they are counted; otherwise `In stock?` decides."""
    written = record["stock"].casefold()
    if (in_stock := values.in_stock(record["in stock?"])) is None:
        raise record.refused("in stock?", f"“{record['in stock?'][:100]}” is neither 1 (yes) nor 0 (no)")
    if written == "parent":
        return "parent"
    if not written:
        return None if in_stock else 0
    if record["backorders allowed?"].casefold() not in {"", "0", "no"}:
        notes.warn("it could be back-ordered; here it cannot")
    try:
        return products.units(written, notes)
    except ValueError as error:
        raise record.refused("stock", error) from error


def _integer(record: Record, header: str) -> int | None:
    written = record[header]
    if not written:
        return None
    match = _INTEGER.fullmatch(written)
    if not match or (match["fraction"] or "").strip("0"):
        raise record.refused(header, f"“{written[:100]}” is not a whole number")
    return int(written.partition(".")[0])


def _date(record: Record, header: str, *, ends: bool) -> datetime | None:
    try:
        return dates.end_of(record[header]) if ends else dates.moment(record[header])
    except ValueError as error:
        raise record.refused(header, f"{error}: write it as 2026-12-31") from error


def _paths(written: str, notes: RowNotes) -> tuple[tuple[str, ...], ...]:
    """Categories from the root down; a parent listed beside its child counts: the item is in both."""
    paths = (
        tuple(
            notes.cut_middle(name, MAX_LABEL, "category") for n in path.split(">") if (name := text.plain(n))
        )
        for path in split_list(written)
    )
    return tuple(dict.fromkeys(path for path in paths if path))


def _attributes(record: Record) -> Iterator[tuple[str, tuple[str, ...]]]:
    for header in record.columns:
        if (match := _ATTRIBUTE_NAME.fullmatch(header)) and (name := text.plain(record[header])):
            values = map(text.plain, split_list(record[f"attribute {match[1]} value(s)"]))
            yield name[:MAX_LABEL], tuple(values)


def _choices(record: Record) -> dict[str, str]:
    """The options of a variation: one value of each attribute, or "" for any."""
    return {name: values[0] if values else "" for name, values in _attributes(record)}
