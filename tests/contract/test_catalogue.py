"""Items and articles through their lives: slugs and redirects, merge patches, publication, comments."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.contract.client import Answer
from tests.contract.server import URL, World


def eur(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


@pytest.mark.parametrize("kind", ["articles", "items"])
def test_an_old_slug_leads_to_the_new_one(world: World, kind: str):
    author, stem = world.client("owner"), world.sku().replace(".", "-").lower()
    name = "title" if kind == "articles" else "name"

    def made_with(slug: str) -> Answer:
        rest = {"body": "x"} if kind == "articles" else {"variants": [{"sku": world.sku(), "price": eur(1)}]}
        published = {} if kind == "articles" else {"status": "published"}
        return author.post(f"/v1/{kind}", {name: stem, "slug": slug, **rest, **published})

    made = made_with(f"{stem}-größe-1").json
    path = f"/v1/{kind}/{made['id']}"
    if kind == "articles":
        author.put(f"{path}/publication", {})
    renamed = author.patch(path, {"slug": f"{stem}-größe-2"}).json
    author.patch(path, {"slug": f"{stem}-größe-3"})
    author.patch(path, {name: "Another"})

    for method in ("GET", "HEAD"):
        for old in (made["slug"], renamed["slug"]):
            moved = world.stranger.call(method, f"/v1/{kind}/{quote(old)}")
            assert moved.status == 308
            location = moved.header("Location") or ""
            assert location == f"/v1/{kind}/{quote(f'{stem}-größe-3')}"
            assert world.stranger.get(location).json["id"] == made["id"]
    made_with(f"{stem}-größe-3").is_problem(409, "slug-taken")

    old = f"/v1/{kind}/{quote(made['slug'])}"
    assert author.patch(old, {name: "By its old slug"}).json[name] == "By its old slug"
    assert author.delete(old).status == 204
    author.get(path).is_problem(404, "not-found")


def test_slugs_are_made_once_and_unique(world: World):
    author = world.client("author")
    titles = ("Łódź: Ærø & Straße, l'été!", "Łódź: Ærø & Straße, l'été!", "Привет, мир", "日本語の題", "🤖🤖")

    made = [author.post("/v1/articles", {"title": title, "body": "x"}).json for title in titles]

    slugs = [article["slug"] for article in made]
    assert slugs[0].startswith("lodz-aero-strasse-lete")
    assert slugs[1].startswith(slugs[0] + "-")
    assert slugs[2].startswith("привет-мир")
    assert slugs[3].startswith("日本語の題")
    assert len(set(slugs)) == 5
    assert all(author.get(f"/v1/articles/{quote(slug)}").json["slug"] == slug for slug in slugs)
    long = author.post("/v1/articles", {"title": "word " * 40, "body": "x"}).json["slug"]
    assert len(long) <= 100


def test_an_article_goes_from_draft_to_published_and_back(world: World):
    author = world.client("author")
    made = author.post("/v1/articles", {"title": "Life of an article", "body": "# Hi\n\n<script>x</script>"})
    path = f"/v1/articles/{made.json['id']}"

    assert (made.status, made.json["status"], made.json["published_at"]) == (201, "draft", None)
    assert made.header("Location") == path
    assert "<script" not in made.json["body_html"]
    later = author.put(f"{path}/publication", {"publish_at": "2999-01-01T01:00:00+01:00"}).json
    assert (later["status"], later["publish_at"]) == ("scheduled", "2999-01-01T00:00:00.000Z")
    world.stranger.get(path).is_problem(404, "not-found")
    assert author.put(f"{path}/publication").json["status"] == "published"
    assert world.stranger.get(path).json["url"].startswith(URL + "/")
    assert author.delete(f"{path}/publication").status == 204
    assert author.get(path).json["status"] == "draft"
    world.stranger.get(path).is_problem(404, "not-found")
    past = author.put(f"{path}/publication", {"publish_at": "2001-02-03T04:05:06Z"}).json
    assert (past["status"], past["published_at"]) == ("published", "2001-02-03T04:05:06.000Z")


def test_null_clears_and_what_is_left_out_stays(world: World):
    author = world.client("author")
    made = author.post(
        "/v1/articles",
        {
            "title": "Patched",
            "body": "x",
            "excerpt": "Short",
            "language": "en",
            "image": {"url": "https://img.test/a.png", "alt": "A"},
            "tags": ["One", "Two"],
        },
    ).json
    path = f"/v1/articles/{made['id']}"

    patched = author.patch(path, {"excerpt": None, "image": {"alt": None}, "tags": ["Three"]}).json

    assert patched["excerpt"] is None
    assert patched["language"] == "en"
    assert (patched["image"]["url"], patched["image"]["alt"]) == ("https://img.test/a.png", "")
    assert [tag["name"] for tag in patched["tags"]] == ["Three"]
    assert author.patch(path, {"image": None, "tags": None}).json["image"] is None
    for field in ("title", "body", "slug", "featured"):
        author.patch(path, {field: None}).is_problem(422, "invalid-type")
    assert author.patch(path, {}).json["title"] == "Patched"


def test_variants_are_matched_by_sku_added_and_retired(world: World):
    keeper = world.client("shopkeeper")
    red, blue, green = (world.sku() for _ in range(3))
    options = [{"name": "Colour", "values": ["red", "blue", "green"]}]
    made = keeper.post(
        "/v1/items",
        {
            "name": "Shirt",
            "status": "published",
            "options": options,
            "variants": [
                {"sku": red, "price": eur(10), "stock": 5, "options": {"Colour": "red"}},
                {"sku": blue, "price": eur(20), "stock": 1, "options": {"Colour": "blue"}},
            ],
        },
    ).json
    path = f"/v1/items/{made['id']}"

    keeper.patch(path, {"variants": [{"sku": red, "stock": 9}]}).is_problem(422, "unknown-field")
    patched = keeper.patch(
        path,
        {
            "variants": [
                {"sku": red.lower(), "price": eur(11)},
                {"sku": green, "price": eur(30), "options": {"Colour": "green"}, "stock": 2},
            ]
        },
    ).json

    assert [(v["sku"], v["price"]["amount"], v["stock"]["available"]) for v in patched["variants"]] == [
        (red, 11, 5),
        (green, 30, 2),
    ]
    assert patched["variants"][0]["id"] == made["variants"][0]["id"]
    world.stranger.get(f"/v1/variants/{blue}").is_problem(404, "not-found")
    assert keeper.patch(path, {"name": "Shirt 2"}).json["variants"] == patched["variants"]
    for options_of_green in ({"Colour": None}, {"Colour": "red"}, {"Colour": "pink"}, {"Size": "L"}):
        keeper.patch(f"/v1/variants/{green}", {"options": options_of_green}).is_problem(
            409, "options-mismatch"
        )


def test_one_sku_twice_in_an_item_and_one_of_another_item_are_taken(world: World):
    keeper, sku = world.client("shopkeeper"), world.sku()

    twice = keeper.post(
        "/v1/items", {"name": "A", "variants": [{"sku": s, "price": eur(1)} for s in (sku, sku.upper())]}
    )
    other = keeper.post(
        "/v1/items", {"name": "A", "variants": [{"sku": world.item().variants[0].sku, "price": eur(1)}]}
    )

    twice.is_problem(409, "sku-taken")
    assert twice.errors() == {("/variants/1/sku", "sku-taken")}
    other.is_problem(409, "sku-taken")


def test_what_is_in_stock_and_on_sale_is_found(world: World):
    word = f"stocked{world.sku().replace('-', '').replace('.', '')}".lower()
    for stock in (0, 1, None):
        world.item(name=word, stock=stock)

    def found(query: str) -> list[Any]:
        items = world.stranger.get(f"/v1/items?q={word}{query}").json["data"]
        return sorted(str(item["variants"][0]["stock"]["available"]) for item in items)

    assert found("") == ["0", "1", "None"]
    assert found("&in_stock=true") == ["1", "None"]


def test_comments_wait_for_an_editor_and_answers_stand_behind_what_they_answer(world: World):
    article = world.article(world.staff["author"])
    path, editor = f"/v1/articles/{article.id}/comments", world.client("editor")
    first = world.client("customer").post(path, {"body": "First **one**"})
    at_once = editor.post(path, {"body": "By the editor"}).json

    assert (first.status, first.json["status"], at_once["status"]) == (201, "pending", "approved")
    assert [row["id"] for row in world.stranger.get(path).json["data"]] == [at_once["id"]]
    world.client("author").post(path, {"body": "x", "parent": first.json["id"]}).is_problem(
        409, "unknown-parent"
    )
    editor.patch(f"/v1/comments/{first.json['id']}", {"status": "approved"})
    answer = editor.post(path, {"body": "An answer", "parent": first.json["id"]}).json
    rows = world.stranger.get(path).json["data"]
    assert [row["id"] for row in rows] == [first.json["id"], answer["id"], at_once["id"]]
    assert rows[1]["parent"] == first.json["id"]
    assert world.stranger.get(f"/v1/articles/{article.id}").json["comment_count"] == 3
    editor.patch(f"/v1/comments/{at_once['id']}", {"status": "spam"})
    assert world.stranger.get(f"/v1/articles/{article.id}").json["comment_count"] == 2


def test_a_closed_article_takes_no_comments(world: World):
    article = world.article(world.staff["author"], comment_policy="closed")

    refused = world.client("customer").post(f"/v1/articles/{article.id}/comments", {"body": "x"})

    assert refused.status == 409


@pytest.mark.parametrize("status", ["draft", "scheduled"])
def test_an_author_lists_their_own_and_an_editor_any(world: World, status: str):
    one, two = world.person("author"), world.person("author")
    at = None if status == "draft" else "2999-01-01T00:00:00.000Z"
    mine, other = (world.article(person, publish_at=at, tags=("Own",)).id for person in (one, two))

    def listed(client: Any) -> set[str]:
        return {row["id"] for row in client.get(f"/v1/articles?status={status}&limit=100").json["data"]}

    assert listed(world.client(one)) == {mine}
    assert listed(world.client("editor")) >= {mine, other}


def test_pages_are_listed_only_when_asked_for_and_filters_go_together(world: World):
    author = world.person("author", name="Filter Person")
    tag = f"f{world.sku().replace('.', '')}".lower()
    article = world.article(author, tags=(tag,), categories=("Kitchen",), title="Accenté")
    page = world.article(author, tags=(tag,), type="page", title="Accenté")

    def found(query: str) -> list[str]:
        return [row["id"] for row in world.stranger.get(f"/v1/articles?tag={tag}{query}").json["data"]]

    assert found("") == [article.id]
    assert found("&type=page") == [page.id]
    assert found("&category=kitchen&q=ACCENTE") == [article.id]
    assert found("&category=other") == []
    slug = article.authors[0].slug
    assert found(f"&author={slug}") == [article.id]
    assert found("&author=nobody-at-all") == []
