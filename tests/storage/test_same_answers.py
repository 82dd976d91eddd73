"""What PostgreSQL would do otherwise if it were left to itself: both databases give the answer named here."""

from __future__ import annotations

import json
import random

import pytest

from api.imports import runs
from tests.factories import make_article, make_item, make_viewer

NAMES = ["zebra", "Äpfel", "apple", "Zoë", "b-side", "b", "b 2", "été", "Ελλάδα", "日本", "ﬀ", "𝒳", "ß", "~"]


def test_names_are_sorted_by_code_point(db, client):
    with db.write() as tx:
        make_article(tx, author=make_viewer(tx), tags=tuple(NAMES))

    slugs, path = [], "/v1/tags?limit=3"
    while path:
        page = client.simulate_get(path.partition("?")[0], query_string=path.partition("?")[2]).json
        slugs += [tag["slug"] for tag in page["data"]]
        path = page["next"]

    assert len(slugs) == len(NAMES)
    assert slugs == sorted(slugs)


@pytest.mark.parametrize(("typed", "status"), [("MUG", 200), ("mug", 200), ("mU\u212a", 404), ("ｍug", 404)])
def test_a_sku_is_found_whatever_its_case_in_ascii(db, client, typed, status):
    with db.write() as tx:
        make_item(tx, sku="Mug")

    assert client.simulate_get(f"/v1/variants/{typed}").status_code == status


def test_a_key_may_be_used_on_a_path_of_any_length(client_as):
    path = f"/v1/articles/{noise(7_000)}/comments"
    me = client_as()

    answers = [me.simulate_post(path, json={"body": "x"}, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("where", ["post", "user", "tag"])
def test_an_import_may_call_its_things_by_names_of_any_length(db, tmp_path, where):
    ids = {"post": "1", "user": "1", "tag": "1"} | {where: noise(9_000)}
    (tmp_path / "ghost.json").write_text(json.dumps(ghost(**ids)))

    first, second = (
        runs.run(
            db,
            tmp_path / "ghost.json",
            currency="EUR",
            dry_run=False,
            progress=lambda _doing, rows, _count: rows,
        )
        for _ in range(2)
    )

    assert first.done["articles", "created"] == second.done["articles", "unchanged"] == 1
    assert first.done["authors", "created"] == second.done["authors", "unchanged"] == 1


def ghost(*, post, user, tag):
    at = "2024-01-01T00:00:00.000Z"
    return {
        "db": [
            {
                "meta": {"version": "5.0.0", "exported_on": 1},
                "data": {
                    "posts": [
                        {"id": post, "title": "Fog", "slug": "fog", "html": "<p>x</p>", "status": "published"}
                        | {"created_at": at, "published_at": at}
                    ],
                    "users": [{"id": user, "name": "Ada", "slug": "ada"}],
                    "tags": [{"id": tag, "name": "News", "slug": "news"}],
                    "posts_authors": [{"post_id": post, "author_id": user, "sort_order": 0}],
                    "posts_tags": [{"post_id": post, "tag_id": tag, "sort_order": 0}],
                },
            }
        ]
    }


def noise(length):
    """Letters that do not compress."""
    return "".join(random.Random(7).choices("abcdefghijklmnopqrstuvwxyz", k=length))
