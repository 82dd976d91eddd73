"""Media over HTTP: listed, described and deleted by those who may."""

from __future__ import annotations

import os
from typing import Any

import pytest

from api.media import rules
from api.media.records import Content, Size, Words
from api.text.images import ImageDraft
from tests.factories import make_article, make_viewer
from tests.media.conftest import path_of, upload, uploaded
from tests.media.pictures import PDF, encoded, jpeg, painted
from tests.nouns import Noun


def _picture(_world: Any = None) -> bytes:
    """One that nobody else has."""
    return encoded(painted(64, 48), "PNG") + os.urandom(8)


def _content(**others: Any) -> Content:
    sizes = (Size(f"boat-64-{os.urandom(16).hex()}.webp", 64, 48, 120),)
    return Content(
        **{"type": "image/png", "bytes": 9, "sha256": os.urandom(32).hex(), "width": 64, "height": 48}
        | {"sizes": sizes}
        | others
    )


def _make(world: Any, owner: Any, _state: str) -> str:
    with world.db.write() as tx:
        return rules.create(tx, _content(), Words(filename="boat.png"), actor=owner.viewer)[0].id


def _make_file(world: Any, *_: Any) -> str:
    medium = world.client("author").call("POST", "/v1/media", _picture()).json
    return str(medium["url"].rpartition("/")[2])


def _fill(tx: Any, owner: Any) -> None:
    medium, _ = rules.create(tx, _content(), Words(filename="bateau.png", alt="Ø", credit="書"), actor=owner)
    make_article(tx, author=owner, image=ImageDraft(media=medium.id))
    file = _content(type="application/pdf", width=None, height=None, sizes=())
    rules.create(tx, file, Words(filename="mug.pdf"), actor=owner)


NOUN = Noun(
    roles="""
    GET    /v1/media                -      401 401 403 200 200 200 200 403
    POST   /v1/media                -      401 401 403 201 201 201 201 403
    GET    /v1/media/{medium}       own    401 401 403 200 200 200 200 403
    GET    /v1/media/{medium}       other  401 401 403 404 200 200 200 403
    PATCH  /v1/media/{medium}       own    401 401 403 200 200 200 200 403
    PATCH  /v1/media/{medium}       other  401 401 403 404 200 200 200 403
    DELETE /v1/media/{medium}       own    401 401 403 204 204 204 204 403
    DELETE /v1/media/{medium}       other  401 401 403 404 204 204 204 403
    GET    /media/{file}            -      200 200 200 200 200 200 200 200
    """,
    bodies={
        ("POST", "/v1/media"): _picture,
        ("PATCH", "/v1/media/{medium}"): {"alt": "A boat"},
    },
    makers={"{medium}": _make, "{file}": _make_file},
    breaking={
        "ck_media_bytes": "UPDATE media SET bytes = 0",
        "ck_media_height": "UPDATE media SET height = NULL WHERE width IS NOT NULL",
    },
    fill=_fill,
)


def test_pictures_and_files_to_sell_are_listed_apart(client_as):
    keeper = client_as("shopkeeper")
    boat = uploaded(keeper, jpeg())
    manual = uploaded(keeper, PDF, "application/pdf", filename="mug.pdf")

    def listed(value):
        answer = keeper.simulate_get("/v1/media", params={"picture": value})
        return [medium["id"] for medium in answer.json["data"]]

    assert (listed("true"), listed("false")) == ([boat["id"]], [manual["id"]])


def test_media_are_listed_newest_first_and_found_by_every_word_that_is_said_of_them(author):
    boat = uploaded(author, _picture(), "image/png", filename="boat.png")
    mug = uploaded(author, jpeg(), filename="mug.jpg")
    author.simulate_patch(f"/v1/media/{boat['id']}", json={"alt": "Fähre", "credit": "Ada 100%"})

    def found(**query: str) -> list[str]:
        answer = author.simulate_get("/v1/media", params=query)
        return [medium["id"] for medium in answer.json["data"]]

    assert found() == [mug["id"], boat["id"]]
    assert found(q="FAHRE") == found(q="boat") == found(q="100%") == [boat["id"]]
    assert found(q="%") == [boat["id"]]
    assert found(type="image/jpeg") == [mug["id"]]
    assert found(type="application/pdf") == []


def test_a_patch_changes_what_is_said_and_never_the_files(author):
    before = uploaded(author, jpeg(), filename="boat.jpg")
    changes = {"filename": "C:\\pictures\\ferry.jpg", "alt": "A ferry", "caption": "Late.", "credit": "Ada"}

    after = author.simulate_patch(f"/v1/media/{before['id']}", json=changes).json

    assert after == before | changes | {"filename": "ferry.jpg", "version": 2}
    cleared = author.simulate_patch(f"/v1/media/{before['id']}", json={"alt": None}).json
    assert (cleared["alt"], cleared["caption"]) == ("", "Late.")


