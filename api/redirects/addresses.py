"""Addresses on this site, in the one form in which they are stored and compared.

The path is decoded, in NFC, and has no final slash. Case counts. The parameters of the query are a set. A
request is looked for with all of its parameters, then with each one alone, then with none, so that
`/?p=7&utm_source=x` finds `/?p=7`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from unicodedata import normalize
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from msgspec import Struct

MOST_PARAMETERS = 10
"""Parameters of a request that are looked for one by one; an address to be stored has no more."""
LONGEST = 2_400
"""Bytes of an address; PostgreSQL's indexes take 2,700."""

_NO_PATH = re.compile(r"//|/\.{1,2}(/|\Z)|[\x00-\x1f\x7f-\x9f\\]|\A/v1(/|\Z)")
_ESCAPED = re.compile(r"[\s%?#\"<>^`{|}]")


class Address(Struct, frozen=True):
    """A path and a query on this site."""

    path: str
    query: str = ""

    def __str__(self) -> str:
        path = _ESCAPED.sub(lambda character: quote(character[0]), self.path)
        return f"{path}?{self.query}" if self.query else path

    @property
    def queries(self) -> tuple[str, ...]:
        """The queries of redirects that serve a request of this address, the best first."""
        pairs = _pairs(self.query)[:MOST_PARAMETERS]
        return tuple(dict.fromkeys((self.query, *(urlencode([pair]) for pair in pairs), "")))

    def is_served_by(self, other: Address) -> bool:
        """Whether a redirect from `other` serves a request of this address."""
        return self.path == other.path and other.query in self.queries

    @property
    def is_storable(self) -> bool:
        """Whether a request can have this address, and an index take it."""
        return (
            self.path.startswith("/")
            and _NO_PATH.search(self.path) is None
            and len(_pairs(self.query)) <= MOST_PARAMETERS
            and len(str(self).encode()) <= LONGEST
        )


def requested(path: str, query: str) -> Address:
    """The address of a request, whose path is decoded already."""
    path = normalize("NFC", path)
    return Address(path.rstrip("/") or "/", urlencode(sorted(set(_pairs(query)))))


def parsed(url: str) -> Address | None:
    """The address in a path, or in a URL of whatever site; None if no request can have it."""
    with suppress(ValueError):
        parts = urlsplit(url)
        address = requested(unquote(parts.path or "/", errors="strict"), parts.query)
        if address.is_storable:
            return address
    return None


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True, errors="replace") if query else []
