"""Writing, changing and deleting articles."""

from __future__ import annotations

import pytest

from api.articles.writing import rules as articles
from api.articles.writing.drafts import ArticleDraft, typeset
from api.text.slugs import SlugTaken
from tests.factories import make_article, make_viewer

FOG = {"title": "Été: Fog & Co", "body": "# Hi\n\n**fog**", "tags": ["Sea", "C++"], "categories": ["News"]}


def test_a_new_article_is_a_draft_with_every_key(client_as):
    answer = client_as("author", name="Ada Lovelace").simulate_post("/v1/articles", json=FOG)

    article = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/articles/{article['id']}"
    assert article.pop("id").startswith("art_")
    assert article.pop("created_at") == article.pop("updated_at")
    assert article == {
        "type": "article",
        "slug": "ete-fog-co",
        "title": "Été: Fog & Co",
        "status": "draft",
        "excerpt": None,
        "language": None,
        "image": None,
        "format": "markdown",
        "body": "# Hi\n\n**fog**",
        "body_html": '<h1 id="text-hi">Hi</h1>\n<p><strong>fog</strong></p>\n',
        "authors": [{"name": "Ada Lovelace", "slug": "ada-lovelace"}],
        "tags": [{"name": "Sea", "slug": "sea"}, {"name": "C++", "slug": "c"}],
        "categories": [{"name": "News", "slug": "news"}],
        "featured": False,
        "comment_policy": "open",
        "comment_count": 0,
        "publish_at": None,
        "published_at": None,
        "version": 1,
        "url": "https://kiosque.test/article/?slug=ete-fog-co",
    }


def test_an_article_is_read_back_as_it_was_answered(client_as):
    author = client_as("author")
    written = author.simulate_post("/v1/articles", json=FOG)

    read = author.simulate_get(written.headers["Location"])

    assert read.json == written.json
    assert read.headers["ETag"] == written.headers["ETag"]


def test_a_second_article_of_one_title_gets_the_next_slug(client_as):
    author = client_as("author")

    slugs = [author.simulate_post("/v1/articles", json=FOG).json["slug"] for _ in range(4)]

    assert slugs == ["ete-fog-co", "ete-fog-co-2", "ete-fog-co-3", "ete-fog-co-4"]


def test_a_title_without_letters_still_gets_a_slug(client_as):
    answer = client_as("author").simulate_post(
        "/v1/articles", json={"title": "!!!", "body": "", "type": "page"}
    )

    assert (answer.status_code, answer.json["slug"]) == (201, "page")


def test_a_given_slug_that_is_taken_is_refused(client_as):
    author = client_as("author")
    author.simulate_post("/v1/articles", json=FOG)

    answer = author.simulate_post("/v1/articles", json={**FOG, "slug": "ete-fog-co"})

    assert (answer.status_code, answer.json["code"]) == (409, "slug-taken")
    assert [error["pointer"] for error in answer.json["errors"]] == ["/slug"]


def test_pages_and_articles_share_the_slugs(client_as):
    author = client_as("author")
    author.simulate_post("/v1/articles", json={**FOG, "type": "page"})

    answer = author.simulate_post("/v1/articles", json={**FOG, "slug": "ete-fog-co"})

    assert answer.status_code == 409


def test_one_key_writes_one_article(client_as):
    author = client_as("author")
    key = {"Idempotency-Key": "once"}
    first = author.simulate_post("/v1/articles", json=FOG, headers=key)

    second = author.simulate_post("/v1/articles", json=FOG, headers=key)

    assert second.headers["Idempotent-Replayed"] == "true"
    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["ETag"] == first.headers["ETag"]
    assert len(author.simulate_get("/v1/articles?status=draft").json["data"]) == 1


