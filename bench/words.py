"""Random texts whose words are as unevenly distributed as in any language, so that searches cost the same."""

from __future__ import annotations

import random
from itertools import accumulate

_SYLLABLES = ("an", "bel", "cor", "da", "el", "fin", "gar", "ho", "il", "jun", "ka", "lo", "mer", "no", "or")
WORDS = tuple(
    first + second + third for first in _SYLLABLES for second in _SYLLABLES for third in _SYLLABLES[:12]
)
_CUMULATIVE = tuple(accumulate(1 / (rank + 2) for rank in range(len(WORDS))))


def title(chance: random.Random) -> str:
    """Five words."""
    return " ".join(_draw(chance, 5)).capitalize()


def text(chance: random.Random, length: int) -> str:
    """About `length` characters of sentences in paragraphs."""
    drawn = _draw(chance, length // 7)
    sentences = [" ".join(drawn[start : start + 11]).capitalize() + "." for start in range(0, len(drawn), 11)]
    paragraphs = [" ".join(sentences[start : start + 5]) for start in range(0, len(sentences), 5)]
    return "\n\n".join(paragraphs)


def _draw(chance: random.Random, count: int) -> list[str]:
    return chance.choices(WORDS, cum_weights=_CUMULATIVE, k=count)
