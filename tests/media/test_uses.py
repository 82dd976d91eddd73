"""Uses: what articles and items show stays as long as they show it, and is named to those who see them."""

from __future__ import annotations

import pytest

from tests.media.conftest import path_of, upload, uploaded
from tests.media.pictures import PDF, jpeg

ITEM = {"name": "Mug", "variants": [{"sku": "mug", "price": {"amount": 900, "currency": "EUR"}}]}


def write(client, **fields):
    answer = client.simulate_post("/v1/articles", json={"title": "Fog", "body": "Thick."} | fields)
    assert answer.status_code == 201, answer.json
    return answer.json


def shown(client, medium):
    return client.simulate_get(f"/v1/media/{medium['id']}").json


def test_an_article_shows_a_picture_in_all_its_sizes(author, client):
    medium = uploaded(author, jpeg())
    author.simulate_patch(f"/v1/media/{medium['id']}", json={"alt": "A boat"})

    article = write(author, image={"media": medium["id"]})
    author.simulate_put(f"/v1/articles/{article['id']}/publication", json={})

    image = client.simulate_get(f"/v1/articles/{article['id']}").json["image"]
    (listed,) = client.simulate_get("/v1/articles").json["data"]
    assert image == listed["image"] == article["image"]
    assert image == {
        "id": image["id"],
        "url": medium["url"],
        "alt": "A boat",
        "media": medium["id"],
        "sizes": medium["sizes"],
        "width": 1200,
        "height": 800,
    }


def test_an_image_by_address_has_no_sizes(author):
    article = write(author, image={"url": "https://example.org/fog.jpg"})

    without = {"alt": "", "media": None, "sizes": [], "width": None, "height": None}
    assert article["image"] == {"id": article["image"]["id"], "url": "https://example.org/fog.jpg"} | without


def test_a_patch_changes_the_alt_or_the_source_and_keeps_the_rest(author):
    boat, fog = uploaded(author, jpeg(), filename="boat.jpg"), uploaded(author, jpeg(600, 400))
    article = write(author, image={"media": boat["id"], "alt": "Mine"})

    def patched(image):
        return author.simulate_patch(f"/v1/articles/{article['id']}", json={"image": image}).json["image"]

    other_alt = patched({"alt": "A boat"})
    other_source = patched({"media": fog["id"]})
    by_address = patched({"url": "/fog.jpg"})
    assert other_alt == article["image"] | {"alt": "A boat"}
    assert (other_source["media"], other_source["alt"], other_source["width"]) == (fog["id"], "", 600)
    assert (by_address["media"], by_address["sizes"]) == (None, [])
    assert patched(None) is None


def test_an_item_shows_pictures_in_their_order(client_as):
    keeper = client_as("shopkeeper")
    mug, box = uploaded(keeper, jpeg(), filename="mug.jpg"), uploaded(keeper, jpeg(600, 400))
    images = [{"media": mug["id"]}, {"url": "/images/mug.svg"}, {"media": box["id"], "alt": "In its box"}]

    item = keeper.simulate_post("/v1/items", json=ITEM | {"images": images}).json
    turned = keeper.simulate_patch(f"/v1/items/{item['id']}", json={"images": images[::-1]}).json

    assert [image["media"] for image in item["images"]] == [mug["id"], None, box["id"]]
    assert item["images"][0]["sizes"] == mug["sizes"]
    assert turned["images"] == item["images"][::-1]
    assert shown(keeper, mug)["uses"] == [{"kind": "item", "id": item["id"], "title": "Mug"}]


@pytest.mark.parametrize(
    ("image", "status", "code", "pointer"),
    [
        ({}, 422, "required", "/url"),
        ({"alt": "Fog"}, 422, "required", "/url"),
        ({"url": "/fog.jpg", "media": "med_01k9zq3v8r5m2x7c4b6n8p0qwe"}, 422, "unknown-field", "/url"),
        ({"media": "med_01k9zq3v8r5m2x7c4b6n8p0qwe"}, 409, "unknown-media", "/media"),
        ({"media": "nonsense"}, 409, "unknown-media", "/media"),
    ],
)
def test_an_image_without_a_source_is_refused_and_so_is_one_that_is_not_there(
    client_as, image, status, code, pointer
):
    owner = client_as("owner")

    article = owner.simulate_post("/v1/articles", json={"title": "Fog", "body": ".", "image": image})
    item = owner.simulate_post("/v1/items", json=ITEM | {"images": [image]})

    for answer, place in ((article, "/image"), (item, "/images/0")):
        assert (answer.status_code, answer.json["code"]) == (status, code)
        assert [error["pointer"] for error in answer.json["errors"]] == [place + pointer]


def test_the_pictures_of_others_and_files_to_sell_are_no_images(author, client_as):
    keeper = client_as("shopkeeper")
    theirs, manual = uploaded(keeper, jpeg()), uploaded(keeper, PDF, "application/pdf")

    refused = author.simulate_post(
        "/v1/articles", json={"title": "Fog", "body": ".", "image": {"media": theirs["id"]}}
    )
    no_image = keeper.simulate_post("/v1/items", json=ITEM | {"images": [{"media": manual["id"]}]})

    assert (refused.status_code, refused.json["code"]) == (409, "unknown-media")
    assert (no_image.status_code, no_image.json["code"]) == (409, "unknown-media")


