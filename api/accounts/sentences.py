"""Common sentences of many languages, since lists of leaked passwords are mostly English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import product

from api.text.folding import bare

_BESIDES_LETTERS = re.compile(r"[\W\d_]+")


def is_sentence(text: str) -> bool:
    """Whether the letters of `text` are a common sentence, whatever stands between and around them."""
    return _BESIDES_LETTERS.sub("", bare(text)) in sentences()


@cache
def sentences() -> frozenset[str]:
    """All of them, without spaces."""
    listed = resources.files(__package__).joinpath("common_sentences.txt").read_text("utf-8")
    lines = (bare(line).split() for line in listed.splitlines() if line and not line.startswith("#"))
    return frozenset("".join(words) for line in lines for words in product(*map(_alternatives, line)))


def _alternatives(word: str) -> Iterator[str]:
    yield from word.removesuffix("?").split("|")
    if word.endswith("?"):
        yield ""