def test_a_patch_changes_what_it_names_and_null_clears(client_as):
    author = client_as("author")
    path = author.simulate_post("/v1/articles", json={**FOG, "excerpt": "E", "language": "en"}).headers[
        "Location"
    ]

    answer = author.simulate_patch(
        path, json={"title": "New", "excerpt": None, "tags": None, "categories": ["A", "a"]}
    )

    article = answer.json
    assert (article["title"], article["excerpt"], article["language"]) == ("New", None, "en")
    assert (article["tags"], article["categories"]) == ([], [{"name": "A", "slug": "a"}])
    assert article["slug"] == "ete-fog-co"
    assert answer.headers["ETag"] == author.simulate_get(path).headers["ETag"]


def test_a_patch_that_changes_nothing_leaves_the_etag(client_as):
    author = client_as("author")
    written = author.simulate_post("/v1/articles", json=FOG)

    answer = author.simulate_patch(written.headers["Location"], json=FOG)

    assert answer.headers["ETag"] == written.headers["ETag"]


def test_another_format_renders_the_same_body_anew(client_as):
    author = client_as("author")
    path = author.simulate_post("/v1/articles", json={"title": "T", "body": "*a*"}).headers["Location"]

    answer = author.simulate_patch(path, json={"format": "html"})

    assert answer.json["body_html"] == "*a*"


def test_an_image_is_merged_and_a_new_address_is_a_new_image(client_as):
    author = client_as("author")
    path = author.simulate_post(
        "/v1/articles", json={"title": "T", "body": "", "image": {"url": "/a.png"}}
    ).headers["Location"]
    first = author.simulate_get(path).json["image"]

    described = author.simulate_patch(path, json={"image": {"alt": "A"}}).json["image"]
    moved = author.simulate_patch(path, json={"image": {"url": "/b.png"}}).json["image"]
    gone = author.simulate_patch(path, json={"image": None}).json["image"]

    assert described == first | {"alt": "A"}
    assert (moved["url"], moved["alt"]) == ("/b.png", "A")
    assert moved["id"] != first["id"]
    assert gone is None


def test_an_image_keeps_its_one_source(client_as):
    author = client_as("author")
    shown = {"title": "T", "body": "", "image": {"url": "/a.png", "alt": "A"}}
    path = f"/v1/articles/{author.simulate_post('/v1/articles', json=shown).json['id']}"

    cleared = author.simulate_patch(path, json={"image": {"url": None, "alt": "B"}})
    plain = author.simulate_patch(path, json={"image": {"media": None, "alt": "B"}})

    assert (cleared.status_code, cleared.json["code"]) == (409, "image-address-required")
    assert (plain.json["image"]["url"], plain.json["image"]["alt"]) == ("/a.png", "B")


def test_the_text_of_no_image_cannot_be_changed(client_as):
    author = client_as("author")
    path = author.simulate_post("/v1/articles", json={"title": "T", "body": ""}).headers["Location"]

    answer = author.simulate_patch(path, json={"image": {"alt": "A"}})

    assert (answer.status_code, answer.json["code"]) == (409, "image-address-required")


def test_a_stale_write_is_refused_with_the_etag_of_now(client_as):
    author = client_as("author")
    written = author.simulate_post("/v1/articles", json=FOG)
    path = written.headers["Location"]
    now = author.simulate_patch(path, json={"title": "New"}).headers["ETag"]
    stale = {"If-Match": written.headers["ETag"]}

    answers = [
        author.simulate_patch(path, json={"title": "Newer"}, headers=stale),
        author.simulate_put(f"{path}/publication", headers=stale),
        author.simulate_delete(path, headers=stale),
    ]

    assert [answer.status_code for answer in answers] == [412] * 3
    assert {answer.headers["ETag"] for answer in answers} == {now}
    assert author.simulate_get(path).headers["ETag"] == now


