"""Contract 6.45: what is another's, was deleted, or never was, is not found in the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.contract.client import Client
from tests.contract.server import Person, World

NEVER = "01m8000000000000000000000z"

Make = Callable[[World, Person], str]


def other_order(world: World, _me: Person) -> str:
    return str(world.order(world.person())["id"])


def other_session(world: World, _me: Person) -> str:
    return str(world.client(world.person()).get("/v1/me/sessions").json["data"][0]["id"])


def ended_session(world: World, me: Person) -> str:
    other = world.stranger.by(world.token_of(me))
    session = next(s["id"] for s in other.get("/v1/me/sessions").json["data"] if s["current"])
    other.delete("/v1/sessions/current")
    return str(session)


def other_key(world: World, _me: Person) -> str:
    return str(world.key(world.person())["id"])


def revoked_key(world: World, me: Person) -> str:
    key = world.key(me)["id"]
    world.client(me).delete(f"/v1/api-keys/{key}")
    return str(key)


def other_draft(world: World, _me: Person) -> str:
    return world.article(world.staff["editor"], publish_at=None).id


def other_draft_slug(world: World, _me: Person) -> str:
    return world.article(world.staff["editor"], publish_at=None).slug


def scheduled(world: World, _me: Person) -> str:
    return world.article(world.staff["editor"], publish_at="2999-01-01T00:00:00.000Z").slug


def deleted_article(world: World, me: Person) -> str:
    article = world.article(me)
    world.client(me).delete(f"/v1/articles/{article.id}")
    return article.id


def deleted_item(world: World, _me: Person) -> str:
    item = world.item()
    world.client("shopkeeper").delete(f"/v1/items/{item.id}")
    return item.slug


def draft_item(world: World, _me: Person) -> str:
    return world.item(status="draft").id


def archived_item(world: World, _me: Person) -> str:
    return world.item(status="archived").slug


def deleted_sku(world: World, _me: Person) -> str:
    item = world.item()
    world.client("shopkeeper").delete(f"/v1/items/{item.id}")
    return item.variants[0].sku


def draft_sku(world: World, _me: Person) -> str:
    return world.item(status="draft").variants[0].sku


def pending_comment(world: World, _me: Person) -> str:
    return world.comment(world.person(), world.article(world.staff["editor"]), approved=False).id


def deleted_comment(world: World, me: Person) -> str:
    comment = world.comment(me, world.article(me)).id
    world.client(me).delete(f"/v1/comments/{comment}")
    return comment


ORDER = (("GET", ""), ("PUT", "/cancellation"), ("GET", "/payments"), ("GET", "/fulfilments"))
ARTICLE = (
    ("GET", ""),
    ("PATCH", ""),
    ("DELETE", ""),
    ("PUT", "/publication"),
    ("DELETE", "/publication"),
    ("GET", "/comments"),
    ("POST", "/comments"),
)
BODIES = {"PATCH": {"title": "x"}, "PUT": {}, "POST": {"body": "x"}}
CASES: list[tuple[Make, str, str, tuple[tuple[str, str], ...]]] = [
    (other_order, "/v1/orders/", "ord_", ORDER),
    (other_session, "/v1/me/sessions/", "ses_", (("DELETE", ""),)),
    (ended_session, "/v1/me/sessions/", "ses_", (("DELETE", ""),)),
    (other_key, "/v1/api-keys/", "key_", (("DELETE", ""),)),
    (revoked_key, "/v1/api-keys/", "key_", (("DELETE", ""),)),
    (other_draft, "/v1/articles/", "art_", ARTICLE),
    (other_draft_slug, "/v1/articles/", "art_", ARTICLE),
    (scheduled, "/v1/articles/", "art_", ARTICLE),
    (deleted_article, "/v1/articles/", "art_", ARTICLE),
    (deleted_item, "/v1/items/", "itm_", (("GET", ""),)),
    (draft_item, "/v1/items/", "itm_", (("GET", ""),)),
    (archived_item, "/v1/items/", "itm_", (("GET", ""),)),
    (deleted_sku, "/v1/variants/", "sku-", (("GET", ""),)),
    (draft_sku, "/v1/variants/", "sku-", (("GET", ""),)),
    (pending_comment, "/v1/comments/", "cmt_", (("DELETE", ""),)),
    (deleted_comment, "/v1/comments/", "cmt_", (("DELETE", ""),)),
]


@pytest.mark.parametrize(("make", "place", "prefix", "requests"), CASES, ids=[c[0].__name__ for c in CASES])
def test_the_hidden_and_the_missing_are_the_same_bytes(
    world: World, make: Make, place: str, prefix: str, requests: tuple[tuple[str, str], ...]
):
    me = world.person("author")
    client, hidden = world.client(me), make(world, me)

    for method, rest in requests:
        for headers in ({}, {"If-Match": '"x"'}):
            there, never = (
                raw(client, method, f"{place}{name}{rest}", headers) for name in (hidden, prefix + NEVER)
            )
            assert there == never
            assert there.startswith("HTTP/1.1 404 ")


def test_neither_old_slugs_nor_lists_tell_of_drafts(world: World):
    editor = world.client("editor")
    article = editor.post(
        "/v1/articles", {"title": "Quiet plan", "body": "xyzzyplugh", "tags": ["Hush"]}
    ).json
    editor.patch(f"/v1/articles/{article['id']}", {"slug": f"{article['slug']}-b"})

    for client in (world.stranger, world.client("customer"), world.client("author")):
        client.get(f"/v1/articles/{article['slug']}").is_problem(404, "not-found")
        assert client.get("/v1/articles?q=xyzzyplugh").json["data"] == []
        assert client.get("/v1/articles?tag=hush").json["data"] == []
        assert all(
            tag["count"] == 0
            for tag in client.get("/v1/tags?limit=100").json["data"]
            if tag["slug"] == "hush"
        )
    for path in ("/feed.json", "/feed.atom", "/sitemap.xml"):
        assert article["slug"].encode() not in world.stranger.get(path).body


def raw(client: Client, method: str, path: str, headers: dict[str, str]) -> str:
    """The whole answer without its request id and its date."""
    answer = client.say(client.request(method, path, BODIES.get(method, ...), headers=headers)).decode()
    return re.sub(r"req_[0-9a-z]{26}|Date: [^\r]+", "", answer)
