"""Slugs: letters and digits of any script, lower case, hyphens between, unique."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.text import slugs


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("The quay at six", "the-quay-at-six"),
        ("Été à l’Œuvre — çà et là !", "ete-a-loeuvre-ca-et-la"),
        ("Straße", "strasse"),
        ("ΚΌΣΜΟΣ κόσμος", "κόσμος-κόσμος"),
        ("Ελληνικά γράμματα", "ελληνικά-γράμματα"),
        ("日本語 の 題", "日本語-の-題"),
        ("Ångström & Łódź", "angstrom-lodz"),
        ("100 % wool", "100-wool"),
        ("!!!", ""),
    ],
)
def test_a_slug_is_made_from_its_title(title, slug):
    assert slugs.slug_from(title) == slug


@example("❶ first")
@example("\u3164")
@given(st.text(max_size=300))
def test_a_slug_has_the_published_form_whatever_the_title(title):
    slug = slugs.slug_from(title)

    assert len(slug) <= slugs.LONGEST
    assert slug == unicodedata.normalize("NFC", slug)
    assert slug == "" or re.search(slugs.PATTERN, slug)


@given(st.text(max_size=150))
def test_a_slug_is_the_slug_of_itself(title):
    slug = slugs.slug_from(title)

    assert slugs.normal(slug) == slug


@given(st.text(alphabet="abc -", max_size=120), st.integers(0, 12))
def test_a_taken_slug_gets_the_first_free_number(title, taken_count):
    slug = slugs.slug_from(title) or "article"
    taken = {slug} if taken_count else set()
    for _ in range(taken_count):
        taken.add(slugs.unique(slug, "article", taken.__contains__))

    free = slugs.unique(slugs.slug_from(title), "article", taken.__contains__)

    assert free not in taken
    assert len(free) <= slugs.LONGEST
    assert re.search(slugs.PATTERN, free)
