"""Tags and categories: shown when something public uses them, renamed, joined and deleted by editors."""

from __future__ import annotations

from itertools import count

import pytest
import sqlalchemy as sa

from api import storage
from api.articles.writing import queries as article_queries
from api.shop.items import queries as item_queries
from api.taxonomy import rules as terms
from tests.factories import make_article, make_item, make_viewer

EDITORS = {"articles": "editor", "items": "shopkeeper"}


@pytest.fixture(params=["articles", "items"])
def scope(request) -> str:
    return request.param


@pytest.fixture
def make(db, scope):
    """Make something with these terms, published or not; its path."""

    def one(*, draft: bool = False, **terms: tuple) -> str:
        with db.write() as tx:
            if scope == "articles":
                author = make_viewer(tx)
                article = make_article(tx, author=author, publish_at=None if draft else "", **terms)
                return f"/v1/articles/{article.id}"
            if "categories" in terms:
                terms["categories"] = tuple((name,) for name in terms["categories"])
            item = make_item(
                tx, sku=f"sku-{next(numbers)}", status="draft" if draft else "published", **terms
            )
            return f"/v1/items/{item.id}"

    numbers = count()
    return one


@pytest.fixture
def editor(client_as, scope):
    return client_as(EDITORS[scope])


@pytest.fixture
def shown(client, scope):
    return lambda kind, who=client: [
        (term["name"], term["slug"], term["count"])
        for term in who.simulate_get(f"/v1/{kind}?of={scope}").json["data"]
    ]


def found(client, scope: str, word: str) -> int:
    return len(client.simulate_get(f"/v1/{scope}?q={word}").json["data"])


@pytest.mark.parametrize("kind", ["tags", "categories"])
def test_strangers_see_the_terms_of_what_is_published_and_editors_all(client, make, editor, shown, kind):
    make(**{kind: ("Sea",)})
    draft = make(draft=True, **{kind: ("Merger",)})

    assert shown(kind) == [("Sea", "sea", 1)]
    assert shown(kind, editor) == [("Merger", "merger", 0), ("Sea", "sea", 1)]

    editor.simulate_delete(draft)

    assert shown(kind) == [("Sea", "sea", 1)]


def test_terms_of_articles_and_of_items_are_separate(client, make, scope):
    make(tags=("Sea",))
    other = {"articles": "items", "items": "articles"}[scope]

    assert client.simulate_get(f"/v1/tags?of={other}").json["data"] == []
    assert client.simulate_get("/v1/tags?of=accounts").json["code"] == "invalid-parameter"


def test_a_renamed_term_has_its_new_name_everywhere(client, make, editor, scope, shown):
    thing = make(tags=("javascript",))

    answer = editor.simulate_patch(
        f"/v1/tags/javascript?of={scope}", json={"name": "ECMAScript", "slug": "ecmascript"}
    )

    assert answer.json == {"name": "ECMAScript", "slug": "ecmascript", "count": 1}
    assert shown("tags") == [("ECMAScript", "ecmascript", 1)]
    assert client.simulate_get(thing).json["tags"] == [{"name": "ECMAScript", "slug": "ecmascript"}]
    assert (found(client, scope, "javascript"), found(client, scope, "ecmascript")) == (0, 1)


def test_another_spelling_of_its_own_name_is_no_conflict(make, editor, scope):
    make(tags=("javascript",))

    answer = editor.simulate_patch(f"/v1/tags/javascript?of={scope}", json={"name": "JavaScript"})

    assert (answer.status_code, answer.json["name"]) == (200, "JavaScript")


