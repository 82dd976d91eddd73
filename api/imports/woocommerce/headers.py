"""The headers of product tables, in English whatever the language of the shop that exported them."""

import re
import unicodedata
from collections.abc import Sequence

from api.imports import text
from api.imports.woocommerce.translations import TRANSLATIONS

_UNIT = re.compile(r"(?P<header>.*\S)\s*\((?P<unit>\w{1,4})\)")
_MEASURES = ("weight", "length", "width", "height")
_IDENTITY = {"id", "sku"}
_OFFER = {"stock", "in stock?", "regular price", "sale price"}
_KNOWN = {"type", "published", "categories", "visibility in catalog", *_OFFER}


def are_of_products(headers: Sequence[str]) -> bool:
    """Whether these English headers are those of a product table, in which most columns are optional."""
    names = set(headers)
    return bool(
        (names & {"name", "sku"} and len(names & _KNOWN) >= 2) or (names & _IDENTITY and names & _OFFER)
    )


def english(cells: Sequence[str]) -> list[str]:
    """The headers in English and without case; one that is not known stays as it is.

    Where the English header is there too, its translation is a column of the shop's own.
    """
    written = [_folded(cell) for cell in cells]
    return [
        header if (name := _english(header)) in written and name != header else name for header in written
    ]


def unit_of(cell: str) -> str:
    """`kg` of `Weight (kg)`, in any language; empty for other columns."""
    match = _UNIT.fullmatch(_folded(cell))
    return match["unit"] if match and _NAMES.get(match["header"]) in _MEASURES else ""


def _english(header: str) -> str:
    match = _UNIT.fullmatch(header)
    if match and (measure := _NAMES.get(match["header"])) in _MEASURES:
        return measure
    number = re.search(r"[0-9]+", header)
    general = header.replace(number[0], "#", 1) if number else header
    name = _NAMES.get(general, general)
    return name.replace("#", number[0], 1) if number else name


def _folded(header: str) -> str:
    """Without case, and without the differences of apostrophes and blanks between versions."""
    folded = " ".join(unicodedata.normalize("NFKC", text.clean(header)).casefold().split())
    return re.sub(r" (?=\?)|^¿", "", folded.replace("’", "'"))


_NAMES = {
    _folded(form): name
    for language in TRANSLATIONS.values()
    for name, forms in language.items()
    for form in forms.split("|")
}