def test_an_author_goes_on_with_the_picture_that_an_editor_chose(author, client_as):
    editor = client_as("editor")
    article, picture = write(author), uploaded(editor, jpeg())
    place = f"/v1/articles/{article['id']}"
    editor.simulate_patch(place, json={"image": {"media": picture["id"]}})

    answer = author.simulate_patch(place, json={"title": "Mist", "image": {"alt": "A boat"}})

    assert (answer.json["title"], answer.json["image"]["alt"]) == ("Mist", "A boat")


def test_what_is_shown_is_not_deleted(author, client_as):
    medium = uploaded(author, jpeg())
    article = write(author, image={"media": medium["id"]})
    use = {"kind": "article", "id": article["id"], "title": "Fog"}

    answer = author.simulate_delete(f"/v1/media/{medium['id']}")

    assert (answer.status_code, answer.json["code"], answer.json["uses"]) == (409, "in-use", [use])
    assert shown(author, medium) == medium | {"uses": [use], "uses_count": 1}
    author.simulate_delete(f"/v1/articles/{article['id']}")
    assert author.simulate_delete(f"/v1/media/{medium['id']}").status_code == 204


def test_a_picture_in_a_text_is_in_use(author, client_as):
    keeper = client_as("shopkeeper")
    boat, mug = uploaded(author, jpeg()), uploaded(keeper, jpeg(600, 400))
    article = write(author, body=f"![A boat]({path_of(boat['sizes'][1]['url'])})")
    item = keeper.simulate_post("/v1/items", json=ITEM | {"description": f"![Mug]({mug['url']})"}).json

    assert [use["id"] for use in shown(author, boat)["uses"]] == [article["id"]]
    assert [use["id"] for use in shown(keeper, mug)["uses"]] == [item["id"]]
    author.simulate_patch(f"/v1/articles/{article['id']}", json={"body": "No more."})
    keeper.simulate_delete(f"/v1/items/{item['id']}")
    assert shown(author, boat) == boat
    assert shown(keeper, mug) == mug


def test_a_picture_is_in_use_by_its_address_too_however_that_is_spelt(author, client_as):
    keeper = client_as("shopkeeper")
    boat, fog, mug = uploaded(author, jpeg()), uploaded(author, jpeg(600, 400)), uploaded(keeper, jpeg())
    article = write(author, image={"url": boat["sizes"][2]["url"]})
    text = write(author, body=f"![Fog]({path_of(fog['url']).replace('-', '%2D')})")
    item = keeper.simulate_post("/v1/items", json=ITEM | {"images": [{"url": path_of(mug["url"])}]}).json

    refused = [author.simulate_delete(f"/v1/media/{medium['id']}").json for medium in (boat, fog)]

    assert [use["id"] for use in shown(keeper, mug)["uses"]] == [item["id"]]
    assert [[use["id"] for use in each["uses"]] for each in refused] == [[article["id"]], [text["id"]]]


def test_uses_are_shown_to_those_who_see_them_and_counted_for_all(author, client_as):
    editor, keeper = client_as("editor"), client_as("shopkeeper")
    medium = uploaded(keeper, jpeg())
    draft = write(editor, image={"media": medium["id"]})
    item = keeper.simulate_post("/v1/items", json=ITEM | {"images": [{"media": medium["id"]}]}).json

    seen = {client: shown(client, medium) for client in (editor, keeper)}

    assert {client: view["uses_count"] for client, view in seen.items()} == {editor: 2, keeper: 2}
    assert [use["id"] for use in seen[editor]["uses"]] == [draft["id"]]  # the item is a draft too
    assert [use["id"] for use in seen[keeper]["uses"]] == [item["id"]]
    assert keeper.simulate_delete(f"/v1/media/{medium['id']}").json["uses"] == seen[keeper]["uses"]


def test_what_nothing_shows_is_listed(author):
    used, unused = uploaded(author, jpeg()), uploaded(author, jpeg(600, 400))
    write(author, image={"media": used["id"]})

    def listed(value):
        answer = author.simulate_get("/v1/media", params={"unused": value})
        return [medium["id"] for medium in answer.json["data"]]

    assert (listed("true"), listed("false")) == ([unused["id"]], [used["id"]])


def test_what_an_erased_account_uploaded_stays_where_it_is_shown(client_as):
    owner, writer = client_as("owner"), client_as("author", email="ada@kiosque.test")
    used, unused = uploaded(writer, jpeg()), uploaded(writer, jpeg(600, 400))
    write(writer, image={"media": used["id"]})
    (account,) = owner.simulate_get("/v1/accounts", params={"email": "ada@kiosque.test"}).json["data"]

    owner.simulate_delete(f"/v1/accounts/{account['id']}")
    owner.app.background.until_idle()

    assert shown(owner, used)["uses_count"] == 1
    assert "code" in shown(owner, unused)
    assert owner.simulate_get(path_of(used["url"])).status_code == 200
    assert upload(owner, jpeg()).status_code == 201
