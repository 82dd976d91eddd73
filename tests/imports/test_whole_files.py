"""Whole files are counted to the last row: what came in, and what was skipped for which reason."""

from collections import Counter

import pytest
from msgspec.structs import replace

from api.imports import woocommerce, wxr
from api.imports.records import Export, Item
from tests.imports.conftest import FIXTURES, NOW


@pytest.fixture(scope="module")
def gazette() -> Export:
    return wxr.read(FIXTURES / "gazette.xml", now=NOW)


@pytest.fixture(scope="module")
def pantry() -> Export:
    return woocommerce.read(FIXTURES / "pantry.csv", now=NOW)


def test_every_row_of_a_blog_comes_in_or_is_skipped(gazette: Export) -> None:
    assert Counter(a.type for a in gazette.articles) == {"article": 6, "page": 2}
    assert Counter(a.status for a in gazette.articles) == {"published": 4, "draft": 3, "scheduled": 1}
    assert Counter(c.status for c in gazette.comments) == {"approved": 5, "pending": 1, "spam": 1}
    assert Counter(s.kind for s in gazette.skipped) == {
        "attachment": 1,
        "comment": 3,
        "nav_menu term": 1,
        "nav_menu_item": 2,
        "page": 1,
        "post": 1,
        "post meta": 1,
        "recipe": 1,
        "revision": 1,
    }


def test_what_is_not_for_everybody_is_hidden_for_its_reason(gazette: Export) -> None:
    hidden = {a.title: a.hidden_because for a in gazette.articles if a.hidden_because}

    assert hidden == {"For those with the key": "password protected", "To myself": "private"}
    assert [(row.external_id, row.slug) for row in gazette.withheld] == [("post:107", "thrown-away")]


def test_replies_keep_their_depth(gazette: Export) -> None:
    parents = {c.external_id: c.parent_external_id for c in gazette.comments}

    def depth(comment: str | None) -> int:
        return 0 if comment is None else 1 + depth(parents[comment])

    assert sorted(map(depth, parents)) == [1, 1, 1, 2, 3, 4, 5]


def test_a_category_tree_may_be_three_deep_and_come_from_the_leaf_up(gazette: Export) -> None:
    parents = {c.name: c.parent and c.parent.name for c in gazette.categories}

    assert parents == {"Street": None, "Lamps": "Street", "Gas": "Lamps", "Notices": "Street"}


def test_a_tag_that_only_a_post_names_is_one(gazette: Export) -> None:
    assert [tag.name for tag in gazette.tags] == ["Oil", "Wick", "Soot"]


def test_an_image_comes_in_with_its_text_where_the_file_holds_it(gazette: Export) -> None:
    shown = [a.image for a in gazette.articles if a.image]

    assert [(image.url, image.alt) for image in shown] == [
        ("https://lantern.example/up/ladder.jpg", "A ladder & a lamp")
    ]
    assert [w.label for w in gazette.warnings if "image" in w.reason] == ["A letter from Λυχνία"]


def test_co_authors_are_in_order_and_once(gazette: Export) -> None:
    letter = gazette.articles[1]

    assert letter.slug == "λυχνία"
    assert [author.name for author in letter.authors] == ["Timo Lind", "Ruth Okafor", "Ida Holm"]


def test_the_bodies_of_the_block_editor_are_kept_and_equal_slugs_too() -> None:
    export = wxr.read(FIXTURES / "gazette-blocks.xml", now=NOW)

    assert [a.slug for a in export.articles] == ["footnotes", "roofs", "footnotes"]
    assert all(a.body.startswith("<!-- wp:") for a in export.articles)
    assert [s.kind for s in export.skipped] == ["wp_navigation"]


def test_a_file_without_ids_slugs_and_domains_is_read_the_same_twice() -> None:
    first, second = (wxr.read(FIXTURES / "notebook.xml", now=NOW) for _ in range(2))

    assert [*first.articles, *first.comments] == [*second.articles, *second.comments]
    assert len({a.external_id for a in first.articles}) == 3
    assert {a.status for a in first.articles} == {"published"}
    assert [c.name for c in first.categories] == ["Weather", "Monday"]
    assert len(first.comments) == 1


def test_the_shop_in_wxr_is_that_of_its_product_table() -> None:
    site = wxr.read(FIXTURES / "shop.xml", now=NOW)
    table = woocommerce.read(FIXTURES / "shop.csv", now=NOW)

    def sold(items: tuple[Item, ...]) -> list[tuple[object, ...]]:
        """All but weights, whose unit the export of the site does not name."""
        return [
            (
                item.source,
                item.external_id,
                item.name,
                item.kind,
                item.status,
                replace(variant, weight_g=None),
            )
            for item in items
            for variant in item.variants
        ]

    assert sold(site.items) == sold(table.items)
    assert [s.label for s in site.skipped if s.kind == "product"] == ["Deck set"]
    assert [s.label for s in site.skipped if s.kind == "download"] == ["map.pdf"]


def test_every_row_of_a_table_is_an_item_a_variant_or_skipped(pantry: Export) -> None:
    assert [(item.name, len(item.variants)) for item in pantry.items] == [("Tea", 2), ("Jam", 1), ("Salt", 1)]
    assert [s.label for s in pantry.skipped] == ["line 7: Basket"]


def test_headers_count_in_any_case_and_a_table_without_ids_goes_by_its_skus(pantry: Export) -> None:
    assert [item.external_id for item in pantry.items] == [
        "product:sku:tea",
        "product:sku:jam",
        "product:sku:salt",
    ]
    assert [(o.name, o.values) for item in pantry.items for o in item.options] == [
        ("Leaf", ("Green", "Black")),
        ("Size", ("S", "L")),
    ]


def test_stock_is_counted_where_the_table_counts_it_and_a_sale_is_beside_the_regular_price(
    pantry: Export,
) -> None:
    variants = {variant.sku: variant for item in pantry.items for variant in item.variants}

    assert {sku: variant.stock for sku, variant in variants.items()} == {
        "tea-green": 6,
        "tea-black": 0,
        "jam": 10,
        "salt": None,
    }
    assert [(v.price, v.sale) for v in variants.values()] == [
        (420, None),
        (420, 390),
        (300, 200),
        (90, None),
    ]


def test_reading_a_table_twice_gives_the_same(pantry: Export) -> None:
    assert woocommerce.read(FIXTURES / "pantry.csv", now=NOW) == pantry
