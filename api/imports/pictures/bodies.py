"""Texts as their authors wrote them, with other addresses of pictures in the place of some."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from urllib.parse import unquote

_ADDRESS = re.compile(
    r"(?<![\w/:.%&?=-])(?:https?:)?/[^\s\"'<>\\`]{1,2000}|(?<==)(?:https?:)?//[^\s\"'<>\\`]{1,2000}"
)
_ENDING = re.compile(r"[()\[\],]")
_MOST_ENDINGS = 20
_SRCSET = re.compile(r"(\ssrcset\s*=\s*)(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_SOURCE = re.compile(r"([^\s,][^\s]*[^\s,])")


def rewritten(source: str, addresses: Mapping[str, str], variant: Callable[[str], str | None]) -> str:
    """The text with the new addresses in place of the old ones, as its HTML names these.

    `variant` knows those of a `srcset`, which no HTML here has.
    """
    known = {unquote(old): new for old, new in addresses.items()}
    text = _SRCSET.sub(lambda one: one[1] + _SOURCE.sub(lambda each: _or(variant, each[1]), one[2]), source)
    return "".join(_pieces(text, known))


def _pieces(text: str, known: Mapping[str, str]) -> Iterator[str]:
    done = 0
    while match := _ADDRESS.search(text, done):
        endings = islice(_ENDING.finditer(text, *match.span()), _MOST_ENDINGS)
        ends = [ending.start() for ending in endings]
        for end in (match.end(), *reversed(ends)):
            written = text[match.start() : end]
            new = known.get(unquote(written)) or known.get(unquote(html.unescape(written)))
            if new is not None:
                yield text[done : match.start()] + new
                break
        else:
            end = max(ends[0] if ends else match.end(), match.start() + 1)
            yield text[done:end]
        done = end
    yield text[done:]


def _or(variant: Callable[[str], str | None], written: str) -> str:
    """The new address in place of one in an attribute, whose quotes may stand around it."""
    bare = written.strip("\"'")
    new = variant(html.unescape(bare))
    return written if new is None else written.replace(bare, new)
