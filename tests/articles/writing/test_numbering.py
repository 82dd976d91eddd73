"""The numbers of articles: in the order of the list whatever is published when, and never twice the same."""

from __future__ import annotations

from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from api import times
from api.articles.writing import listing, publication, republishing
from api.articles.writing.drafts import ArticleDraft, typeset
from api.articles.writing.numbering import ROOM, mark, marked, place
from api.articles.writing.records import Filter
from api.articles.writing.republishing import Republication
from api.articles.writing.schemas import ArticlesQuery
from api.storage import Keyset
from api.times import Instant
from tests.factories import make_article, make_viewer

NOON = Instant("2026-01-01T12:00:00.000Z")
instants = st.datetimes(timezones=st.just(UTC)).map(times.instant)


@given(instants, instants)
def test_what_is_listed_later_has_the_greater_number(one, other):
    assert (one < other) == (place(one) + ROOM <= place(other))


@given(instants, st.integers(0, 10**9))
def test_the_mark_of_a_number_is_the_way_back_to_it(at, behind):
    number = place(at) + behind

    assert marked(at, mark(number, at)) == number


def test_the_id_of_an_article_stands_for_the_first_of_its_instant():
    assert marked(NOON, "art_01kah2v3w4x5y6z7a8b9c0d1e2") == place(NOON)


def test_articles_of_one_instant_are_found_one_after_the_other_however_many(db):
    with db.write() as tx:
        author = make_viewer(tx)
        old = make_article(tx, author=author, publish_at=times.later(NOON, minutes=-1))
        made = [make_article(tx, author=author, publish_at=NOON) for _ in range(3 * ROOM)]
        new = make_article(tx, author=author, publish_at=times.later(NOON, minutes=1))

    assert [article.id for article in walk(db, "fog")] == [a.id for a in (new, *reversed(made), old)]


def test_an_article_is_found_at_the_place_of_its_new_date(db):
    with db.write() as tx:
        author = make_viewer(tx)
        one, other = (
            make_article(tx, author=author, title=f"Fog {day}", publish_at=f"2026-01-0{day}T00:00:00.000Z")
            for day in (1, 2)
        )
        assert [article.id for article in walk(db, "fog", tx)] == [other.id, one.id]

        one = publication.publish(tx, one, publish_at=Instant("2026-01-03T00:00:00.000Z"))
        assert [article.id for article in walk(db, "fog", tx)] == [one.id, other.id]

        publication.withdraw(tx, one)
        assert [article.id for article in walk(db, "fog", tx)] == [other.id]


def test_an_article_that_comes_in_with_another_date_moves(db):
    def dated(title, day):
        return Republication(
            draft=ArticleDraft(title=f"Fog {title}", text=typeset("Sea.", "markdown")),
            publish_at=Instant(f"2026-01-0{day}T00:00:00.000Z"),
        )

    with db.write() as tx:
        one = republishing.create(tx, dated("one", 1))
        republishing.create(tx, dated("two", 2))
        republishing.change(tx, one, dated("one", 3))

        assert [article.title for article in walk(db, "sea", tx)] == ["Fog one", "Fog two"]
        assert [article.title for article in walk(db, "fog", tx)] == ["Fog one", "Fog two"]


def walk(db, q, tx=None):
    """Every hit, by pages of seven."""
    if tx is None:
        with db.read() as tx:
            return walk(db, q, tx)
    found, after = [], None
    while page := listing.list_articles(tx, Keyset(after, 7), filter=Filter(q=q)):
        found += page
        after = ArticlesQuery(after=ArticlesQuery().cursor(page[-1])).position()
    return found
