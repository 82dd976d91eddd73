"""`kiosque media fetch`: each picture comes once, is shown from here, and what is left is said."""

from __future__ import annotations

from api.imports.pictures import getting
from api.imports.records import Image
from api.media.files import compare, store_of
from tests.imports.pictures.conftest import PUBLIC, body_of
from tests.imports.running import bring_table, everything
from tests.media.pictures import PDF, SVG, encoded, jpeg, painted

UPLOADS = "/wp-content/uploads/2020/05"


def test_the_original_comes_once_and_every_variant_becomes_a_size_of_it(
    old_site, bring, fetch, client, owner
):
    boat, small = old_site.url(f"{UPLOADS}/boat.jpg"), old_site.url(f"{UPLOADS}/boat-300x200.jpg")
    old_site.files = {f"{UPLOADS}/boat.jpg": jpeg(1200, 800)}
    bring(body=f'<a href="{boat}"><img src="{small}" alt="A boat" srcset="{small} 300w, {boat} 1200w"></a>')

    code, outcomes, said = fetch()

    (medium,) = owner.simulate_get("/v1/media").json["data"]
    large, middle, little = (size["url"] for size in medium["sizes"])
    article = owner.simulate_get("/v1/articles/fog").json
    assert (code, outcomes) == (0, dict.fromkeys((boat, small), getting.FETCHED))
    assert old_site.requests == [f"{UPLOADS}/boat.jpg"]
    assert f'<a href="{large}"' in article["body_html"]
    assert f'<img src="{little}" alt="A boat">' in article["body_html"]
    assert f'srcset="{little} 300w, {large} 1200w"' in article["body"]
    assert (medium["filename"], medium["alt"]) == ("boat.jpg", "A boat")
    assert medium["uses"] == [{"kind": "article", "id": article["id"], "title": "Fog"}]
    assert said == "2 addresses: 2 fetched\nchanged: 1 articles, 0 items\n"
    assert middle


def test_the_largest_variant_will_do_where_the_original_is_gone(old_site, bring, fetch, client):
    names = ["boat-300x200.jpg", "boat-768x512.jpg", "boat-150x150.jpg"]
    old_site.files = {
        f"{UPLOADS}/boat-768x512.jpg": jpeg(768, 512),
        f"{UPLOADS}/boat-300x200.jpg": jpeg(300, 200),
    }
    bring(body="".join(f'<img src="{old_site.url(f"{UPLOADS}/{name}")}">' for name in names))

    code, outcomes, _ = fetch()

    assert (code, set(outcomes.values())) == (0, {getting.FETCHED})
    assert old_site.requests == [f"{UPLOADS}/boat.jpg", f"{UPLOADS}/boat-768x512.jpg"]
    assert old_site.url() not in body_of(client)


def test_a_picture_smaller_than_the_variant_is_another_one(old_site, bring, fetch, owner):
    old_site.files = {
        f"{UPLOADS}/a.png": encoded(painted(40, 30), "PNG"),
        f"{UPLOADS}/a-600x400.png": jpeg(600, 400),
    }
    bring(body=f'<img src="{old_site.url(f"{UPLOADS}/a-600x400.png")}">')

    code, _, _ = fetch()

    (medium,) = owner.simulate_get("/v1/media").json["data"]
    assert (code, medium["width"], medium["type"]) == (0, 600, "image/jpeg")


def test_a_server_that_may_answer_later_is_asked_again_rather_than_for_a_variant(old_site, bring, fetch):
    small = old_site.url(f"{UPLOADS}/boat-300x200.jpg")
    old_site.files = {f"{UPLOADS}/boat.jpg": 503, f"{UPLOADS}/boat-300x200.jpg": jpeg(300, 200)}
    bring(body=f'<img src="{small}">')

    first = fetch()
    old_site.files[f"{UPLOADS}/boat.jpg"] = jpeg()
    second = fetch()

    assert first[:2] == (1, {small: "503"})
    assert second[:2] == (0, {small: getting.FETCHED})


