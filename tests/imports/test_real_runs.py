"""Real exports end to end: whole or not at all, once, and with all that has a place."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api.imports.errors import ImportRefused
from api.storage import metadata
from tests.imports.conftest import REAL
from tests.imports.running import bring, created, everything

FOLDERS = ("import-faults", "ghost", "saleor", "woocommerce", "wxr")
FILES = sorted(
    path
    for folder in FOLDERS
    for path in (REAL / folder).rglob("*")
    if path.suffix in (".xml", ".csv", ".json")
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
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
    assert len(report.skipped["nav_menu_item", "menus are not supported"]) == 70
    assert len(report.noted["draft", "password protected"]) == 1
    listed = client.simulate_get("/v1/articles", params={"limit": 100}).json["data"]
    assert len(listed) == 55  # without the draft, the scheduled and the password-protected one
    assert [article["title"] for article in listed if article["featured"]] == ["Template: Sticky"]
    drafts = client_as("editor").simulate_get("/v1/articles", params={"status": "draft"}).json["data"]
    assert 'Template: Password Protected (the password is "enter")' in [draft["title"] for draft in drafts]


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


def test_two_files_of_one_site_do_not_overwrite_what_only_shares_a_number(db, client):
    bring(db, REAL / "wxr" / "64-block-test-data.xml")

    report = bring(db, REAL / "wxr" / "themeunittestdata.wordpress.xml")

    assert not [outcome for _, outcome in report.done if outcome == "updated" and report.done[_, outcome]]
    with db.read() as tx:
        assert tx.value(sa.select(sa.func.count()).select_from(metadata.tables["articles"])) == 62 + 79


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
