"""Slugs: the readable part of a URL, made from a title in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated

from msgspec import Meta

from api.errors import Conflict
from api.text.folding import folded

LONGEST = 100

# JSON Schema cannot express "a letter of any script", so this excludes what no slug contains.
_LETTERS = (
    r"[^\s\x00-/:-@A-Z\[-`{-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7"
    r"\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u206f\u2190-\u2bff\u3000-\u3004\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0]+"
)
_LETTER = re.compile(_LETTERS)
PATTERN = rf"^{_LETTERS}(-{_LETTERS})*\Z"

Slug = Annotated[str, Meta(min_length=1, max_length=LONGEST, pattern=PATTERN)]
"""A slug as a client sends it; rules store its `normal` form."""


class SlugTaken(Conflict):
    """Something else of this kind already has the slug."""

    code, title = "slug-taken", "Slug taken"
    remedy = "Choose another slug, or leave it out to have a free one made from the title."


def slug_from(title: str) -> str:
    """A slug made from `title`, without accents on Latin letters; empty if it has no letter or digit."""
    return normal(folded(title, lower=str.lower))  # casefold is for comparing: it loses the final ς


def normal(text: str) -> str:
    """`text` in the form of a slug: lower-case letters and digits, hyphens between words, 100 characters."""
    words = [""]
    for character in unicodedata.normalize("NFC", text.lower()):
        is_mark = unicodedata.category(character) in ("Mn", "Mc")
        if _LETTER.match(character) and (character.isalnum() or (words[-1] and is_mark)):
            words[-1] += character
        elif character not in "'’" and words[-1]:
            words.append("")
    return _cut("-".join(word for word in words if word), LONGEST)


def composed(ref: str) -> str:
    """A slug from an address, in the form that is stored: some systems decompose its letters."""
    return unicodedata.normalize("NFC", ref)


def unique(slug: str, fallback: str, is_taken: Callable[[str], bool]) -> str:
    """`slug` (`fallback` for an empty one) or, when it is taken, the first free of slug-2, slug-3, …"""
    slug = slug or fallback
    if not is_taken(slug):
        return slug
    taken, free = 1, 2
    while is_taken(_numbered(slug, free)):  # doubling, then halving: 20 queries for the thousandth "Untitled"
        taken, free = free, free * 2
    while free - taken > 1:
        middle = (taken + free) // 2
        taken, free = (middle, free) if is_taken(_numbered(slug, middle)) else (taken, middle)
    return _numbered(slug, free)


def _numbered(slug: str, count: int) -> str:
    suffix = f"-{count}"
    return _cut(slug, LONGEST - len(suffix)) + suffix


def _cut(slug: str, length: int) -> str:
    return slug[:length].rstrip("-")