def test_each_address_that_is_left_says_why_and_its_text_stays(old_site, bring, fetch, client):
    broken = jpeg()[:2_000]
    old_site.files = {
        "/a.svg": SVG,
        "/b.jpg": PDF,
        "/c.jpg": broken,
        "/e.jpg": "http://[::1]:9/e.jpg",
        "/f.jpg": jpeg(),
    }
    addresses = [old_site.url(f"/{name}") for name in ("a.svg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "f.jpg")]
    addresses.append("/g.jpg")
    bring(body="".join(f'<img src="{address}">' for address in addresses))

    code, outcomes, _ = fetch()

    assert code == 1
    assert list(map(outcomes.get, addresses)) == [
        getting.NOT_AN_IMAGE, getting.NOT_AN_IMAGE, getting.BROKEN, "404", getting.PRIVATE, getting.FETCHED,
        getting.NO_SITE,
    ]  # fmt: skip
    assert [address in body_of(client) for address in addresses] == [True] * 5 + [False, True]


def test_the_image_of_an_article_comes_too_and_keeps_its_alt(old_site, bring, fetch, client):
    old_site.files = {"/a.jpg": jpeg(500, 300)}
    bring(image=Image(url=old_site.url("/a.jpg"), alt="A boat"))

    code, outcomes, _ = fetch()

    image = client.simulate_get("/v1/articles/fog").json["image"]
    assert (code, outcomes) == (0, {old_site.url("/a.jpg"): getting.FETCHED})
    assert (image["width"], image["alt"]) == (500, "A boat")


def test_images_of_items_come_too_and_keep_their_order(db, old_site, bring, fetch, client):
    old_site.files = {"/a.jpg": jpeg(500, 300), "/c.jpg": jpeg(600, 300)}
    bring_table(
        db,
        "ID,Type,SKU,Name,Published,Regular price,Images,Description",
        f'1,simple,mug,Mug,1,5,"{", ".join(map(old_site.url, ("/a.jpg", "/b.jpg", "/c.jpg")))}",'
        f"<img src={old_site.url('/c.jpg')}>",
    )

    code, outcomes, said = fetch()

    item = client.simulate_get("/v1/items/mug").json
    assert [image["width"] for image in item["images"]] == [500, None, 600]
    assert item["images"][1]["url"] == old_site.url("/b.jpg")
    assert f'src="{item["images"][2]["url"]}"' in item["description_html"]
    assert (code, outcomes[old_site.url("/b.jpg")]) == (1, "404")
    assert said.endswith("changed: 0 articles, 1 items\n")


def test_the_same_bytes_at_two_addresses_are_one_medium(db, settings, old_site, bring, fetch, owner):
    old_site.files = {"/a.jpg": jpeg(), "/b.jpg": jpeg()}
    bring(body="".join(f'<img src="{old_site.url(path)}">' for path in old_site.files))

    code, outcomes, _ = fetch()

    assert (code, sorted(outcomes.values())) == (0, [getting.THERE, getting.FETCHED])
    assert len(owner.simulate_get("/v1/media").json["data"]) == 1
    with db.read() as tx:
        assert not compare(tx, store_of(settings, db)).orphans


def test_an_address_that_cannot_be_rewritten_is_said_and_the_picture_is_there(old_site, bring, fetch, client):
    old_site.files = {"/a_b.jpg": jpeg()}
    bring(format="markdown", body=f"![]({old_site.url('/a')}\\_b.jpg)")

    code, outcomes, said = fetch()

    assert (code, set(outcomes.values())) == (1, {getting.FETCHED})
    assert "its text cannot be rewritten" in said
    assert old_site.url("/a_b.jpg") in body_of(client)


def test_only_what_imports_have_brought_is_touched(old_site, fetch, owner):
    owner.simulate_post("/v1/articles", json={"title": "Fog", "body": f"![]({old_site.url('/a.jpg')})"})

    assert fetch()[:2] == (0, {})
    assert old_site.requests == []


def test_a_dry_run_lists_the_addresses_and_asks_nobody(db, old_site, bring, fetch):
    bring(body=f'<img src="{old_site.url("/a.jpg")}">')
    before = everything(db)

    code, outcomes, said = fetch(dry_run=True)

    assert (code, outcomes) == (1, {old_site.url("/a.jpg"): getting.WAITING})
    assert said.endswith("dry run: nothing was changed\n")
    assert (everything(db), old_site.requests) == (before, [])


def test_a_copy_of_the_uploads_takes_the_place_of_the_network(old_site, bring, fetch, client, tmp_path):
    uploads = tmp_path / "uploads"
    (uploads / "2020" / "05").mkdir(parents=True)
    (uploads / "2020" / "05" / "boat.jpg").write_bytes(jpeg())
    small, other = old_site.url(f"{UPLOADS}/boat-300x200.jpg"), old_site.url(f"{UPLOADS}/other.jpg")
    bring(body=f'<img src="{small}"><img src="{other}"><img src="/files/2020/05/boat.jpg">')

    listed = fetch(from_folder=uploads, dry_run=True)
    code, outcomes, _ = fetch(from_folder=uploads)

    assert listed[1] == {
        small: getting.WAITING,
        other: getting.NOT_IN_FOLDER,
        "/files/2020/05/boat.jpg": getting.WAITING,
    }
    assert (code, outcomes[other]) == (1, getting.NOT_IN_FOLDER)
    assert {outcomes[small], outcomes["/files/2020/05/boat.jpg"]} == {getting.FETCHED, getting.THERE}
    assert (body_of(client).count(PUBLIC), old_site.requests) == (2, [])


def test_addresses_of_ghost_are_asked_of_the_site_that_is_named(old_site, bring, fetch, client):
    old_site.files = {"/content/images/2020/a.jpg": jpeg()}
    bring(body='<img src="/content/images/size/w600/2020/a.jpg">')

    without, with_site = fetch(), fetch(site=old_site.url())

    assert without[:2] == (1, {"/content/images/size/w600/2020/a.jpg": getting.NO_SITE})
    assert with_site[0] == 0
    assert PUBLIC in body_of(client)


def test_pictures_that_were_fetched_are_the_sites_and_shown_by_no_author(old_site, bring, fetch, client_as):
    old_site.files = {"/a.jpg": jpeg()}
    bring(body=f'<img src="{old_site.url("/a.jpg")}">')
    fetch()

    lists = [client_as(role).simulate_get("/v1/media").json["data"] for role in ("author", "editor")]

    assert list(map(len, lists)) == [0, 1]
