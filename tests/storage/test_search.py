"""Search: our own words, title before tags before body, and nothing that a person types is an error."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.articles.writing.tables import article_words
from api.storage.search import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L’Été, çà et là!", ["l", "ete", "ca", "et", "la"]),
        ("Œuvre naïve", ["oeuvre", "naive"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("C++ and 3.14", ["c", "and", "3", "14"]),
        ("日本 x", ["日", "本", "x"]),
        ("Ελλάδα", ["ελλαδα"]),
        ("***", []),
    ],
)
def test_words_are_folded_and_split(text, found):
    assert words(text) == found


@given(st.text(max_size=80))
def test_the_words_of_words_are_themselves(text):
    found = words(text)

    assert words(" ".join(found)) == found


@given(st.text())
def test_an_ideograph_splits_no_other_text(text):
    assert words(f"{text} 海") == [*words(text), "海"]


def ranked(tx, typed: str) -> list[tuple[int, int]]:
    hits = article_words.hits(tx.dialect)
    statement = sa.select(hits.number).where(hits.fit).order_by(hits.number)
    return [
        (rank, number)
        for rank, query in enumerate(article_words.queries(typed, tx.dialect))
        for (number,) in tx.rows(statement, words=query)
    ]


def test_a_hit_in_the_title_comes_before_tags_before_body(db):
    with db.write() as tx:
        article_words.put(tx, 1, title="Tea", tags=["drinks"], body="a harbour at night")
        article_words.put(tx, 2, title="Coffee", tags=["Harbour"], body="black")
        article_words.put(tx, 3, title="The harbour", tags=[], body="ships")

        assert ranked(tx, "HÁRBOUR") == [(0, 3), (1, 2), (2, 1)]
        assert ranked(tx, "harbour night") == [(2, 1)]
        assert ranked(tx, "harbour coffee") == [(1, 2)]
        assert ranked(tx, "harbour the") == [(0, 3)]
        assert ranked(tx, "harbour absent") == []


def test_an_index_forgets_what_is_replaced_or_removed(db):
    with db.write() as tx:
        article_words.put(tx, 1, title="old", tags=[], body="")
        article_words.put(tx, 1, title="new", tags=[], body="")
        assert (ranked(tx, "old"), ranked(tx, "new")) == ([], [(0, 1)])

        article_words.move(tx, 1, to=2)
        assert ranked(tx, "new") == [(0, 2)]

        article_words.remove(tx, 2)
        assert ranked(tx, "new") == []


@pytest.mark.parametrize(
    "typed", ['"', "*", "NEAR(", "a AND", "a:b", "-x", "title:x", "{a}", "'", "a OR b", "(", "\\", "%"]
)
def test_operators_are_only_characters(db, typed):
    with db.write() as tx:
        article_words.put(tx, 1, title="a b", tags=[], body="near x title and or")
        ranked(tx, typed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=30))
def test_a_text_is_found_by_its_own_words(db, text):
    with db.rehearse() as tx:
        article_words.put(tx, 1, title=text, tags=[], body="")

        found = ranked(tx, text)

    assert found == ([(0, 1)] if words(text) else [])


def test_a_text_with_more_words_than_fit_is_found_by_the_first_of_them(db):
    text = " ".join(f"w{number}" for number in range(200_000))

    with db.rehearse() as tx:
        article_words.put(tx, 1, title="title", tags=[], body=text)

        assert [ranked(tx, typed) for typed in ("title", "w1", "w199999")] == [[(0, 1)], [(2, 1)], []]
