"""The format of a file, recognised by its content; any other file is refused with what it is."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import BinaryIO

from api.imports import ghost, jsonfile, woocommerce, wxr
from api.imports.errors import CONTROL, ImportRefused
from api.imports.ghost import members
from api.imports.records import Export, Format
from api.imports.sources import Readable, decoded, named, opened
from api.imports.wxr import xmlstream
from api.imports.wxr.rows import EXPORT_NAMESPACE

HEAD = 4_096
MOST_NULS = 20
"""One in so many bytes: more are no text."""
UNKNOWN_TABLE = (
    "This file is a table with unknown headers and cannot be imported: if WooCommerce exported it in another "
    "language, set the language of your WordPress profile to English and export it again."
)

READERS: Mapping[Format, Callable[..., Export]] = {
    "wxr": wxr.read,
    "woocommerce-csv": woocommerce.read,
    "ghost-json": ghost.read,
    "ghost-members-csv": members.read,
}

_MAGIC = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet: unpack it, or save it as CSV",
    b"\x1f\x8b": "compressed with gzip: unpack it first",
    b"SQLite format 3": "an SQLite database",
    b"%PDF": "a PDF document",
}
_XML_ROOTS = {
    "rss": "an RSS feed, not a WordPress export",
    "{http://www.w3.org/2005/Atom}feed": "an Atom feed",
    "{http://www.sitemaps.org/schemas/sitemap/0.9}urlset": "a sitemap",
    "html": "a web page",
    "{http://www.w3.org/1999/xhtml}html": "a web page",
}
_CSV_KINDS: Mapping[str, frozenset[str]] = {
    "a list of WooCommerce tax rates (prices in Kiosque include tax)": frozenset(
        {"country code", "rate %", "tax name"}
    ),
    "a product list of Shopify": frozenset({"handle", "variant sku"}),
}


def read(source: Readable, *, currency_exponent: int = 2, now: datetime | None = None) -> Export:
    """The records of a file in any supported format, or ImportRefused."""
    return READERS[detect(source)](source, currency_exponent=currency_exponent, now=now)


def detect(source: Readable) -> Format:
    """The format, whatever the file name; ImportRefused for anything else."""
    with opened(source) as (stream, path):
        head = stream.read(HEAD)
        stream.seek(0)
        _refuse_what_is_no_text(head, path)
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if start.startswith((b"<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")):
            return _xml(stream, path, start)
        if start.startswith((b"{", b"[")):
            return _json(stream, path)
        return _csv(stream, path)


def _refuse_what_is_no_text(head: bytes, path: str) -> None:
    if not head.strip():
        raise ImportRefused(path, "The file is empty.")
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise ImportRefused(path, f"This file is {what}.")
    if b"\x00" in head and not head.startswith((b"\xff\xfe<", b"\xfe\xff\x00<")):
        if head.count(b"\x00") > len(head) // MOST_NULS:
            raise ImportRefused(path, "This file is not UTF-8 text and cannot be imported.")
        before = head[: head.index(b"\x00")]
        column = len(before) - before.rfind(b"\n")
        raise ImportRefused(path, CONTROL.format(named("\0")), before.count(b"\n") + 1, column)


def _xml(stream: BinaryIO, path: str, start: bytes) -> Format:
    if start[:14].lower() == b"<!doctype html" or start[:5].lower() == b"<html":
        raise _other(path, "a web page")
    root = xmlstream.root(stream, path)
    if root.tag == "rss" and any(map(EXPORT_NAMESPACE.fullmatch, root.namespaces)):
        return "wxr"
    raise _other(path, _XML_ROOTS.get(root.tag, "XML of an unknown kind"))


def _json(stream: BinaryIO, path: str) -> Format:
    document = jsonfile.load(stream, path)
    if ghost.is_export(document):
        return "ghost-json"
    if isinstance(document, list) and document and isinstance(document[0], dict) and "model" in document[0]:
        models = {str(row.get("model", "")).partition(".")[0] for row in document if isinstance(row, dict)}
        saleor = {"product", "channel"} <= models or {"product", "warehouse"} <= models
        raise _other(path, "a Saleor fixture" if saleor else "a Django fixture")
    raise _other(path, "JSON of an unknown kind")


def _csv(stream: BinaryIO, path: str) -> Format:
    content = decoded(stream, path)
    headers = woocommerce.Table(content, path).headers()
    if set(headers) >= members.COLUMNS:
        return "ghost-members-csv"
    for what, needed in _CSV_KINDS.items():
        if needed <= set(headers):
            raise _other(path, what)
    if woocommerce.are_of_products(headers):
        return "woocommerce-csv"
    if len(headers) > 1:
        raise ImportRefused(path, UNKNOWN_TABLE, 1)
    raise _other(path, "text of an unknown kind")


def _other(path: str, what: str) -> ImportRefused:
    return ImportRefused(path, f"This file is {what} and cannot be imported.")
