"""Folding: what a slug leaves out, a search leaves out too."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.storage.search import words
from api.text.folding import bare, folded
from api.text.slugs import slug_from


@pytest.mark.parametrize(
    ("name", "slug"), [("Ħamrun", "hamrun"), ("Øre", "ore"), ("Þingvellir", "thingvellir"), ("Łódź", "lodz")]
)
def test_the_word_of_a_name_is_its_slug(name, slug):
    assert (slug_from(name), words(name)) == (slug, [slug])


@given(st.text(max_size=80))
def test_whatever_a_slug_folds_search_folds_alike(text):
    assert bare(folded(text)) == bare(text)


def test_every_letter_is_folded_alike_by_slugs_and_search():
    letters = (f"a{chr(code)}b" for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)

    assert [text for text in letters if bare(folded(text)) != bare(text)] == []
