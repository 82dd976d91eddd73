"""What an importer must make of the authors, categories and tags of a WordPress export."""

from __future__ import annotations

import pytest

from api.imports.records import Category
from tests.imports.running import bring
from tests.imports.wxr import HEAD, TAIL, meta, post, read


def category(name: str, slug: str, parent: str = "", inside: str = "") -> str:
    return (
        f"<wp:category><wp:category_nicename>{slug}</wp:category_nicename><wp:cat_name>{name}</wp:cat_name>"
        f"<wp:category_parent>{parent}</wp:category_parent>{inside}</wp:category>"
    )


def filed(name: str, slug: str = "", domain: str = "category") -> str:
    nicename = f' nicename="{slug}"' if slug else ""
    return f'<category domain="{domain}"{nicename}>{name}</category>'


def author(login: str, name: str) -> str:
    return (
        f"<wp:author><wp:author_login>{login}</wp:author_login>"
        f"<wp:author_display_name>{name}</wp:author_display_name></wp:author>"
    )


def path(category: Category) -> str:
    return (f"{path(category.parent)} › " if category.parent else "") + category.name


@pytest.mark.parametrize("domain", ["tag", "post_tag"])
def test_tags_of_the_first_version_are_tags(domain: str) -> None:
    (article,) = read(post(inside=filed("Wood", domain=domain) + filed("Wood", "timber", domain))).articles

    assert [(tag.name, tag.slug) for tag in article.tags] == [("Wood", "timber")]


@pytest.mark.parametrize("parent", ["for-kids", "For children"])
def test_a_parent_is_found_by_slug_or_else_by_name(parent: str) -> None:
    (article,) = read(
        category("Toys", "toys", parent)
        + category("For children", "for-kids")
        + post(inside="<category>Toys</category>" + filed("Toys", "toys"))
    ).articles

    assert [path(category) for category in article.categories] == ["For children › Toys"]


def test_a_category_that_stands_twice_once_without_its_slug_is_one() -> None:
    (article,) = read(post(inside="<category>C++</category>" + filed("C++", "cpp"))).articles

    assert [(c.name, c.slug) for c in article.categories] == [("C++", "cpp")]


def test_a_category_at_the_top_and_one_below_another_may_share_a_name(db, client, tmp_path):
    tree = category("Toys", "toys") + category("Sale", "toys-sale", "toys") + category("Sale", "sale")
    rows = post(1, inside=filed("Sale", "toys-sale")) + post(2, inside=filed("Sale", "sale"))
    (tmp_path / "site.xml").write_text(HEAD + tree + rows + TAIL)

    for _ in range(2):
        bring(db, tmp_path / "site.xml")

    listed = client.simulate_get("/v1/categories", params={"limit": 100}).json["data"]
    assert {(row["slug"], row["parent"], row["count"]) for row in listed if row["slug"] != "toys"} == {
        ("sale", None, 1),
        ("toys-sale", "toys", 1),
    }


def test_an_author_is_found_by_login_before_any_name() -> None:
    authors = author("maria", "editor") + author("editor", "Jon Dahl")
    (article,) = read(authors + post(inside="<dc:creator>editor</dc:creator>")).articles

    assert [one.name for one in article.authors] == ["Jon Dahl"]


def test_long_names_that_begin_alike_stay_two() -> None:
    names = [f"{'Everything about harbours, ' * 3}{end}" for end in ("north", "south")]
    export = read("".join(category(name, name[-5:]) for name in names))

    assert [c.name[-5:] for c in export.categories] == ["north", "south"]
    assert {len(c.name) for c in export.categories} <= {58, 59, 60}
    assert [w.reason for w in export.warnings] == ["name cut from 86 to 60 characters"] * 2


def test_what_terms_have_beside_their_names_is_counted() -> None:
    described = "<wp:category_description>All of it</wp:category_description><wp:termmeta />"
    export = read(category("Toys", "toys", inside=described))

    assert [(s.kind, s.label) for s in export.skipped] == [
        ("category term", "description"),
        ("category term", "term meta"),
    ]


def test_a_file_without_posts_brings_its_terms_and_authors(db, tmp_path):
    (tmp_path / "terms.xml").write_text(HEAD + author("ada", "Ada") + category("News", "news") + TAIL)

    report = bring(db, tmp_path / "terms.xml")

    assert report.done == {("authors", "created"): 1, ("categories", "created"): 1}


@pytest.mark.parametrize(
    ("key", "value", "slug"),
    [
        ("pa_%d1%86%d0%b2%d0%b5%d1%82", "%d0%ba%d1%80%d0%b0%d1%81%d0%bd%d1%8b%d0%b9", "красный"),
        ("pa_цвет", "red", "red"),
    ],
)
def test_the_options_of_a_variation_are_read_in_any_script(key: str, value: str, slug: str) -> None:
    term = (
        "<wp:term><wp:term_taxonomy>pa_цвет</wp:term_taxonomy>"
        f"<wp:term_slug>{slug}</wp:term_slug><wp:term_name>Красный</wp:term_name></wp:term>"
    )
    product = post(1, type_="product", inside=filed("variable", domain="product_type"))
    variation = post(
        2, type_="product_variation", post_parent="1", inside=meta(_price="5", **{f"attribute_{key}": value})
    )
    (item,) = read(term + product + variation).items

    assert [variant.options for variant in item.variants] == [{"Цвет": "Красный"}]
