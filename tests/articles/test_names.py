"""Names, titles and slugs that show nothing are refused, and a new name of an author is shown at once."""

from __future__ import annotations

import pytest

INVISIBLE = ("\u200b", "\u2800", "\u202e", "\u3164 \ufe0f", "\xad", " \u2060\t")


@pytest.mark.parametrize("title", INVISIBLE)
def test_a_title_or_tag_that_shows_nothing_is_refused(client_as, title):
    author = client_as("author")

    answers = [
        author.simulate_post("/v1/articles", json={"title": "x", "body": "", **fields})
        for fields in ({"title": title}, {"tags": [title]})
    ]

    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [(422, "invalid-format")] * 2


HIDDEN = (
    "a\u202eb",
    "a\u202db\u202c",
    "\u2067a\u2069",
    "a\u2060",
    "\ufeffa",
    "a\u180eb",
    "a\U000e0041",
    "a\ufffbb",
)


@pytest.mark.parametrize("text", HIDDEN)
def test_a_name_or_title_with_a_hidden_character_is_refused_wherever_it_stands(client_as, text):
    owner = client_as("owner")
    article = {"title": "x", "body": ""}
    variant = {"sku": "x", "price": {"amount": 1, "currency": "EUR"}}
    item = {"name": "x", "kind": "service", "variants": [variant]}
    sent = [
        ("POST", "/v1/articles", {**article, "title": text}),
        ("POST", "/v1/articles", {**article, "tags": [text]}),
        ("POST", "/v1/articles", {**article, "categories": [text]}),
        ("POST", "/v1/items", {**item, "name": text}),
        ("POST", "/v1/items", {**item, "tags": [text]}),
        ("POST", "/v1/items", {**item, "options": [{"name": text, "values": ["x"]}]}),
        ("POST", "/v1/items", {**item, "options": [{"name": "x", "values": [text]}]}),
        ("PATCH", "/v1/me", {"name": text}),
        ("POST", "/v1/api-keys", {"name": text, "scopes": []}),
        ("POST", "/v1/accounts", {"email": "a@b.test", "password": "paper-lantern-42", "name": text}),
    ]

    answers = [owner.simulate_request(method, path, json=body) for method, path, body in sent]

    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [
        (422, "invalid-format")
    ] * len(sent)


@pytest.mark.parametrize(
    "text",
    [
        "نمی\u200cدانم",
        "\u200fא",
        "👩\u200d👧 x",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "x ❤\ufe0f",
        "葛\U000e0100城",
    ],
)
def test_characters_that_shape_others_belong_to_names_and_titles(client_as, text):
    author = client_as("author")

    title = author.simulate_post("/v1/articles", json={"title": text, "body": ""})
    name = author.simulate_patch("/v1/me", json={"name": f"x{text}"})

    assert (title.status_code, title.json["title"]) == (201, text)
    assert (name.status_code, name.json["name"]) == (200, f"x{text}")


@pytest.mark.parametrize("blank", ["\u200b", "\u00ad", "\u034f", "\u3164", "\u2800"])
def test_a_blank_belongs_to_a_title_and_not_to_the_name_of_somebody(client_as, blank):
    author = client_as("author")

    title = author.simulate_post("/v1/articles", json={"title": f"ភ្នំ{blank}ពេញ", "body": ""})
    name = author.simulate_patch("/v1/me", json={"name": f"Ad{blank}a"})

    assert (title.status_code, name.status_code) == (201, 422)


@pytest.mark.parametrize("slug", ["\u200b", "a\u200db", "☕", "—", "a\ufe0f"])
def test_a_slug_with_a_character_that_no_slug_has_is_refused(client_as, slug):
    answer = client_as("author").simulate_post("/v1/articles", json={"title": "x", "body": "", "slug": slug})

    assert (answer.status_code, answer.json["code"]) == (422, "invalid-format")


def test_a_slug_is_found_with_its_letters_composed_or_not(client_as):
    author = client_as("author")
    author.simulate_post("/v1/articles", json={"title": "Café", "body": "", "slug": "caf\u00e9"})

    answer = author.simulate_get("/v1/articles/cafe%CC%81")

    assert (answer.status_code, answer.json["slug"]) == (200, "caf\u00e9")


def test_a_filter_by_slug_finds_letters_composed_or_not(client_as):
    owner = client_as("owner")
    filed = {"tags": ["\u0439"], "categories": ["\u0439"]}
    article = owner.simulate_post("/v1/articles", json={"title": "x", "body": "", **filed})
    owner.simulate_put(f"{article.headers['Location']}/publication")
    variants = [{"sku": "a", "price": {"amount": 1, "currency": "EUR"}}]
    owner.simulate_post("/v1/items", json={"name": "x", "status": "published", "variants": variants, **filed})

    for path in ("/v1/articles", "/v1/items"):
        for name in ("tag", "category"):
            lists = [
                owner.simulate_get(f"{path}?{name}={slug}").json["data"]
                for slug in ("%D0%B9", "%D0%B8%CC%86")
            ]
            assert (len(lists[0]), lists[1]) == (1, lists[0])
    joined = owner.simulate_delete("/v1/tags/%D0%B8%CC%86?into=%D0%B8%CC%86")
    assert joined.json["detail"] == "There is no other tag of the slug и\u0306."


def test_a_new_name_is_in_bylines_and_in_the_list_of_authors_at_once(client, client_as):
    author = client_as("author", name="Ada")
    path = author.simulate_post("/v1/articles", json={"title": "x", "body": ""}).headers["Location"]
    author.simulate_put(f"{path}/publication")

    author.simulate_patch("/v1/me", json={"name": "Grace"})

    assert client.simulate_get(path).json["authors"] == [{"name": "Grace", "slug": "ada"}]
    assert client.simulate_get("/v1/authors").json["data"] == [{"name": "Grace", "slug": "ada", "count": 1}]
