"""A mirror that knows nothing but the lists and the events: it ends equal to the lists."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from falcon.testing import TestClient

LISTS = {
    "article": "/v1/articles?status=all&type=article&",
    "comment": "/v1/comments?",
    "item": "/v1/items?status=all&",
    "order": "/v1/orders?",
    "account": "/v1/accounts?",
}
OF_OTHERS = {"article": {"comment_count", "authors"}, "comment": {"article", "author", "parent", "body"}}
"""What a thing shows of others, and what no event shows."""
EUR = {"currency": "EUR"}


class Mirror:
    """Everything that an owner sees in lists, by the id of the thing."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self._cursor = self._get("/v1/events?after=now")["cursor"]
        self.things = {kind: self._listed(path) for kind, path in LISTS.items()}

    def follow(self) -> int:
        """Apply the events since the last time; their number."""
        page = self._get(f"/v1/events?limit=50&after={self._cursor}")
        for event in page["data"]:
            self._apply(event)
        self._cursor = page["cursor"]
        return len(page["data"])

    def lists(self) -> dict[str, dict[str, Any]]:
        """The lists as they are now."""
        return {kind: self._listed(path) for kind, path in LISTS.items()}

    def _apply(self, event: dict[str, Any]) -> None:
        kind, ref, data = event["subject"]["kind"], event["subject"]["id"], event["data"]
        if kind == "variant":
            for item in self.things["item"].values():
                item["variants"] = [data if own["id"] == ref else own for own in item["variants"]]
        elif kind in self.things and data is None:
            self.things[kind].pop(ref, None)
        elif kind == "item":
            stock = {own["id"]: own["stock"] for own in self.things[kind].get(ref, data)["variants"]}
            for own in data["variants"]:
                own["stock"] = stock.get(own["id"], own["stock"])
            self.things[kind][ref] = data
        elif kind in self.things:
            self.things[kind][ref] = data

    def _listed(self, path: str) -> dict[str, Any]:
        rows: dict[str, Any] = {}
        page = self._get(f"{path}limit=100")
        while True:
            rows |= {row["id"]: row for row in page["data"]}
            if page["next"] is None:
                return rows
            page = self._get(page["next"])

    def _get(self, path: str) -> Any:
        answer = self._client.simulate_get(path.removeprefix("https://kiosque.test"))
        assert answer.status_code == 200, answer.json
        return answer.json


class Storm:
    """Somebody who writes whatever comes to mind."""

    def __init__(self, client: TestClient, seed: int) -> None:
        self._client, self._random, self._seed = client, random.Random(seed), seed
        self._things: dict[str, list[str]] = {"articles": [], "items": [], "orders": [], "comments": []}
        self._skus: list[str] = []

    def write(self, steps: int) -> None:
        for step in range(steps):
            getattr(self, self._random.choice(ACTS))(f"{self._seed}-{step}")

    def article(self, name: str) -> None:
        self._create("articles", "/v1/articles", {"title": f"Fog {name}", "body": "Text.", "tags": ["Fog"]})

    def publish(self, _name: str) -> None:
        self._with("articles", "PUT", "/publication", {})

    def withdraw(self, _name: str) -> None:
        self._with("articles", "DELETE", "/publication")

    def edit(self, name: str) -> None:
        self._with("articles", "PATCH", "", {"title": f"Rain {name}"})

    def remove(self, _name: str) -> None:
        self._with(self._random.choice(("articles", "items", "comments")), "DELETE", "")

    def comment(self, name: str) -> None:
        if self._things["articles"]:
            article = self._random.choice(self._things["articles"])
            self._create("comments", f"/v1/articles/{article}/comments", {"body": f"Well {name}."})

    def moderate(self, _name: str) -> None:
        self._with("comments", "PATCH", "", {"status": self._random.choice(("approved", "spam"))})

    def item(self, name: str) -> None:
        variant = {"sku": f"mug-{name}", "price": {"amount": 100, **EUR}, "stock": 20}
        body = {"name": f"Mug {name}", "status": "published", "variants": [variant]}
        if self._create("items", "/v1/items", body):
            self._skus.append(variant["sku"])

    def rename(self, name: str) -> None:
        self._with("items", "PATCH", "", {"name": f"Cup {name}"})

    def stock(self, _name: str) -> None:
        if self._skus:
            sku, delta = self._random.choice(self._skus), self._random.choice((-7, 3))
            self._send("POST", f"/v1/variants/{sku}/stock-movements", {"delta": delta, "reason": "adjust"})

    def order(self, _name: str) -> None:
        lines = [{"sku": sku, "quantity": 1} for sku in self._random.sample(self._skus, len(self._skus) // 2)]
        self._create("orders", "/v1/orders", {"lines": lines})

    def pay(self, _name: str) -> None:
        self._with("orders", "POST", "/payments", {"method": "cash", "amount": {"amount": 50, **EUR}})

    def send(self, _name: str) -> None:
        self._with("orders", "POST", "/fulfilments", {})

    def cancel(self, _name: str) -> None:
        self._with("orders", "PUT", "/cancellation", {})

    def call_oneself(self, name: str) -> None:
        self._send("PATCH", "/v1/me", {"name": f"Ada {name}"})

    def _create(self, kind: str, path: str, body: dict[str, Any]) -> bool:
        answer = self._send("POST", path, body)
        if answer.status_code == 201:
            self._things[kind].append(answer.json["id"])
        return bool(answer.status_code == 201)

    def _with(self, kind: str, method: str, below: str, body: dict[str, Any] | None = None) -> None:
        if self._things[kind]:
            self._send(method, f"/v1/{kind}/{self._random.choice(self._things[kind])}{below}", body)

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        answer = self._client.simulate_request(method, path, json=body)
        assert answer.status_code < 500, answer.json
        return answer


ACTS = (
    *("article", "article", "publish", "publish", "withdraw", "edit", "remove", "comment", "comment"),
    *("moderate", "item", "item", "rename", "stock", "stock", "order", "order", "pay", "send", "cancel"),
    "call_oneself",
)


def test_a_mirror_that_starts_in_a_storm_ends_equal_to_the_lists(client_as):
    writers = [Storm(client_as("owner"), seed) for seed in range(4)]
    reader, over = client_as("owner"), threading.Event()

    def follow() -> Mirror:
        mirror = Mirror(reader)
        while not over.is_set():
            mirror.follow()
        return mirror

    for writer in writers:
        writer.write(10)
    with ThreadPoolExecutor(5) as pool:
        storm = [pool.submit(writer.write, 50) for writer in writers]
        following = pool.submit(follow)
        for writing in storm:
            writing.result()
        over.set()
    mirror = following.result()
    while mirror.follow():
        pass

    for kind, rows in mirror.lists().items():
        mirrored = mirror.things[kind]
        assert mirrored.keys() == rows.keys(), kind
        for ref, row in rows.items():
            fields = row.keys() - OF_OTHERS.get(kind, set())
            assert {name: mirrored[ref][name] for name in fields} == {name: row[name] for name in fields}