@pytest.mark.parametrize(
    "changes", [{"filename": None}, {"filename": ""}, {"alt": "x" * 1_001}, {"alt": "\0"}, {"width": 3}]
)
def test_a_patch_that_makes_no_sense_is_refused(author, changes):
    medium = uploaded(author, jpeg())

    answer = author.simulate_patch(f"/v1/media/{medium['id']}", json=changes)

    assert answer.status_code == 422
    assert author.simulate_get(f"/v1/media/{medium['id']}").json == medium


def test_what_is_deleted_goes_with_its_files(author, store):
    medium = uploaded(author, jpeg())
    urls = [size["url"] for size in medium["sizes"]]

    answer = author.simulate_delete(f"/v1/media/{medium['id']}")
    author.app.background.until_idle()

    assert answer.status_code == 204
    assert author.simulate_get(f"/v1/media/{medium['id']}").status_code == 404
    assert {author.simulate_get(path_of(url)).status_code for url in urls} == {404}
    assert list(store.keys()) == []


def test_the_sizes_stay_while_another_original_has_the_same(author, store):
    medium, twin = uploaded(author, jpeg()), uploaded(author, jpeg() + b"\0")

    author.simulate_delete(f"/v1/media/{medium['id']}")
    author.app.background.until_idle()

    assert (twin["id"] != medium["id"], twin["sizes"]) == (True, medium["sizes"])
    assert author.simulate_get(path_of(twin["url"])).status_code == 200
    author.simulate_delete(f"/v1/media/{twin['id']}")
    author.app.background.until_idle()
    assert list(store.keys()) == []


def test_the_files_stay_while_somebody_else_has_the_same_picture(author, client_as, store):
    editor = client_as("editor")
    medium, same = uploaded(author, jpeg()), uploaded(editor, jpeg())

    author.simulate_delete(f"/v1/media/{medium['id']}")
    author.app.background.until_idle()

    assert same["id"] != medium["id"]
    assert author.simulate_get(path_of(same["url"])).status_code == 200
    assert len(list(store.keys())) == 4


def test_files_to_sell_are_for_shopkeepers_alone(author, client_as):
    keeper, editor = client_as("shopkeeper"), client_as("editor")
    manual = uploaded(keeper, PDF, "application/pdf", filename="mug.pdf")

    refused = [upload(client, PDF, "application/pdf") for client in (author, editor)]

    assert manual | {"url": None, "sizes": [], "width": None, "height": None} == manual
    assert [(answer.status_code, answer.json["code"]) for answer in refused] == [(403, "forbidden")] * 2
    assert editor.simulate_get(f"/v1/media/{manual['id']}").status_code == 404
    assert editor.simulate_get("/v1/media").json["data"] == []
    assert keeper.simulate_get("/v1/media").json["data"] == [manual]


def test_events_say_what_came_changed_and_went(author, client_as, db):
    owner = client_as("owner")
    medium = uploaded(author, jpeg())
    changed = author.simulate_patch(f"/v1/media/{medium['id']}", json={"alt": "A boat"}).json
    author.simulate_delete(f"/v1/media/{medium['id']}")
    author.app.background.until_idle()

    noted = owner.simulate_get("/v1/events", params={"type": "media.*"}).json["data"]

    for shown in (medium, changed):
        del shown["uses"], shown["uses_count"]  # as comments of an article, they are nothing of its own
    assert [(event["type"], event["data"]) for event in noted] == [
        ("media.created", medium),
        ("media.updated", changed),
        ("media.deleted", None),
    ]


def test_who_is_erased_leaves_no_picture_and_what_the_shop_sells(client_as, db, store):
    owner, keeper = client_as("owner"), client_as("shopkeeper", email="kim@kiosque.test")
    uploaded(keeper, jpeg())
    manual = uploaded(keeper, PDF, "application/pdf")
    (account,) = owner.simulate_get("/v1/accounts", params={"email": "kim@kiosque.test"}).json["data"]

    answer = owner.simulate_delete(f"/v1/accounts/{account['id']}")
    owner.app.background.until_idle()

    assert answer.status_code == 204
    assert [medium["id"] for medium in owner.simulate_get("/v1/media").json["data"]] == [manual["id"]]
    assert list(store.keys()) == [f"originals/{manual['sha256']}"]


def test_the_export_of_an_account_has_what_it_uploaded(author):
    medium = uploaded(author, jpeg())

    export = author.simulate_get("/v1/me/export").json

    assert export["media"] == [{name: medium[name] for name in medium if not name.startswith("uses")}]


def test_a_viewer_of_a_key_sees_what_its_owner_sees(db):
    with db.write() as tx:
        owner = make_viewer(tx, role="owner")
        medium, _ = rules.create(tx, _content(), Words(filename="a.png"), actor=make_viewer(tx))

        assert rules.find(tx, ref=medium.id, viewer=owner) == medium
