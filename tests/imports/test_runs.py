"""Imports end to end: a file comes in whole or not at all, and a second run changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.imports import runs, spool
from api.imports.errors import ImportRefused
from api.imports.report import Report
from api.storage import Database, metadata, migrations
from api.storage.failures import Overtaken
from tests.imports.conftest import FIXTURES
from tests.imports.running import bring, created, everything

FILES = sorted(path for path in FIXTURES.rglob("*") if path.is_file())
FULL = Path("/dev/full")


def rehearsed(path: Path, empty: Database) -> Report:
    """What an import into an empty database does."""
    migrations.upgrade(empty)
    return bring(empty, path, dry_run=True)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_comes_in_once_or_is_refused_whole(db, path):
    before = everything(db)
    try:
        bring(db, path)
    except ImportRefused:
        assert path.parent.name == "refused"
        assert everything(db) == before
        return
    after = everything(db)

    again = bring(db, path)

    assert created(again) == {}
    assert everything(db) == after


def test_a_dry_run_counts_and_changes_nothing(db):
    before = everything(db)

    rehearsed = bring(db, FIXTURES / "blog.xml", dry_run=True)

    assert created(rehearsed)
    assert everything(db) == before


def test_an_import_that_is_undone_for_anothers_sake_is_run_again_and_counted_once(db, settings, make_empty):
    hasty = Database(settings.database_url, patience=0.001)  # it takes longer than anybody waits
    hasty.sight_of = db.sight_of
    path = FIXTURES / "blog.xml"
    begun = []

    def undone_once(doing, rows, _count):
        begun.append(doing)
        yield from rows
        if begun.count("comments") == 1 and doing == "comments":
            raise Overtaken

    again = runs.run(hasty, path, currency="EUR", dry_run=False, progress=undone_once)
    hasty.dispose()

    assert begun.count("texts") == 1
    assert begun.count("comments") == 2
    assert again == rehearsed(path, make_empty())


def test_two_imports_of_one_file_at_once_bring_it_once(db):
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: bring(db, FIXTURES / "gazette.xml"), range(2)))

    assert sorted(created(report).get("articles", 0) for report in reports) == [0, 6]
    with db.read() as tx:
        assert tx.value(sa.select(sa.func.count()).select_from(metadata.tables["articles"])) == 8


def test_a_file_whose_rows_find_no_room_is_refused_whole(db, monkeypatch):
    before = everything(db)
    monkeypatch.setattr(spool, "SpooledTemporaryFile", lambda _bytes: FULL.open("w+b"))

    with pytest.raises(ImportRefused, match="No space left"):
        bring(db, FIXTURES / "blog.xml")

    assert everything(db) == before


def test_a_blog_comes_in_with_all_that_has_a_place(db, client, client_as):
    report = bring(db, FIXTURES / "gazette.xml")

    assert created(report) == {
        "articles": 6,
        "pages": 2,
        "comments": 7,
        "categories": 4,
        "tags": 3,
        "authors": 3,
    }
    assert len(report.skipped["nav_menu_item", "menus are not supported"]) == 2
    assert report.noted["draft", "password protected"] == ["For those with the key"]
    assert report.noted["draft", "private"] == ["To myself"]
    listed = client.simulate_get("/v1/articles").json["data"]
    assert [article["title"] for article in listed] == ["A letter from Λυχνία", "Lamps are lit early"]
    assert [article["title"] for article in listed if article["featured"]] == ["Lamps are lit early"]
    assert [author["name"] for author in listed[0]["authors"]] == ["Timo Lind", "Ruth Okafor", "Ida Holm"]
    drafts = client_as("editor").simulate_get("/v1/articles", params={"status": "draft"}).json["data"]
    assert {draft["title"] for draft in drafts} == {"For those with the key", "To myself", "Half a thought"}


def test_threads_keep_their_depth(db, client):
    bring(db, FIXTURES / "gazette.xml")

    thread = client.simulate_get("/v1/articles/lamps-are-lit-early/comments").json["data"]

    ids = [comment["id"] for comment in thread]
    assert [comment["parent"] for comment in thread] == [None, *ids[:-1]]
    assert [comment["author"]["name"] for comment in thread] == [
        "Ada",
        "Ruth Okafor",
        "Ada",
        "Ben",
        "The baker",
    ]


def test_two_files_of_one_site_do_not_overwrite_what_only_shares_a_number(db, client):
    bring(db, FIXTURES / "gazette-blocks.xml")

    report = bring(db, FIXTURES / "gazette.xml")

    assert not [outcome for _, outcome in report.done if outcome == "updated" and report.done[_, outcome]]
    assert [
        page["title"] for page in client.simulate_get("/v1/articles", params={"type": "page"}).json["data"]
    ] == ["Sources", "The lamp", "About the street"]
    with db.read() as tx:
        assert tx.value(sa.select(sa.func.count()).select_from(metadata.tables["articles"])) == 3 + 8


def test_the_table_and_the_wordpress_export_of_a_shop_bring_the_same_items(db, client):
    bring(db, FIXTURES / "shop.csv")
    before = client.simulate_get("/v1/items").json["data"]

    report = bring(db, FIXTURES / "shop.xml")

    after = client.simulate_get("/v1/items").json["data"]
    assert created(report) == {}
    assert [(item["slug"], item["variants"]) for item in after] == [
        (item["slug"], item["variants"]) for item in before
    ]


def test_a_shop_comes_in_with_its_variants_and_can_sell_at_once(db, client, client_as):
    bring(db, FIXTURES / "shop.csv")
    bring(db, FIXTURES / "pantry.csv")

    tea = client.simulate_get("/v1/items/tea").json
    assert [variant["options"] for variant in tea["variants"]] == [
        {"Leaf": "Green", "Size": "S"},
        {"Leaf": "Black", "Size": "L"},
    ]
    order = client_as("customer").simulate_post(
        "/v1/orders",
        json={"lines": [{"sku": "tea-green", "quantity": 2}, {"sku": "rope-blue", "quantity": 4}]},
    )
    assert order.status_code == 201
    assert order.json["total"]["amount"] == 2 * 420 + 4 * 950
