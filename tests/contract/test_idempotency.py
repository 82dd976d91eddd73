"""Contract 3.20, 3.21 and 6.37–6.39 and 6.76: one key, one effect, one answer."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.contract.client import Answer
from tests.contract.operations import DELETABLE, IDEMPOTENT, body_for, path_for
from tests.contract.server import World

# Nothing is reserved here that could be captured.
POSTS = [template for template in IDEMPOTENT if not template.endswith("/captures")]
every_post = pytest.mark.parametrize("template", POSTS)


class Post:
    """A POST by the owner that can be sent again."""

    def __init__(self, world: World, template: str) -> None:
        self.client = world.client("owner")
        self.path = path_for(world, template, "own published", world.staff["owner"])
        body = body_for(world, "POST", template)
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.key = f"key-{world.sku()}"
        self.world = world
        if template.endswith("/refunds"):
            paid = {"method": "cash", "amount": {"amount": 100, "currency": "EUR"}}
            assert self.client.post(self.path.replace("/refunds", "/payments"), paid).status == 201

    def send(self, key: str | None = None, body: bytes | None = None, **how: Any) -> Answer:
        headers = {"Idempotency-Key": self.key if key is None else key}
        client = how.get("client", self.client)
        return client.call("POST", how.get("path", self.path), body=body or self.body, headers=headers)


def told(answer: Answer) -> tuple[Any, ...]:
    return answer.status, answer.header("Location"), answer.header("ETag"), answer.body


@every_post
def test_a_repeated_request_gets_the_first_answer_and_does_nothing(world: World, template: str):
    post = Post(world, template)

    first = post.send()
    again = [post.send(), post.send(f'"{post.key}"'), post.send()]

    assert first.status in (201, 202), first.body
    assert first.header("Idempotent-Replayed") is None
    assert (first.header("ETag") is None) == template.endswith("/replays")
    assert all(told(answer) == told(first) for answer in again)
    assert all(answer.header("Idempotent-Replayed") == "true" for answer in again)
    assert len({answer.header("X-Request-ID") for answer in again}) == 3


@every_post
def test_the_same_key_with_other_bytes_is_refused(world: World, template: str):
    post = Post(world, template)
    first = post.send()

    reused = post.send(body=post.body + b" ")

    reused.is_problem(422, "idempotency-key-reused")
    assert told(post.send()) == told(first)


@every_post
@pytest.mark.parametrize("key", ["", '""', " ", "a b", "a" * 256, "ä", "a\tb", '"a b"'])
def test_a_bad_key_is_refused(world: World, template: str, key: str):
    answer = Post(world, template).send(key)

    answer.is_problem(400, "idempotency-key-invalid")
    assert answer.errors() == {("Idempotency-Key", "idempotency-key-invalid")}


@every_post
def test_a_key_sent_twice_is_refused(world: World, template: str):
    post = Post(world, template)
    for second in (post.key, "other", f'"{post.key}"'):
        headers = [("Idempotency-Key", post.key), ("Idempotency-Key", second)]
        answer = post.client.call("POST", post.path, body=post.body, headers=headers)
        answer.is_problem(400, "idempotency-key-invalid")


@pytest.mark.parametrize(
    "key", ["~", "a" * 255, "!#$%&'()*+,-./:;<=>?@[]^_`{|}~", '"' + "k" * 255 + '"', "a,b"]
)
def test_255_visible_characters_are_a_key(world: World, key: str):
    post = Post(world, "/v1/articles")
    client = world.client(world.person("author"))

    assert post.send(key, client=client).status == 201
    assert post.send(key, client=client).header("Idempotent-Replayed") == "true"


def test_a_key_belongs_to_an_account_a_method_and_a_path(world: World):
    post = Post(world, "/v1/variants/{sku}/stock-movements")
    elsewhere = path_for(world, "/v1/variants/{sku}/stock-movements", "-", world.staff["owner"])

    answers = [
        post.send(),
        post.send(client=world.client("shopkeeper")),
        post.send(path=elsewhere),
        post.send(path="/v1/articles", body=b'{"title": "K", "body": "x"}'),
    ]

    assert [answer.status for answer in answers] == [201] * 4
    assert all(answer.header("Idempotent-Replayed") is None for answer in answers)


def test_a_key_is_the_accounts_whatever_token_it_comes_with(world: World):
    post = Post(world, "/v1/articles")
    first = post.send()

    again = post.send(client=world.stranger.by(world.token_of(world.staff["owner"])))

    assert told(again) == told(first)


def test_every_refusal_leaves_the_key_free(world: World):
    customer, keeper = world.staff["customer"], world.client("shopkeeper")
    sku = world.item(stock=1, status="draft").variants[0].sku
    key = {"Idempotency-Key": f"key-{world.sku()}"}
    client = world.client(customer)

    def order(quantity: Any, **more: Any) -> Answer:
        body = {"lines": [{"sku": sku, "quantity": quantity}], **more}
        return client.call("POST", "/v1/orders", body, headers=key)

    item = keeper.get(f"/v1/variants/{sku}")
    assert item.status == 200
    order(1).is_problem(409, "unknown-item")
    order(0).is_problem(422, "out-of-range")
    client.call("POST", "/v1/orders", body=b"{", headers=key).is_problem(400, "invalid-json")
    world.stranger.by("ks_no").call("POST", "/v1/orders", headers=key).is_problem(401, "invalid-token")
    found = next(
        i for i in keeper.get("/v1/items?status=draft").json["data"] if i["variants"][0]["sku"] == sku
    )
    keeper.patch(f"/v1/items/{found['id']}", {"status": "published"})
    order(2).is_problem(409, "out-of-stock")
    order(1, expected_total={"amount": 1, "currency": "EUR"}).is_problem(409, "price-changed")

    placed = order(1)

    assert placed.status == 201
    assert placed.header("Idempotent-Replayed") is None
    order(2).is_problem(422, "idempotency-key-reused")


def test_an_answer_is_replayed_as_it_was_though_the_thing_has_changed_since(world: World):
    post = Post(world, "/v1/articles")
    first = post.send()
    post.client.patch(first.header("Location") or "", {"title": "Another"})

    assert told(post.send()) == told(first)


@pytest.mark.parametrize("template", DELETABLE)
def test_an_answer_is_not_replayed_when_the_thing_has_been_deleted(world: World, template: str):
    post = Post(world, template)
    thing = f"/v1/{template.rpartition('/')[2]}/{post.send().json['id']}"

    assert post.client.delete(thing).status == 204
    post.send().is_problem(410, "created-then-deleted")


@pytest.mark.parametrize("template", ["/v1/orders", "/v1/orders/{order}/payments"])
def test_fifty_at_once_with_one_key_have_one_effect(world: World, template: str):
    post = Post(world, template)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: post.send(), range(50)))

    done = [answer for answer in answers if answer.status == 201]
    waiting = [answer for answer in answers if answer.status != 201]
    assert len({told(answer) for answer in done}) == 1
    assert sum(answer.header("Idempotent-Replayed") is None for answer in done) == 1
    assert all(answer.code == "idempotency-in-progress" for answer in waiting)
    made = done[0].json["id"]
    place = "/v1/me/orders?limit=100" if template == "/v1/orders" else post.path
    assert sum(thing["id"] == made for thing in post.client.get(place).json["data"]) == 1
    if template != "/v1/orders":
        assert len(post.client.get(place).json["data"]) == 1


def test_fifty_at_once_take_stock_once(world: World):
    sku = world.item(stock=50).variants[0].sku
    client = world.client(world.person())
    body, key = {"lines": [{"sku": sku, "quantity": 3}]}, {"Idempotency-Key": "stock-once"}

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: client.call("POST", "/v1/orders", body, headers=key), range(50)))

    assert {answer.status for answer in answers} <= {201, 409}
    assert world.stranger.get(f"/v1/variants/{sku}").json["stock"] == {"tracked": True, "available": 47}
    assert len(client.get("/v1/me/orders").json["data"]) == 1


def test_elsewhere_the_header_is_ignored(world: World):
    person = world.person("author")
    client, key = world.client(person), {"Idempotency-Key": "not a key, and ignored"}

    made = [client.call("POST", "/v1/api-keys", {"name": "K", "scopes": []}, headers=key) for _ in range(2)]
    renamed = client.call("PATCH", "/v1/me", {"name": "N"}, headers=key)

    assert made[0].json["id"] != made[1].json["id"]
    assert renamed.status == 200
