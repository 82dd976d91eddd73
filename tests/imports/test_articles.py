"""Articles that come in keep their times and addresses; the same is not touched, a changed one taken over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from api.articles.writing import listing
from api.articles.writing import rules as articles
from api.articles.writing.drafts import ArticleDraft, typeset
from api.articles.writing.records import Filter
from api.errors import NotFound
from api.imports import records
from api.imports.origins.tables import origins
from api.imports.report import WITHDRAWN
from api.storage import Keyset
from tests.factories import make_article, make_viewer
from tests.imports.blog import (
    ADA,
    PUBLISHED,
    SEA,
    WITHHELD,
    article,
    draft,
    outcomes,
    publish_here,
    row,
)
from tests.imports.running import bring_rows
from tests.nouns import Noun

NOUN = Noun(
    breaking={"ck_origins_kind": "UPDATE origins SET kind = 'planet'"},
    fill=lambda tx, _owner: bring_rows(tx, row(authors=(ADA,))),
)


def test_an_import_keeps_times_and_addresses(db):
    with db.write() as tx:
        bring_rows(tx, row(slug="nebel", old_slugs=("mist", "Fög")))

        found = article(tx, "nebel")
        assert (found.publish_at, found.created_at, found.updated_at) == (
            PUBLISHED,
            PUBLISHED,
            "2010-01-01T00:00:00.000Z",
        )
        assert [author.slug for author in found.authors] == ["ada-l"]
        assert article(tx, "mist").id == article(tx, "fög").id == found.id


def test_a_second_run_touches_nothing_that_is_the_same(db):
    with db.write() as tx:
        bring_rows(tx, row(old_slugs=("mist",)))
        articles.change(tx, article(tx), ArticleDraft(title="Ours", text=typeset("x", "html")))

        again = bring_rows(tx, row(old_slugs=("mist",)))

        assert outcomes(again) == {"unchanged": 1}
        assert article(tx).title == "Ours"


def test_a_scheduled_post_that_has_appeared_is_the_same(db):
    with db.write() as tx:
        bring_rows(tx, row(status="scheduled"))

        assert outcomes(bring_rows(tx, row(status="published"))) == {"unchanged": 1}


def test_a_post_without_any_date_is_the_same_the_next_time(db):
    with db.write() as tx:
        bring_rows(tx, row(publish_at=None, created_at=None))
    with db.write() as tx:
        again = bring_rows(tx, row(publish_at=None, created_at=None))

    assert outcomes(again) == {"unchanged": 1}


def test_a_row_that_changed_there_replaces_what_is_here_but_not_its_address(db):
    with db.write() as tx:
        bring_rows(tx, row(slug="fog"))
        first = article(tx)

        again = bring_rows(
            tx, row(slug="fog-2", title="Mist", body="<p>y</p>", publish_at=datetime(2009, 6, 1, tzinfo=UTC))
        )

        found = article(tx)
        assert outcomes(again) == {"updated": 1}
        assert (found.id, found.slug, found.title) == (first.id, "fog", "Mist")
        assert found.publish_at == "2009-06-01T00:00:00.000Z"
        assert article(tx, "fog-2").id == first.id
        assert len(listing.list_articles(tx, Keyset(None, 9), filter=Filter(q="y"))) == 1


def test_an_id_that_means_another_post_by_now_leaves_the_first_alone(db):
    with db.write() as tx:
        bring_rows(tx, row(slug="fog"))

        other = row(title="Rain", slug="rain", created_at=datetime(2011, 1, 1, tzinfo=UTC))
        reports = [bring_rows(tx, other), bring_rows(tx, other)]

        assert [outcomes(report) for report in reports] == [{"created": 1}, {"unchanged": 1}]
        assert (article(tx).title, article(tx, "rain").title) == ("Fog", "Rain")


def test_a_post_without_any_date_keeps_the_day_of_its_first_import_when_it_changes(db):
    undated = row(publish_at=None, created_at=None, updated_at=None)
    with db.write() as tx:
        bring_rows(tx, undated)
        first = article(tx)

    with db.write() as tx:
        again = bring_rows(tx, replace(undated, body="<p>y</p>"))

        assert outcomes(again) == {"updated": 1}
        assert article(tx).publish_at == first.publish_at


def test_two_names_there_that_are_one_here_are_filed_once(db):
    twice = row(
        tags=(SEA, records.Tag(external_id="sea-2", name="séa")),
        categories=tuple(records.Category(external_id=name, name=name) for name in ("C++", "c++")),
    )
    with db.write() as tx:
        bring_rows(tx, twice)

        found = article(tx)
        assert [tag.name for tag in found.tags] == ["Sea"]
        assert [category.name for category in found.categories] == ["C++"]


def test_a_draft_that_gets_its_slug_and_date_only_when_it_is_published_there_is_the_same_post(db):
    with db.write() as tx:
        bring_rows(tx, draft(created_at=None))

        again = bring_rows(tx, row(title="Fog and rain", slug="fog"))

        assert outcomes(again) == {"updated": 1}


def test_sites_that_number_their_posts_alike_do_not_overwrite_each_other(db):
    with db.write() as tx:
        bring_rows(tx, row(slug="fog"), source="wordpress one.example")
        other = bring_rows(tx, row(slug="fog", body="<p>y</p>"), source="wordpress two.example")

        assert outcomes(other) == {"created": 1}
        assert (article(tx).body, article(tx, "fog-2").body) == ("<p>x</p>", "<p>y</p>")


def test_a_draft_that_was_published_here_stays_public_until_it_changes_there(db):
    with db.write() as tx:
        bring_rows(tx, draft())
        publish_here(tx, "fog")

        again = bring_rows(tx, draft())

        assert outcomes(again) == {"unchanged": 1}
        assert article(tx).title == "Fog"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Edited"},
        {"hidden_because": "private"},
        {"status": "scheduled", "publish_at": datetime(2999, 1, 1, tzinfo=UTC)},
    ],
)
def test_what_changes_there_and_is_not_public_there_is_withdrawn_here(db, change):
    with db.write() as tx:
        bring_rows(tx, draft())
        publish_here(tx, "fog")

        again = bring_rows(tx, draft(**change))

        assert outcomes(again) == {"updated": 1}
        assert ("article", WITHDRAWN) in again.noted
        with pytest.raises(NotFound):
            article(tx)


def test_what_was_withdrawn_is_public_again_when_it_is_public_there(db):
    with db.write() as tx:
        bring_rows(tx, row())

        withdrawn = [bring_rows(tx, WITHHELD) for _ in range(2)]
        again = bring_rows(tx, row())

        assert [("article", WITHDRAWN) in report.noted for report in withdrawn] == [True, False]
        assert outcomes(again) == {"updated": 1}
        assert article(tx).title == "Fog"


def test_a_slug_that_is_taken_gets_a_number(db):
    with db.write() as tx:
        make_article(tx, author=make_viewer(tx), slug="fog")

        bring_rows(tx, row(slug="fog"))

        assert article(tx, "fog-2").title == "Fog"


def test_bylines_are_made_once_and_renamed(db):
    with db.write() as tx:
        bring_rows(tx, row())

        again = bring_rows(tx, row(authors=(records.Author(external_id="ada", name="Ada L.", slug="ada-l"),)))

        assert [key for key in again.done if key[0] == "authors"] == [("authors", "updated")]
        assert [(author.name, author.slug) for author in article(tx).authors] == [("Ada L.", "ada-l")]


@pytest.mark.parametrize(
    "created_at", [datetime(1, 1, 1, tzinfo=UTC), datetime(1969, 7, 20, 20, 17, tzinfo=UTC)]
)
def test_times_before_the_epoch_are_kept(db, created_at):
    with db.write() as tx:
        bring_rows(tx, row(publish_at=created_at, created_at=created_at))

        assert article(tx).created_at == f"{created_at:%Y-%m-%dT%H:%M:00.000Z}".rjust(24, "0")


def test_the_words_of_many_posts_are_written_together(db):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("only FTS5 gathers words until somebody makes a savepoint")
    written = sa.text("SELECT count(*) FROM article_words_data")
    with db.write() as tx:
        before = tx.value(written)
        bring_rows(tx, *(row(external_id=f"post:{number}", title=f"Fog {number}") for number in range(3)))

        assert tx.value(written) == before
        assert tx.value(sa.select(sa.func.count()).select_from(origins)) == 3 + 1
    with db.read() as tx:
        assert tx.value(written) > before
