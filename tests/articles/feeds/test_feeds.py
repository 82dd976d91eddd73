"""Feeds, sitemap and robots.txt: well formed whatever was written, and cacheable."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.articles.feeds import documents as feeds
from tests.factories import make_article, make_viewer

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "https://kiosque.test"


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


def test_the_sitemap_lists_articles_and_pages(client, written):
    sitemap = ElementTree.fromstring(client.simulate_get("/sitemap.xml").content)

    places = [place.text for place in sitemap.iter(f"{SITEMAP}loc")]
    assert places == [f"{SITE}/", f"{SITE}/article/?slug=a-b", f"{SITE}/article/?slug=%C3%BCber"]


def test_the_sitemap_takes_what_others_know(db, settings):
    place = f"{SITE}/item/?slug=mug&x"

    with db.read() as tx:
        document = feeds.sitemap(tx, settings.url, [lambda tx, most: [(place, tx.now)]])

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


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(str.strip),
    body=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=80),
    format=st.sampled_from(["markdown", "html"]),
)
def test_no_text_breaks_a_feed(db, title, body, format):
    with db.write() as tx:
        article = make_article(tx, author=make_viewer(tx), title=title, body=body, format=format)

    ElementTree.fromstring(feeds.atom_feed([article], SITE))
    json.loads(feeds.json_feed([article], SITE))
