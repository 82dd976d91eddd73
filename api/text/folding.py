"""Letters without what people leave out when they type: one table, so that slugs and search fold alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_UNDECOMPOSED = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ß": "ss",
}  # fmt: skip
_ODD = re.compile(f"[{''.join(_UNDECOMPOSED)}]|[\u0300-\U0010ffff]")


def folded(text: str, *, lower: Callable[[str], str] = str.casefold) -> str:
    """`text` without case, and without the accents of Latin letters; other scripts keep their marks."""
    letters = []
    latin = False
    for character in _decomposed(text, lower):
        if latin and unicodedata.category(character) == "Mn":
            continue
        latin = character.isascii() or "LATIN" in unicodedata.name(character, "")
        letters.append(_UNDECOMPOSED.get(character, character))
    return "".join(letters)


def bare(text: str) -> str:
    """`text` without case, and without the marks of any script."""
    return _ODD.sub(_without_mark, _decomposed(text))


def _decomposed(text: str, lower: Callable[[str], str] = str.casefold) -> str:
    # Twice: folding the case of one letter may leave another that can be decomposed.
    return unicodedata.normalize("NFKD", lower(unicodedata.normalize("NFKD", text)))


def _without_mark(match: re.Match[str]) -> str:
    character = match[0]
    is_mark = unicodedata.combining(character) or unicodedata.category(character) == "Mn"
    return "" if is_mark else _UNDECOMPOSED.get(character, character)
