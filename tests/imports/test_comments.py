"""Imported comments, and what becomes of rows that were deleted here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api.articles.comments import queries as comment_queries
from api.articles.comments import rules as comments
from api.articles.writing import rules as articles
from api.errors import NotFound
from api.imports.articles import WITHOUT_ARTICLE
from api.imports.report import DELETED
from api.storage import Keyset
from tests.imports.blog import (
    PUBLISHED,
    WITHHELD,
    answer,
    article,
    outcomes,
    row,
    thread,
)
from tests.imports.running import bring_rows


def test_comments_keep_their_thread_their_time_and_their_count(db):
    with db.write() as tx:
        bring_rows(
            tx,
            row(),
            answer("2", author_name="2", created_at=datetime(2009, 5, 3, tzinfo=UTC)),
            answer("1", author_name="1", created_at=datetime(2009, 5, 2, tzinfo=UTC)),
            answer("1.1", author_name="1.1", parent_external_id="1"),
            answer("spam", status="spam"),
            answer(
                "orphan",
                author_name="orphan",
                parent_external_id="lost",
                created_at=datetime(2009, 5, 9, tzinfo=UTC),
            ),
        )

        again = bring_rows(
            tx,
            row(),
            answer("1.1", author_name="1.1", parent_external_id="1"),
            answer("2", author_name="2", status="trash"),
        )

        found = article(tx)
        assert thread(tx, found.id) == ["1", "1.1", "orphan"]
        assert found.comment_count == 3
        assert (again.done["comments", "unchanged"], again.done["comments", "updated"]) == (1, 1)


def test_a_comment_that_was_rewritten_there_is_rewritten_here(db):
    with db.write() as tx:
        bring_rows(tx, row(), answer("1"))
        bring_rows(tx, row(), answer("1", author_name="Di", body="Better."))

        (found,) = comment_queries.list_thread(tx, Keyset("", 9), article_id=article(tx).id, account_id=None)
        assert (found.author_name, found.body, found.created_at) == ("Di", "Better.", PUBLISHED)


def test_what_was_deleted_here_stays_deleted_with_all_that_was_said_of_it(db):
    rows = row(), answer("1"), answer("2")
    with db.write() as tx:
        bring_rows(tx, *rows)
        articles.delete(tx, article(tx))

        reports = [bring_rows(tx, *rows), bring_rows(tx, row(title="Fog and rain"), WITHHELD, answer("3"))]

        assert [dict(report.skipped) for report in reports] == [
            {("article", DELETED): ["Fog"], ("comment", WITHOUT_ARTICLE): ["Cy", "Cy"]},
            {("article", DELETED): ["Fog and rain"], ("comment", WITHOUT_ARTICLE): ["Cy"]},
        ]
        assert [outcomes(report) for report in reports] == [{}, {}]
        with pytest.raises(NotFound):
            article(tx)


def test_a_comment_that_was_deleted_here_stays_deleted_and_answers_to_it_stay(db):
    rows = row(), answer("1"), answer("1.1", author_name="Di", parent_external_id="1")
    with db.write() as tx:
        bring_rows(tx, *rows)
        first = comment_queries.list_thread(tx, Keyset("", 9), article_id=article(tx).id, account_id=None)[0]
        comments.delete(tx, first)

        again = bring_rows(tx, *rows, answer("1.2", author_name="Ed", parent_external_id="1"))

        assert dict(again.skipped) == {("comment", DELETED): ["Cy"]}
        assert sorted(thread(tx, article(tx).id)) == ["Di", "Ed"]


def test_another_post_under_the_id_of_one_that_was_deleted_here_comes_in(db):
    with db.write() as tx:
        bring_rows(tx, row(slug="fog"))
        articles.delete(tx, article(tx))

        bring_rows(tx, row(title="Rain", slug="rain", created_at=datetime(2011, 1, 1, tzinfo=UTC)))

        assert article(tx, "rain").title == "Rain"
