"""The countries of the world, by the names that a buyer knows, and whether the shop ships there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from babel import Locale, UnknownLocaleError

from api.settings.countries import CODES
from api.shop.shipping import queries
from api.storage import Transaction


def served(tx: Transaction, *, currency: str) -> Callable[[str], bool]:
    """A function that says if a method goes to some part of a country, or the shop has none at all."""
    methods = queries.list_active(tx, currency=currency)
    everywhere = not methods or any(not method.countries for method in methods)
    named = {country for method in methods for country in method.countries}
    return lambda code: everywhere or code in named


SPOKEN = ("en", "fr", "de", "es", "it", "pt", "nl", "pl")
"""The languages of names besides those of the site: few, since each takes a megabyte of memory."""


@cache
def names(language: str) -> dict[str, str]:
    """Code → name in the language, in English where Babel does not know it; by name."""
    known = {**Locale("en").territories, **_locale(language).territories}
    return dict(sorted(((code, known[code]) for code in CODES), key=lambda each: each[1]))


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
