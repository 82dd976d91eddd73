"""Feeds, sitemap and robots.txt: well formed whatever was written, and cacheable."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from falcon.testing import TestClient
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from api.app import create_app
from api.articles.feeds import documents as feeds
from api.articles.writing import queries
from api.articles.writing.schemas import Language
from api.text.fields import WEB_URL
from api.text.images import ImageDraft
from api.text.slugs import PATTERN
from tests.articles.feeds.validators import check_atom, check_json_feed, check_sitemap
from tests.factories import make_article, make_item, make_viewer
from tests.imports.running import bring_rows
from tests.imports.test_articles import row as imported
from tests.nouns import Noun

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "https://kiosque.test"
NOUN = Noun(
    breaking={"ck_feed_losses_type": "UPDATE feed_losses SET type = 'book'"},
    fill=lambda tx, _owner: queries.note_loss(tx, type="article"),
)
MUG = {"name": "Mug", "variants": [{"sku": "mug", "price": {"amount": 1000, "currency": "EUR"}}]}


@pytest.fixture
def written(db):
    with db.write() as tx:
        author = make_viewer(tx, name="Ada & Co")
        first = make_article(
            tx,
            author=author,
            title="A <b> & \ufffe",
            body="# Hi\n\n[x](/y) **fog**",
            tags=("Sea",),
            image=None,
            language="en",
            publish_at="2026-01-01T00:00:00.000Z",
        )
        make_article(tx, author=author, title="Later", publish_at="2999-01-01T00:00:00.000Z")
        make_article(tx, author=author, title="Draft", publish_at=None)
        make_article(tx, author=author, title="About", type="page", slug="über")
        return first


def test_the_json_feed_holds_the_published_articles(client, written):
    answer = client.simulate_get("/feed.json")

    feed = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/feed+json"
    assert (feed["version"], feed["feed_url"]) == ("https://jsonfeed.org/version/1.1", f"{SITE}/feed.json")
    [item] = feed["items"]
    assert item["id"] == f"{SITE}/v1/articles/{written.id}"
    assert item["url"] == f"{SITE}/article/?slug=a-b"
    assert item["summary"] == "Hi x fog"
    assert (item["tags"], item["authors"]) == (["Sea"], [{"name": "Ada & Co"}])
    assert item["date_published"] == "2026-01-01T00:00:00.000Z"


def test_the_atom_feed_is_well_formed_whatever_a_title_holds(client, written):
    answer = client.simulate_get("/feed.atom")

    feed = ElementTree.fromstring(answer.content)
    assert answer.headers["Content-Type"] == "application/atom+xml"
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "A <b> & "
    assert entry.findtext(f"{ATOM}content") == written.body_html
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ada & Co"
    assert feed.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated") == written.updated_at


def test_feeds_and_sitemap_have_the_name_and_the_addresses_of_the_settings(db, settings, written):
    chosen = replace(
        settings,
        site_name="Quay & Co",
        tagline="Paper <by> the sea",
        languages=("fr", "en"),
        article_url="/blog/{slug}/",
        item_url="https://shop.example/{slug}",
    )
    client = TestClient(create_app(chosen, db))

    feed = client.simulate_get("/feed.json").json
    atom = ElementTree.fromstring(client.simulate_get("/feed.atom").content)
    sitemap = client.simulate_get("/sitemap.xml").text

    named = (feed["title"], feed["description"], feed["language"], feed["items"][0]["url"])
    assert named == ("Quay & Co", "Paper <by> the sea", "fr", f"{SITE}/blog/a-b/")
    assert (atom.findtext(f"{ATOM}title"), atom.findtext(f"{ATOM}subtitle")) == named[:2]
    assert atom.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert atom.find(f"{ATOM}entry/{ATOM}link").get("href") == f"{SITE}/blog/a-b/"
    assert f"<loc>{SITE}/blog/%C3%BCber/</loc>" in sitemap


def test_the_sitemap_lists_articles_and_pages(client, written):
    sitemap = ElementTree.fromstring(client.simulate_get("/sitemap.xml").content)

    places = [place.text for place in sitemap.iter(f"{SITEMAP}loc")]
    assert places == [f"{SITE}/", f"{SITE}/article/?slug=a-b", f"{SITE}/article/?slug=%C3%BCber"]


def test_the_sitemap_takes_what_others_know(db, settings):
    place = f"{SITE}/item/?slug=mug&x"

    with db.read() as tx:
        document = feeds.sitemap(tx, settings.public_site, [lambda tx, most: [(place, tx.now)]])

    assert place in [loc.text for loc in ElementTree.fromstring(document).iter(f"{SITEMAP}loc")]


def test_robots_are_welcome_and_told_of_the_sitemap(client):
    answer = client.simulate_get("/robots.txt")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert f"Sitemap: {SITE}/sitemap.xml" in answer.text.splitlines()


@pytest.mark.parametrize("path", ["/feed.json", "/feed.atom", "/sitemap.xml", "/robots.txt"])
def test_a_document_that_is_known_is_not_sent_again(client, written, path):
    first = client.simulate_get(path)

    again = client.simulate_get(path, headers={"If-None-Match": first.headers["ETag"]})
    head = client.simulate_head(path)

    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.headers["ETag"]) == (200, first.headers["ETag"])
    assert client.simulate_get(path, headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("path", ["/feed.json", "/feed.atom", "/sitemap.xml"])
def test_an_empty_site_has_empty_documents(client, path):
    assert client.simulate_get(path).status_code == 200


def updated(client: TestClient) -> str:
    return ElementTree.fromstring(client.simulate_get("/feed.atom").content).findtext(f"{ATOM}updated")


def test_a_feed_never_looks_older_than_it_did(client, client_as, db):
    editor = client_as("editor")
    instants = [updated(client)]
    with db.write() as tx:
        author = make_viewer(tx)
        articles = [make_article(tx, author=author) for _ in range(3)]
    for method, path, body in (
        ("PATCH", f"/v1/articles/{articles[0].id}", {"title": "Later"}),
        ("PUT", f"/v1/articles/{articles[0].id}/publication", {"publish_at": "2001-01-01T00:00:00Z"}),
        ("DELETE", f"/v1/articles/{articles[0].id}/publication", None),
        ("DELETE", f"/v1/articles/{articles[1].id}", None),
        ("DELETE", f"/v1/articles/{articles[2].id}", None),
    ):
        instants.append(updated(client))
        assert editor.simulate_request(method, path, json=body).status_code < 300
    instants.append(updated(client))

    assert instants == sorted(instants)
    assert instants[0] == "2026-01-01T00:00:00.000Z"
    assert instants[-1] > articles[2].updated_at


def test_an_import_with_old_dates_does_not_make_a_feed_look_older(client, db):
    with db.write() as tx:
        make_article(tx, author=make_viewer(tx), publish_at="2009-01-01T00:00:00.000Z")
    before = updated(client)

    with db.write() as tx:
        for number in range(feeds.NEWEST):
            bring_rows(tx, imported(external_id=f"post:{number}"))

    assert updated(client) >= before


@pytest.mark.parametrize(
    "url",
    [
        *("http://[", "http://[::1", "http://[abc]/x.png", "//[", "https://exa℀mple.com/x", "http://a:b/"),
        *("/a b", '/a"b<c>.png', "/a\\b", "/a|b", "/100%", "/a#b#c", "https://ada@e.test/", "/x\n", "///x"),
    ],
)
def test_an_image_address_that_readers_cannot_follow_is_refused(client_as, url):
    author, keeper = client_as("author"), client_as("shopkeeper")

    article = author.simulate_post("/v1/articles", json={"title": "A", "body": "", "image": {"url": url}})
    item = keeper.simulate_post("/v1/items", json={**MUG, "images": [{"url": url}]})

    assert (article.status_code, article.json["errors"][0]["pointer"]) == (422, "/image/url")
    assert (item.status_code, item.json["errors"][0]["pointer"]) == (422, "/images/0/url")


@pytest.mark.parametrize("url", ["http://[", "//[", "https://exa℀mple.com/x.png", '/a"b', "javascript:x"])
def test_an_image_address_that_came_in_before_such_were_refused_is_left_out(client, db, url):
    with db.write() as tx:
        make_article(tx, author=make_viewer(tx), image=ImageDraft(url))

    [item] = client.simulate_get("/feed.json").json["items"]
    assert "image" not in item


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("/images/größe%201.png", f"{SITE}/images/gr%C3%B6%C3%9Fe%201.png"),
        ("//e.test/a?b=c#d", "https://e.test/a?b=c#d"),
        ("http://e.test:8000/a", "http://e.test:8000/a"),
    ],
)
def test_an_image_is_shown_by_its_whole_address_in_ascii(client, db, url, shown):
    with db.write() as tx:
        make_article(tx, author=make_viewer(tx), image=ImageDraft(url))

    [item] = client.simulate_get("/feed.json").json["items"]
    assert item["image"] == shown


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
bodies = st.lists(texts | st.integers(0, 0x110000).map("&#{};".format)).map("".join)
names = st.lists(texts.filter(str.strip), max_size=3)


@pytest.mark.mostly_on("sqlite")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {"title": texts.filter(str.strip), "body": bodies, "format": st.sampled_from(["markdown", "html"])},
        optional={
            "excerpt": texts,
            "slug": st.from_regex(PATTERN),
            "language": st.from_regex(Language.__metadata__[0].pattern),
            "image": st.fixed_dictionaries({"url": st.from_regex(WEB_URL), "alt": texts}),
            "tags": names,
            "categories": names,
        },
    )
)
def test_whatever_is_accepted_gives_a_well_formed_feed(client_as, client, article):
    author = client_as("editor")
    written = author.simulate_post("/v1/articles", json=article)
    assume(written.status_code == 201)
    author.simulate_put(f"/v1/articles/{written.json['id']}/publication", json={})

    feed = json.loads(client.simulate_get("/feed.json").content)

    assert f"{SITE}/v1/articles/{written.json['id']}" in [item["id"] for item in feed["items"]]
    check_json_feed(feed)
    check_atom(client.simulate_get("/feed.atom").content)
    check_sitemap(client.simulate_get("/sitemap.xml").content)


@pytest.mark.parametrize(
    "odd", ["\x00\x08\x1b\x7f\x85", "\ufffe\uffff", "]]>&lt;<!--", "\u202e\u2028", "\U0010ffff"]
)
def test_nothing_that_came_in_before_it_was_refused_takes_a_feed_down(client, db, odd):
    if "\0" in odd and db.engine.dialect.name == "postgresql":
        odd = odd.replace("\0", "")  # it cannot even be stored there
    with db.write() as tx:
        make_article(
            tx,
            author=make_viewer(tx, name=f"Ada{odd}"),
            title=f"Fog{odd}",
            body=f"late{odd}",
            excerpt=f"why{odd}",
            tags=(f"Sea{odd}",),
            categories=(f"Sea{odd}",),
            language=f"en{odd}",
            image=ImageDraft(f"/fog{odd}.png"),
        )

    check_json_feed(client.simulate_get("/feed.json").json)
    check_atom(client.simulate_get("/feed.atom").content)
    check_sitemap(client.simulate_get("/sitemap.xml").content)


@pytest.mark.parametrize("filled", [False, True])
def test_feeds_and_sitemap_are_valid(client, client_as, db, filled):
    if filled:
        with db.write() as tx:
            author = make_viewer(tx)
            for number in range(feeds.NEWEST + 1):
                make_article(
                    tx, author=author, title=f"Fog {number}", tags=("Sea", "Öl"), categories=("sea",)
                )
            make_item(tx, name="Mug")

    check_json_feed(client.simulate_get("/feed.json").json)
    check_atom(client.simulate_get("/feed.atom").content)
    check_sitemap(client.simulate_get("/sitemap.xml").content)
