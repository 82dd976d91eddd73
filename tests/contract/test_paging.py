"""Contract 3.11 and 3.12, lists: bounds, links, and walks while rows come and go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.client import Client
from tests.contract.server import World


def pages(client: Client, path: str, *, between: Callable[[], object] = lambda: None) -> list[dict[str, Any]]:
    """Every row of a list by following `next`, with `between` called after each page."""
    rows: list[dict[str, Any]] = []
    next_page: str | None = path
    while next_page is not None:
        answer = client.get(next_page)
        assert answer.status == 200, answer.body
        assert set(answer.json) == {"data", "next"}
        rows += answer.json["data"]
        next_page = answer.json["next"]
        link = f'<{next_page}>; rel="next"' if next_page else None
        assert answer.header("Link") == link
        assert next_page is None or next_page.startswith(path.partition("?")[0] + "?")
        assert len(rows) < 2_000
        between()
    return rows


def test_the_default_is_20_and_next_keeps_the_filters(world: World):
    author = world.person("author")
    for _ in range(22):
        world.article(author, tags=("Paging test",), title="Grünes Öl & mehr")

    first = world.stranger.get("/v1/articles?tag=paging-test&q=gr%C3%BCnes+%C3%B6l+%26")

    assert len(first.json["data"]) == 20
    assert "tag=paging-test" in first.json["next"]
    second = world.stranger.get(first.json["next"])
    assert len(second.json["data"]) == 2
    assert second.json["next"] is None
    assert second.header("Link") is None


def test_a_list_that_fits_exactly_has_no_next(world: World):
    client = world.client(world.person())
    for _ in range(2):
        client.post("/v1/api-keys", {"name": "K", "scopes": []})

    assert client.get("/v1/api-keys?limit=2").json["next"] is None
    assert len(client.get(client.get("/v1/api-keys?limit=1").json["next"]).json["data"]) == 1


class Shelf:
    """A list with things that can be added and removed, and the path that shows only them."""

    def __init__(self, world: World, kind: str) -> None:
        self.world, self.kind = world, kind
        self.person = world.person("owner")
        self.client = world.client(self.person)
        self.word = f"shelf{world.sku().replace('-', '').replace('.', '')}".lower()
        self.article = world.article(self.person)
        self.item = world.item(stock=1000)
        self.order = None if kind != "payments" else world.order(self.person, price=100_000)
        self.path = {
            "articles": f"/v1/articles?tag={self.word}&limit=3",
            "found articles": f"/v1/articles?q={self.word}&limit=3",
            "items": f"/v1/items?tag={self.word}&limit=3",
            "found items": f"/v1/items?q={self.word}&limit=3",
            "comments": f"/v1/articles/{self.article.id}/comments?limit=3",
            "orders": "/v1/me/orders?limit=3",
            "movements": f"/v1/variants/{self.item.variants[0].sku}/stock-movements?limit=3",
            "keys": "/v1/api-keys?limit=3",
            "sessions": "/v1/me/sessions?limit=3",
            "payments": f"/v1/orders/{self.order['id'] if self.order else ''}/payments?limit=3",
        }[kind]

    def add(self) -> None:
        price = {"amount": 1, "currency": "EUR"}
        sku = self.item.variants[0].sku
        match self.kind:
            case "articles" | "found articles":
                self.world.article(self.person, title=f"On {self.word}", tags=(self.word,))
            case "items" | "found items":
                self.world.item(name=f"A {self.word}", tags=(self.word,))
            case "comments":
                self.world.comment(self.person, self.article)
            case "orders":
                assert self.client.post("/v1/orders", {"lines": [{"sku": sku, "quantity": 1}]}).status == 201
            case "movements":
                self.client.post(f"/v1/variants/{sku}/stock-movements", {"delta": 1, "reason": "adjust"})
            case "keys":
                self.client.post("/v1/api-keys", {"name": "K", "scopes": []})
            case "sessions":
                self.world.token_of(self.person)
            case "payments":
                assert self.order
                place = f"/v1/orders/{self.order['id']}/payments"
                assert self.client.post(place, {"method": "cash", "amount": price}).status == 201

    def remove(self, row: dict[str, Any]) -> bool:
        """Whether rows of this kind can go."""
        place = {
            "articles": "/v1/articles/",
            "found articles": "/v1/articles/",
            "items": "/v1/items/",
            "found items": "/v1/items/",
            "comments": "/v1/comments/",
            "keys": "/v1/api-keys/",
            "sessions": "/v1/me/sessions/",
        }.get(self.kind)
        return place is not None and self.client.delete(place + row["id"]).status == 204


KINDS = ("articles", "found articles", "items", "found items", "comments", "orders", "movements", "keys",
         "sessions", "payments")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_walk_while_rows_come_and_go_doubles_none_and_loses_none(world: World, kind: str):
    shelf = Shelf(world, kind)
    for _ in range(10):
        shelf.add()
    before = pages(shelf.client, shelf.path)
    current = [row["id"] for row in before if row.get("current")]
    goes = [row for number, row in enumerate(before) if number in (1, 2, 4, 7) and row["id"] not in current]
    leaving = iter(goes)
    gone = set()

    def between() -> None:
        shelf.add()
        row = next(leaving, None)
        if row is not None and shelf.remove(row):
            gone.add(row["id"])

    walked = [row["id"] for row in pages(shelf.client, shelf.path, between=between)]

    assert len(set(walked)) == len(walked)
    assert {row["id"] for row in before} - gone <= set(walked)
    stood = [row["id"] for row in before if row["id"] not in gone]
    assert [row for row in walked if row in stood] == stood


@pytest.mark.parametrize("kind", ["tags", "categories", "authors"])
def test_a_walk_by_name_loses_none(world: World, kind: str):
    stem = f"walk{world.sku().replace('.', '')}".lower()
    names = [f"{stem} {letter}" for letter in "abcdefgh"]
    if kind == "authors":
        for name in names:
            world.article(world.person("author", name=name))
    else:
        world.article(world.staff["author"], **{kind: tuple(names)})

    walked = [row["slug"] for row in pages(world.stranger, f"/v1/{kind}?limit=3")]

    assert walked == sorted(set(walked))
    assert len([slug for slug in walked if slug.startswith(stem)]) == 8


def test_newest_come_first_and_threads_in_their_order(world: World):
    for path in ("/v1/articles", "/v1/items", "/v1/orders", "/v1/accounts", "/v1/comments"):
        rows = pages(world.client("owner"), f"{path}?limit=100")
        times = [row.get("published_at") or row.get("placed_at") or row["created_at"] for row in rows]
        assert times == sorted(times, reverse=True)
