"""Who sees, and who may change, which article."""

from __future__ import annotations

import pytest


@pytest.fixture
def house(client, client_as):
    """A stranger, everyone who could ask, and an author with one draft and one published article."""
    author = client_as("author")
    draft = author.simulate_post("/v1/articles", json={"title": "Draft", "body": ""}).json["id"]
    shown = author.simulate_post("/v1/articles", json={"title": "Shown", "body": ""}).json["id"]
    author.simulate_put(f"/v1/articles/{shown}/publication")
    clients = {
        "stranger": client,
        "author": author,
        "other author": client_as("author"),
        **{role: client_as(role) for role in ("customer", "shopkeeper", "editor", "owner")},
    }
    return clients, f"/v1/articles/{draft}", f"/v1/articles/{shown}"


WRITES = (
    ("PATCH", "", {"title": "X"}),
    ("PUT", "/publication", {}),
    ("DELETE", "/publication", None),
    ("DELETE", "", None),
)


@pytest.mark.parametrize(
    ("who", "draft_seen", "draft_written", "shown_written"),
    [
        ("stranger", 404, 401, 401),
        ("customer", 404, 403, 403),
        ("shopkeeper", 404, 403, 403),
        ("other author", 404, 404, 403),
        ("author", 200, "2xx", "2xx"),
        ("editor", 200, "2xx", "2xx"),
        ("owner", 200, "2xx", "2xx"),
    ],
)
def test_who_may_do_what(house, who, draft_seen, draft_written, shown_written):
    clients, draft, shown = house
    client = clients[who]

    assert client.simulate_get(draft).status_code == draft_seen
    assert client.simulate_get(shown).status_code == 200
    for path, expected in ((draft, draft_written), (shown, shown_written)):
        for method, under, body in WRITES:
            status = client.simulate_request(method, path + under, json=body).status_code
            assert status // 100 == 2 if expected == "2xx" else status == expected, (method, path + under)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("stranger", 401),
        ("customer", 403),
        ("shopkeeper", 403),
        ("author", ["Draft"]),
        ("other author", []),
        ("editor", ["Draft"]),
        ("owner", ["Draft"]),
    ],
)
def test_drafts_are_listed_for_those_who_may_see_them(house, who, expected):
    clients, _, _ = house

    answer = clients[who].simulate_get("/v1/articles?status=draft")

    if isinstance(expected, int):
        assert answer.status_code == expected
    else:
        assert [article["title"] for article in answer.json["data"]] == expected


def test_a_list_without_status_shows_what_is_published_whoever_asks(house):
    clients, _, _ = house

    for client in clients.values():
        titles = [article["title"] for article in client.simulate_get("/v1/articles").json["data"]]
        assert titles == ["Shown"]


def test_only_who_may_edit_an_article_sees_its_source(house):
    clients, _, shown = house

    seen = {who for who, client in clients.items() if client.simulate_get(shown).json["body"] is not None}

    assert seen == {"author", "editor", "owner"}
    assert len({client.simulate_get(shown).json["body_html"] for client in clients.values()}) == 1


def test_an_author_who_may_not_write_here_and_now_sees_no_source_and_shows_none_to_others(house):
    clients, _, shown = house
    author, stranger = clients["author"], clients["stranger"]
    key = author.simulate_post("/v1/api-keys", json={"name": "K", "scopes": ["me:read"]}).json["secret"]
    by_key = {"headers": {"Authorization": f"Bearer {key}"}}
    me = author.simulate_get("/v1/me").json["id"]

    with_key = [stranger.simulate_get(shown, **by_key), stranger.simulate_get(shown)]
    clients["owner"].simulate_patch(f"/v1/accounts/{me}", json={"role": "customer"})
    as_customer = [author.simulate_get(shown), stranger.simulate_get(shown)]

    assert [answer.status_code for answer in with_key + as_customer] == [200] * 4
    assert [answer.json["body"] for answer in with_key + as_customer] == [None] * 4


def test_everybody_sees_the_same_lists(house):
    clients, _, _ = house

    for path in ("/v1/articles", "/v1/tags", "/v1/authors"):
        assert len({client.simulate_get(path).headers["ETag"] for client in clients.values()}) == 1


def test_a_search_finds_only_what_may_be_listed(house):
    clients, _, _ = house

    assert clients["author"].simulate_get("/v1/articles?q=draft").json["data"] == []
    assert clients["stranger"].simulate_get("/v1/articles?q=draft").json["data"] == []
    assert len(clients["author"].simulate_get("/v1/articles?q=draft&status=draft").json["data"]) == 1
    assert clients["other author"].simulate_get("/v1/articles?q=draft&status=draft").json["data"] == []


def test_comments_of_a_draft_are_as_hidden_as_the_draft(house):
    clients, draft, _ = house

    assert clients["stranger"].simulate_get(f"{draft}/comments").status_code == 404
    assert clients["author"].simulate_get(f"{draft}/comments").json["data"] == []
    for who, status in (("customer", 404), ("other author", 404), ("author", 409), ("editor", 409)):
        answer = clients[who].simulate_post(f"{draft}/comments", json={"body": "x"})
        assert answer.status_code == status
