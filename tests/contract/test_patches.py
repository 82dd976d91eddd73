"""Contract 3.19, 6.28 and 6.29: what is refused changes nothing, and what is empty neither."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.contract.server import World
from tests.contract.test_bodies import MERGE_PATCH, WITH_BODY, Target, ids


@pytest.mark.parametrize(
    "operation", [key for key in WITH_BODY if key[0] in ("PATCH", "PUT") and "{" in key[1]], ids=ids
)
def test_an_unknown_field_changes_nothing(world: World, document: dict[str, Any], operation: tuple[str, str]):
    target = Target(world, document, operation)
    place = re.sub("/(publication|cancellation|tracking|activation)$", "", target.path)
    place = re.sub("(/fulfilments)/[^/]+$", r"\1", place)
    before = target.client.get(place)

    for name in ("role" if "accounts" not in place else "email", "id", "total", "created_at"):
        answer = target.client.call(target.method, target.path, {**target.body, name: "owner"})
        answer.is_problem(422, "unknown-field")

    if not re.search("comments|tags|categories|test-payments", place):
        assert target.client.get(place).body == before.body


@pytest.mark.parametrize("operation", [key for key in WITH_BODY if key[0] == "PATCH"], ids=ids)
def test_an_empty_patch_changes_nothing(world: World, document: dict[str, Any], operation: tuple[str, str]):
    target = Target(world, document, operation)
    first = target.client.patch(target.path, {})

    again = target.client.patch(target.path, {})

    assert (first.status, again.status) == (200, 200)
    assert again.body == first.body


def test_a_body_where_none_is_wanted_is_ignored(world: World):
    article = world.article(world.staff["author"])

    for method, path in (("GET", "/v1/roles"), ("DELETE", f"/v1/articles/{article.id}")):
        answer = world.client("author").call(method, path, body=b"{nonsense")
        assert answer.status in (200, 204)


def test_1_0_is_the_integer_1(world: World):
    sku = world.item(stock=5).variants[0].sku

    answer = world.client("owner").call(
        "POST", "/v1/orders", body=f'{{"lines": [{{"sku": "{sku}", "quantity": 2.0}}]}}'.encode()
    )

    assert answer.json["lines"][0]["quantity"] == 2


@pytest.mark.parametrize("media_type", [MERGE_PATCH, "application/json"])
def test_a_patch_may_call_itself_either(world: World, media_type: str):
    person = world.person()

    answer = world.client(person).call(
        "PATCH", "/v1/me", body=b'{"name": "B\xc3\xa9a"}', headers={"Content-Type": media_type}
    )

    assert answer.json["name"] == "Béa"


def test_tabs_and_newlines_are_text(world: World):
    answer = world.client("author").post("/v1/articles", {"title": "Tabs", "body": "a\tb\nc\r\nd"})

    assert answer.status == 201


def test_what_is_needed_by_two_fields_is_not_validation(world: World):
    article = world.article(world.staff["author"])

    answer = world.client("author").patch(f"/v1/articles/{article.id}", {"image": {"alt": "Fog"}})

    assert answer.status == 409
