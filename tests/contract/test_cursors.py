"""Contract 3.12: every value of a cursor's published pattern is a position, with any filter."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.operations import LISTS, path_for
from tests.contract.server import World
from tests.contract.test_paging import Shelf, pages

FILTERS = {
    "/v1/articles": (
        "",
        "&q=fog",
        "&type=page",
        "&tag=none",
        "&q=fog&tag=x&author=ada",
        "&status=draft",
        "&limit=1",
    ),
    "/v1/items": (
        "",
        "&q=mug",
        "&in_stock=true",
        "&in_stock=false&q=mug",
        "&status=draft",
        "&tag=none",
        "&category=x",
    ),
    "/v1/comments": ("", "&status=pending"),
    "/v1/accounts": ("", "&q=a&role=owner", "&email=x", "&role=owner", "&status=active&role=customer"),
    "/v1/orders": ("", "&order_status=open", "&payment_status=paid&fulfilment_status=none"),
    "/v1/me/orders": ("", "&order_status=cancelled"),
}


def test_every_list_of_the_document_is_tried(document: dict[str, Any]):
    with_cursor = {
        path
        for path, methods in document["paths"].items()
        if any(parameter["name"] == "after" for parameter in methods.get("get", {}).get("parameters", ()))
    }

    assert with_cursor == set(LISTS)


@pytest.mark.parametrize("template", LISTS)
def test_every_value_of_a_cursors_pattern_is_a_position_with_any_filter(
    world: World, document: dict[str, Any], template: str
):
    parameters = document["paths"][template]["get"]["parameters"]
    schema = next(parameter["schema"] for parameter in parameters if parameter["name"] == "after")
    pattern = schema["pattern"].removesuffix("$") + r"\Z"
    path = path_for(world, template, "own published", world.staff["owner"])
    client = world.client("owner")

    @settings(
        max_examples=12,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.from_regex(re.compile(pattern)).filter(lambda text: len(text) <= schema.get("maxLength", 2_000)),
        st.sampled_from(FILTERS.get(template, ("",))),
    )
    def check(cursor: str, more: str) -> None:
        answer = client.get(f"{path}?after={quote(cursor, safe='')}{more}")
        expired = template == "/v1/events" and answer.status == 410  # nobody handed it out
        assert answer.status == 200 or expired, (cursor, more, answer.body)

    check()
    for character in "0z9~":
        fitting = [length for length in range(1, 101) if re.match(pattern, character * length)]
        for length in fitting[:1] + fitting[-1:]:
            answer = client.get(f"{path}?after={character * length}")
            assert answer.status in ((200, 410) if template == "/v1/events" else (200,))


def test_a_cursor_of_a_row_that_went_is_still_a_position(world: World):
    shelf = Shelf(world, "articles")
    for _ in range(7):
        shelf.add()
    rows = pages(shelf.client, shelf.path)
    first = shelf.client.get(shelf.path).json

    shelf.remove(first["data"][-1])

    assert [row["id"] for row in pages(shelf.client, first["next"])] == [row["id"] for row in rows[3:]]