@pytest.mark.parametrize(("change", "pointer"), [({"slug": "sea"}, "/slug"), ({"name": "SEA"}, "/name")])
def test_a_name_or_slug_of_another_is_refused(make, editor, scope, change, pointer):
    make(tags=("Sea", "Fog"))

    answer = editor.simulate_patch(f"/v1/tags/fog?of={scope}", json=change)

    assert (answer.status_code, answer.json["code"]) == (409, "slug-taken")
    assert answer.json["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("kind", ["tags", "categories"])
def test_a_term_in_use_is_deleted_into_another_only(client, make, editor, scope, shown, kind):
    both, one = make(**{kind: ("Fog", "Mist")}), make(**{kind: ("Mist",)}, draft=True)
    path = f"/v1/{kind}/mist?of={scope}"

    refused = editor.simulate_delete(path)
    unknown = [editor.simulate_delete(f"{path}&into={slug}") for slug in ("mist", "nothing")]
    joined = editor.simulate_delete(f"{path}&into=fog")

    assert (refused.status_code, refused.json["code"]) == (409, "in-use")
    assert {use["id"] for use in refused.json["uses"]} == {path.rpartition("/")[2] for path in (both, one)}
    assert [answer.json["code"] for answer in unknown] == ["unknown-term"] * 2
    assert joined.status_code == 204
    assert shown(kind, editor) == [("Fog", "fog", 1)]
    for thing in (both, one):
        assert [term["slug"] for term in editor.simulate_get(thing).json[kind]] == ["fog"]
    assert (found(client, scope, "mist"), found(client, scope, "fog")) == (0, 1)


def test_a_term_that_nothing_uses_is_deleted(make, editor, scope, shown):
    editor.simulate_delete(make(tags=("Sea",)))

    deleted = [editor.simulate_delete(f"/v1/tags/sea?of={scope}").status_code for _ in range(2)]

    assert deleted == [204, 404]
    assert shown("tags", editor) == []


@pytest.mark.parametrize("role", ["customer", "author", "editor", "shopkeeper"])
def test_only_the_editors_of_a_scope_change_its_terms(client_as, make, scope, role):
    make(tags=("Sea",))
    someone = client_as(role)

    statuses = {
        someone.simulate_patch(f"/v1/tags/sea?of={scope}", json={}).status_code,
        someone.simulate_delete(f"/v1/categories/none?of={scope}").status_code,
    }

    assert statuses == ({200, 404} if role == EDITORS[scope] else {403})


def test_categories_above_something_published_are_shown_and_move_with_their_tree(client, client_as, db):
    keeper = client_as("shopkeeper")
    with db.write() as tx:
        make_item(tx, sku="a", categories=(("Home", "Kitchen", "Mugs"),))
        make_item(tx, sku="b", categories=(("Garden", "Kitchen"),), status="draft")

    def tree() -> dict[str, str | None]:
        data = client.simulate_get("/v1/categories?of=items").json["data"]
        return {category["slug"]: category["parent"] for category in data}

    def patch(slug: str, parent: str | None):
        return keeper.simulate_patch(f"/v1/categories/{slug}?of=items", json={"parent": parent})

    assert tree() == {"home": None, "kitchen": "home", "mugs": "kitchen"}
    assert patch("home", "mugs").json["code"] == "unknown-term"
    assert patch("mugs", "none").json["code"] == "unknown-term"
    assert patch("mugs", "home").json["parent"] == "home"
    assert tree() == {"home": None, "mugs": "home"}
    assert keeper.simulate_delete("/v1/categories/home?of=items&into=mugs").status_code == 204
    assert tree() == {"mugs": None}


def test_two_categories_with_one_name_below_each_are_not_joined(client_as, db):
    keeper = client_as("shopkeeper")
    with db.write() as tx:
        make_item(tx, sku="a", categories=(("Home", "Kitchen"), ("Garden", "Kitchen")))

    answer = keeper.simulate_delete("/v1/categories/garden?of=items&into=home")

    assert (answer.status_code, answer.json["code"]) == (409, "in-use")


def test_a_stale_change_of_a_tag_is_refused(make, editor, scope):
    make(tags=("Sea",))
    path = f"/v1/tags/sea?of={scope}"
    etag = editor.simulate_patch(path, json={"name": "Ocean"}).headers["ETag"]

    stale = editor.simulate_patch(path, json={"name": "Sea"}, headers={"If-Match": '"other"'})

    assert (stale.status_code, stale.headers["ETag"]) == (412, etag)


@pytest.mark.parametrize("kind", ["tags", "categories"])
def test_a_term_that_changes_is_a_change_of_all_that_has_it(make, editor, scope, kind):
    changed, other = make(**{kind: ("Sea",)}), make(**{kind: ("Fog",)})
    term = f"/v1/{kind}/{{}}?of={scope}"

    def versions() -> tuple[int, int]:
        return tuple(editor.simulate_get(path).json["version"] for path in (changed, other))

    first = versions()
    risen = []
    for change in ({"name": "Ocean"}, {"name": "Ocean", "slug": "sea"}, {"slug": "ocean"}):
        editor.simulate_patch(term.format("sea"), json=change)
        risen.append(versions()[0] - first[0])
    editor.simulate_delete(f"{term.format('ocean')}&into=fog")

    assert risen == [1, 1, 2]
    assert versions() == (first[0] + 3, first[1])


def test_a_term_that_changes_moves_the_time_of_all_that_has_it(db, make, editor, scope):
    long_ago, thing = "2001-01-01T00:00:00.000Z", make(tags=("Sea",))
    with db.write() as tx:
        tx.run(sa.update(storage.metadata.tables[scope]), updated_at=long_ago)

    editor.simulate_patch(f"/v1/tags/sea?of={scope}", json={"name": "Ocean"})

    assert editor.simulate_get(thing).json["updated_at"] > long_ago


def test_a_category_that_a_thing_has_is_meant_before_others_of_its_name(db, make, editor, scope):
    thing = make(categories=("Shirts",))
    with db.write() as tx:
        women, men = (terms.one(tx, scope, "category", name) for name in ("Women", "Men"))
        mine = [terms.one(tx, scope, "category", "Shirts", parent=parent) for parent in (women, men)]
        links = article_queries.TERMS if scope == "articles" else item_queries.TERMS
        copies = {"type": "article", "publish_at": tx.now} if scope == "articles" else {}
        links.replace(tx, thing.rpartition("/")[2], [term.id for term in mine], **copies)
    before = editor.simulate_get(thing).json

    same = editor.simulate_patch(thing, json={"categories": ["shirts", "Shirts"]}).json
    fewer = editor.simulate_patch(thing, json={"categories": ["Shirts"]}).json

    assert same == before
    assert [category["slug"] for category in fewer["categories"]] == [mine[0].slug]
