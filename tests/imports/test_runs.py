"""Imports end to end: a file comes in whole or not at all, and a second run changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from api.imports import runs, spool
from api.imports.errors import ImportRefused
from api.storage import Database, metadata, migrations
from api.storage.failures import Overtaken

FIXTURES = Path(__file__).parent / "fixtures"
FULL = Path("/dev/full")
REAL = Path(__file__).parents[3] / "shared" / "data"
real_files = pytest.mark.skipif(not REAL.is_dir(), reason="the real exports are not beside the project")


def bring(db: Database, path: Path, *, dry_run: bool = False) -> runs.Report:
    return runs.run(db, path, currency="EUR", dry_run=dry_run, progress=lambda _doing, rows, _count: rows)


def rehearsed(path: Path, empty: Database) -> runs.Report:
    """What an import into an empty database does."""
    migrations.upgrade(empty)
    return bring(empty, path, dry_run=True)


def everything(db: Database) -> dict[str, list[tuple[object, ...]]]:
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def created(report: runs.Report) -> dict[str, int]:
    return {kind: count for (kind, outcome), count in report.done.items() if outcome == "created" and count}


def every_file() -> list[Path]:
    return sorted(path for path in REAL.rglob("*") if path.suffix in (".xml", ".csv", ".json"))


@pytest.mark.parametrize("path", sorted(FIXTURES.iterdir()), ids=lambda path: path.name)
def test_a_second_run_changes_nothing(db, path):
    try:
        bring(db, path)
    except ImportRefused:
        assert everything(db)["articles"] == []
        return
    before = everything(db)

    again = bring(db, path)

    assert created(again) == {}
    assert everything(db) == before


def test_a_dry_run_counts_and_changes_nothing(db):
    before = everything(db)

    rehearsed = bring(db, next(FIXTURES.glob("*.xml")), dry_run=True)

    assert created(rehearsed)
    assert everything(db) == before


def test_an_import_that_is_undone_for_anothers_sake_is_run_again_and_counted_once(
    db, make_empty, monkeypatch
):
    monkeypatch.setattr(db, "_patience", 0)  # it takes longer than anybody waits
    path = next(FIXTURES.glob("*.xml"))
    begun = []

    def undone_once(doing, rows, _count):
        begun.append(doing)
        yield from rows
        if begun.count("comments") == 1 and doing == "comments":
            raise Overtaken

    again = runs.run(db, path, currency="EUR", dry_run=False, progress=undone_once)

    assert begun.count("texts") == 1
    assert begun.count("comments") == 2
    assert again == rehearsed(path, make_empty())


def test_a_file_whose_rows_find_no_room_is_refused_whole(db, monkeypatch):
    before = everything(db)
    monkeypatch.setattr(spool, "SpooledTemporaryFile", lambda _bytes: FULL.open("w+b"))

    with pytest.raises(ImportRefused, match="No space left"):
        bring(db, next(FIXTURES.glob("*.xml")))

    assert everything(db) == before


@real_files
@pytest.mark.parametrize("path", every_file(), ids=lambda path: path.name)
def test_a_real_file_comes_in_once_or_is_refused_whole(db, path):
    before = everything(db)
    try:
        bring(db, path)
    except ImportRefused:
        assert everything(db) == before
        return
    after = everything(db)

    again = bring(db, path)

    assert created(again) == {}
    assert everything(db) == after


@real_files
def test_the_theme_unit_test_comes_in_with_all_that_has_a_place(db, client, client_as):
    report = bring(db, REAL / "wxr" / "themeunittestdata.wordpress.xml")

    assert created(report) == {
        "articles": 58,
        "pages": 21,
        "comments": 29,
        "categories": 68,
        "tags": 113,  # two are called alike
        "authors": 2,
    }
    assert len(report.skipped["nav_menu_item", "menus have no place here"]) == 70
    assert len(report.noted["draft", "password protected"]) == 1
    listed = client.simulate_get("/v1/articles", params={"limit": 100}).json["data"]
    assert len(listed) == 55  # without the draft, the scheduled and the password-protected one
    assert [article["title"] for article in listed if article["featured"]] == ["Template: Sticky"]
    drafts = client_as("editor").simulate_get("/v1/articles", params={"status": "draft"}).json["data"]
    assert 'Template: Password Protected (the password is "enter")' in [draft["title"] for draft in drafts]


@real_files
def test_threads_keep_their_depth(db, client):
    bring(db, REAL / "wxr" / "themeunittestdata.wordpress.xml")

    thread = client.simulate_get("/v1/articles/template-comments/comments", params={"limit": 100}).json[
        "data"
    ]

    by_id = {comment["id"]: comment for comment in thread}
    depths = []
    for comment in thread:
        depth = 1
        while comment["parent"]:
            comment = by_id[comment["parent"]]
            depth += 1
        depths.append(depth)
    assert max(depths) == 10


@real_files
def test_two_files_of_one_site_do_not_overwrite_what_only_shares_a_number(db, client):
    bring(db, REAL / "wxr" / "64-block-test-data.xml")

    report = bring(db, REAL / "wxr" / "themeunittestdata.wordpress.xml")

    assert not [outcome for _, outcome in report.done if outcome == "updated" and report.done[_, outcome]]
    with db.read() as tx:
        assert tx.value(sa.select(sa.func.count()).select_from(metadata.tables["articles"])) == 62 + 79


@real_files
def test_a_shop_comes_in_with_its_variants_and_can_sell_at_once(db, client, client_as):
    bring(db, REAL / "woocommerce" / "importer_unit_sample.csv")
    bring(db, REAL / "woocommerce" / "sample_products.csv")

    items = client.simulate_get("/v1/items", params={"limit": 100}).json["data"]
    hoodie = next(item for item in items if len(item["variants"]) > 1)
    assert {option["name"] for option in hoodie["options"]} == set(hoodie["variants"][0]["options"])
    order = client_as("customer").simulate_post(
        "/v1/orders", json={"lines": [{"sku": hoodie["variants"][0]["sku"], "quantity": 2}]}
    )
    assert order.status_code == 201
    assert order.json["total"]["amount"] == 2 * hoodie["variants"][0]["price"]["amount"]