def test_an_old_slug_leads_to_the_new_one_for_those_who_may_see(client, client_as):
    author = client_as("author")
    article = author.simulate_post("/v1/articles", json=FOG).json
    author.simulate_patch(f"/v1/articles/{article['id']}", json={"slug": "нов"})

    assert client.simulate_get("/v1/articles/ete-fog-co").status_code == 404

    author.simulate_put("/v1/articles/ete-fog-co/publication")
    for method in ("GET", "HEAD"):
        answer = client.simulate_request(method, "/v1/articles/ete-fog-co")
        assert answer.status_code == 308
        assert answer.headers["Location"] == "/v1/articles/%D0%BD%D0%BE%D0%B2"
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert answer.content == b""


def test_an_article_may_go_back_to_a_slug_it_had(client_as):
    author = client_as("author")
    path = author.simulate_post("/v1/articles", json=FOG).headers["Location"]
    author.simulate_patch(path, json={"slug": "b"})

    author.simulate_patch(path, json={"slug": "ete-fog-co"})

    assert author.simulate_get("/v1/articles/ete-fog-co").status_code == 200
    assert author.simulate_get("/v1/articles/b").headers["Location"] == "/v1/articles/ete-fog-co"


def test_an_old_slug_is_taken_over_by_whoever_asks_but_not_by_a_title(db):
    with db.write() as tx:
        author = make_viewer(tx)
        first = make_article(tx, author=author, title="Fog")
        moved = ArticleDraft(title="Fog", slug="mist", text=typeset("", "markdown"))
        articles.change(tx, first, moved)

        by_title = make_article(tx, author=author, title="Fog")
        by_name = make_article(tx, author=author, title="Else", slug="fog")

        assert (by_title.slug, by_name.slug) == ("fog-2", "fog")
        with pytest.raises(SlugTaken):
            make_article(tx, author=author, slug="mist")


def test_a_deleted_article_is_gone_and_its_slugs_are_free(client, client_as):
    author = client_as("author")
    path = author.simulate_post("/v1/articles", json=FOG).headers["Location"]
    author.simulate_patch(path, json={"slug": "b"})

    assert author.simulate_delete(path).status_code == 204

    gone, never = author.simulate_get(path), author.simulate_get("/v1/articles/art_" + "0" * 26)
    assert gone.status_code == 404
    assert {**gone.json, "request_id": ""} == {**never.json, "request_id": ""}
    assert author.simulate_get("/v1/articles?status=draft&q=fog").json["data"] == []
    assert author.simulate_post("/v1/articles", json={**FOG, "slug": "b"}).status_code == 201
    assert author.simulate_post("/v1/articles", json=FOG).json["slug"] == "ete-fog-co"


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"title": ""}, "too-short", "/title"),
        ({"title": " \n"}, "invalid-format", "/title"),
        ({"title": "x" * 201}, "too-long", "/title"),
        ({"title": "a\0b"}, "invalid-characters", "/title"),
        ({"body": None}, "invalid-type", "/body"),
        ({"body": "x" * 200_001}, "too-long", "/body"),
        ({"slug": "Not A Slug"}, "invalid-format", "/slug"),
        ({"slug": "x" * 101}, "too-long", "/slug"),
        ({"excerpt": "x" * 1001}, "too-long", "/excerpt"),
        ({"language": "x y"}, "invalid-format", "/language"),
        ({"image": {"url": "javascript:alert(1)"}}, "invalid-format", "/image/url"),
        ({"image": {}}, "required", "/image/url"),
        ({"tags": ["x"] * 51}, "too-many-lines", "/tags"),
        ({"tags": ["x" * 61]}, "too-long", "/tags/0"),
        ({"type": "post"}, "invalid-format", "/type"),
        ({"featured": 1}, "invalid-type", "/featured"),
        ({"id": "art_1"}, "unknown-field", "/id"),
        ({"publish_at": "2026-01-01T00:00:00Z"}, "unknown-field", "/publish_at"),
        ({"status": "published"}, "unknown-field", "/status"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_stored(client_as, fields, code, pointer):
    author = client_as("author")

    answer = author.simulate_post("/v1/articles", json={**FOG, **fields})

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json["errors"][0]["pointer"] == pointer
    assert author.simulate_get("/v1/articles?status=draft").json["data"] == []
