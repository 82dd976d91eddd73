"""Exports of real sites are counted to the last row."""

from collections import Counter
from pathlib import Path

import pytest

from api.imports import woocommerce, wxr
from api.imports.errors import ImportRefused
from api.imports.merging import is_hollow
from api.imports.records import Item
from tests.imports.conftest import NOW


def test_the_theme_unit_test_is_counted_to_the_last_row(real: Path) -> None:
    export = wxr.read(real / "wxr" / "themeunittestdata.wordpress.xml", now=NOW)
    types = Counter(article.type for article in export.articles)
    skipped = Counter(entry.kind for entry in export.skipped)
    shown = sum(1 for article in export.articles if article.image)

    assert types == {"article": 58, "page": 21}
    assert skipped["nav_menu_item"] == 70
    assert (skipped["attachment"], shown) == (37 - 6 - 21, 6)  # 21 are in galleries
    assert Counter(a.status for a in export.articles) == {"published": 76, "scheduled": 1, "draft": 2}
    assert [a.hidden_because for a in export.articles if a.hidden_because] == ["password protected"]
    assert sum(a.featured for a in export.articles) == 1
    assert Counter(c.status for c in export.comments) == {"approved": 26, "pending": 3}
    assert skipped["comment"] == 4
    assert (len(export.categories), len(export.tags)) == (68, 110 + 4)
    assert max(len(a.categories) for a in export.articles) == 63
    assert max(len(a.tags) for a in export.articles) == 45
    assert "επίπεδο-2" in {a.slug for a in export.articles}
    assert len(export.authors) == 2


def test_replies_keep_their_depth(real: Path) -> None:
    export = wxr.read(real / "wxr" / "themeunittestdata.wordpress.xml", now=NOW)
    parents = {c.external_id: c.parent_external_id for c in export.comments}

    def depth(comment: str | None) -> int:
        return 0 if comment is None else 1 + depth(parents[comment])

    assert sum(parent is not None for parent in parents.values()) == 10
    assert max(map(depth, parents)) == 10


def test_the_category_tree_is_three_deep(real: Path) -> None:
    export = wxr.read(real / "wxr" / "themeunittestdata.wordpress.xml", now=NOW)
    paths = [(c, c.parent, c.parent and c.parent.parent) for c in export.categories]

    assert max(sum(step is not None for step in path) for path in paths) == 3


def test_block_editor_bodies_are_kept_and_equal_slugs_too(real: Path) -> None:
    export = wxr.read(real / "wxr" / "64-block-test-data.xml", now=NOW)

    assert len(export.articles) == 62
    assert [a.slug for a in export.articles].count("footnotes") == 2
    assert sum("<!-- wp:" in a.body for a in export.articles) > 50
    assert Counter(s.kind for s in export.skipped)["wp_navigation"] == 1


def test_a_file_without_ids_slugs_and_domains_is_read_the_same_twice(real: Path) -> None:
    first = wxr.read(real / "wxr" / "theme-preview.xml", now=NOW)
    second = wxr.read(real / "wxr" / "theme-preview.xml", now=NOW)

    assert [*first.articles, *first.comments] == [*second.articles, *second.comments]
    assert len({a.external_id for a in first.articles}) == 7
    assert (len(first.categories), len(first.comments)) == (9, 2)
    assert {a.status for a in first.articles} == {"published"}


@pytest.mark.parametrize(
    ("name", "line"),
    [("sample.xml", 109), ("sample-no-slug.xml", 109), ("multiple-attachments-only.xml", 11)],
)
def test_a_bare_ampersand_is_refused_where_it_stands(real: Path, name: str, line: int) -> None:
    path = real / "wxr" / "small" / name

    with pytest.raises(ImportRefused) as caught:
        wxr.read(path)

    refused = caught.value
    assert refused.line == line
    assert refused.column is not None
    written = path.read_text().splitlines()[line - 1]
    assert written[refused.column - 1 : refused.column + 4] == "&ixid"
    assert "&" not in written[: refused.column - 1]


@pytest.mark.parametrize(
    ("name", "articles", "skipped"),
    [
        ("co-authors-plus.xml", 4, {}),
        ("feature-image-captions.xml", 3, {}),
        ("has-meta.xml", 0, {"enmse_message": 1}),
        ("has-yoast-meta.xml", 2, {"post meta": 1}),
        ("multiple-pages-only.xml", 1, {}),
        ("multiple-posts-only.xml", 3, {"customcpt": 1}),
        ("sample-with-alt.xml", 1, {}),
    ],
)
def test_the_small_files_are_counted(real: Path, name: str, articles: int, skipped: dict[str, int]) -> None:
    export = wxr.read(real / "wxr" / "small" / name, now=NOW)

    assert len(export.articles) == articles
    assert Counter(s.kind for s in export.skipped) == skipped


def test_co_authors_of_the_real_file_are_in_order_and_once(real: Path) -> None:
    export = wxr.read(real / "wxr" / "small" / "co-authors-plus.xml", now=NOW)

    assert [len(a.authors) for a in export.articles] == [2, 3, 1, 2]
    assert [a.name for a in export.articles[2].authors] == ["Bob Jones"]


def test_the_shop_in_wxr_has_the_ids_of_its_product_file(real: Path) -> None:
    site = wxr.read(real / "woocommerce" / "sample_products.wxr.xml", now=NOW)
    table = woocommerce.read(real / "woocommerce" / "sample_products.csv", now=NOW)

    def names(items: tuple[Item, ...]) -> set[tuple[str, str]]:
        return {(item.source, item.external_id) for item in items}

    assert len(site.items) == 17
    assert names(site.items) == names(table.items)
    assert Counter(s.kind for s in site.skipped)["product"] == 1
    assert {i.name for i in site.items if is_hollow(i)} == {"V-Neck T-Shirt", "Hoodie"}
    singles = {i.external_id: i.variants[0].price for i in table.items if not i.options}
    assert {i.external_id: i.variants[0].price for i in site.items if i.external_id in singles} == singles
