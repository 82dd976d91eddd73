"""Ids that converters from other systems repeat, number 0 or leave out."""

from __future__ import annotations

import pytest

from tests.imports.running import bring
from tests.imports.wxr import HEAD, TAIL, post, read


def dated(id_: int, title: str, day: str) -> str:
    return post(id_, post_date=f"{day} 10:00:00", inside=f"<title>{title}</title>")


@pytest.mark.parametrize("number", [0, 7])
def test_rows_that_share_an_id_and_nothing_else_are_all_read(number: int) -> None:
    export = read(dated(number, "First", "2020-05-01") + dated(number, "Second", "2020-06-01"))

    assert [article.title for article in export.articles] == ["First", "Second"]
    assert len({article.external_id for article in export.articles}) == 2
    assert export.skipped == ()


@pytest.mark.parametrize(("title", "day"), [("First", "2021-01-01"), ("Second", "2020-05-01")])
def test_of_rows_that_share_an_id_and_a_title_or_date_the_first_is_read(title: str, day: str) -> None:
    export = read(dated(7, "First", "2020-05-01") + dated(7, title, day))

    assert [article.title for article in export.articles] == ["First"]
    assert [skip.reason for skip in export.skipped] == ["another row has the same type and id"]


def test_rows_that_share_an_id_are_the_same_in_every_order(db, tmp_path):
    rows = [
        dated(7, "First", "2020-05-01"),
        dated(7, "Second", "2020-06-01"),
        dated(7, "Third", "2020-07-01"),
    ]
    reports = []

    for order in (rows[1:], rows, rows[::-1]):
        (tmp_path / "site.xml").write_text(HEAD + "".join(order) + TAIL)
        reports.append(bring(db, tmp_path / "site.xml"))

    assert [dict(report.done) for report in reports] == [
        {("articles", "created"): 2},
        {("articles", "unchanged"): 2, ("articles", "created"): 1},
        {("articles", "unchanged"): 3},
    ]
