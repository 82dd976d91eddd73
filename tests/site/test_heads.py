"""The sample site for search engines and previews of links: what the server fills in."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.storage import StorageUnavailable
from api.text.images import ImageDraft
from tests.factories import make_article, make_item, make_viewer

ODD = """Fish & "chips" <script>alert('1')</script> </title> 霧 \\1 \\g<0>"""


class Head(HTMLParser):
    """What stands in the head of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.title, self.scripts, self._open = "", 0, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self._open, values = tag, dict(attrs)
        self.scripts += tag == "script"
        if tag == "meta":
            self.meta[values.get("name") or values.get("property") or ""] = values.get("content") or ""
        if tag == "link":
            self.links[values["rel"]] = values["href"]

    def handle_endtag(self, tag):
        self._open = ""

    def handle_data(self, data):
        self.title += data if self._open == "title" else ""


@pytest.fixture
def article(db):
    with db.write() as tx:
        image = ImageDraft(url="/images/fog.svg", alt="Fog")
        return make_article(
            tx, author=make_viewer(tx), title="The quay", body="The *ferry* is late. " * 40, image=image
        )


def head(client, path) -> Head:
    return Head(client.simulate_get(path.partition("?")[0], query_string=path.partition("?")[2]).text)


def test_the_page_of_an_article_names_it_before_any_script_runs(client, article):
    page = head(client, "/article/?slug=the-quay")

    url = "https://kiosque.test/article/?slug=the-quay"
    assert page.title == "The quay · Kiosque"
    assert page.links["canonical"] == page.meta["og:url"] == url
    assert page.meta["description"] == page.meta["og:description"]
    assert page.meta["description"].startswith("The ferry is late. The ferry")
    assert 100 < len(page.meta["description"]) <= 201
    assert page.meta["og:image"] == "https://kiosque.test/images/fog.svg"
    assert (page.meta["og:type"], page.meta["og:title"]) == ("article", "The quay")
    assert page.meta["article:published_time"] == article.publish_at


def test_the_page_of_an_item_names_it_before_any_script_runs(client, db):
    with db.write() as tx:
        make_item(tx, name="Blue mug", summary="For tea & fog.")

    page = head(client, "/item/?slug=blue-mug&sku=mug")

    assert page.title == "Blue mug · Kiosque"
    assert page.links["canonical"] == "https://kiosque.test/item/?slug=blue-mug"
    assert page.meta["description"] == "For tea & fog."
    assert page.meta["og:title"] == "Blue mug"
    assert "og:image" not in page.meta
    assert "robots" not in page.meta


def test_the_page_of_an_unlisted_item_names_it_and_is_not_to_be_kept(client, db):
    with db.write() as tx:
        make_item(tx, name="Gift", status="unlisted")

    page = head(client, "/item/?slug=gift")

    assert (page.title, page.meta["robots"]) == ("Gift · Kiosque", "noindex")


@pytest.mark.parametrize("kind", ["article", "item"])
def test_no_text_leaves_its_place_in_the_head(client, db, kind):
    with db.write() as tx:
        if kind == "article":
            make_article(tx, author=make_viewer(tx), title=ODD, slug="odd", excerpt=ODD)
        else:
            make_item(tx, name=ODD, slug="odd", summary=ODD)

    page, plain = head(client, f"/{kind}/?slug=odd"), head(client, f"/{kind}/")

    assert page.title == f"{ODD} · Kiosque"
    assert page.meta["description"] == page.meta["og:description"] == page.meta["og:title"] == ODD
    assert page.scripts == plain.scripts


def test_the_sites_name_tagline_and_languages_stand_in_every_page(db, settings, article):
    client = TestClient(
        create_app(replace(settings, site_name="Quay <&> Co", tagline='"Paper"', languages=("fr", "en")), db)
    )

    front, page = head(client, "/"), head(client, "/article/?slug=the-quay")
    missing = Head(client.simulate_get("/nosuch", headers={"Accept": "text/html"}).text)

    assert front.title == 'Quay <&> Co · "Paper"'
    assert front.meta["description"] == '"Paper"'
    assert front.links["canonical"] == "https://kiosque.test/"
    assert (page.title, missing.title) == ("The quay · Quay <&> Co", "Not found · Quay <&> Co")
    assert {each.meta["og:site_name"] for each in (front, page, missing)} == {"Quay <&> Co"}
    assert {each.meta["kiosque-tagline"] for each in (front, page, missing)} == {'"Paper"'}
    assert {each.meta["kiosque-languages"] for each in (front, page, missing)} == {"fr en"}


def test_an_old_slug_shows_the_address_of_today(client, db, client_as, article):
    client_as("editor").simulate_patch(f"/v1/articles/{article.id}", json={"slug": "quay-two"})

    page = head(client, "/article/?slug=the-quay")

    assert page.links["canonical"] == "https://kiosque.test/article/?slug=quay-two"


@pytest.mark.parametrize("path", ["/article/?slug=secret", "/item/?slug=secret", "/item/?slug=%ff"])
def test_what_is_not_public_is_named_to_nobody_and_kept_by_no_search_engine(client_as, db, path):
    with db.write() as tx:
        make_article(tx, author=make_viewer(tx), title="Secret", publish_at=None)
        make_item(tx, name="Secret", status="draft")

    answer = client_as("owner").simulate_get(*path.split("?")[:1], query_string=path.split("?")[1])

    assert answer.status_code == 200
    assert Head(answer.text).meta["robots"] == "noindex"
    assert "Secret" not in answer.text


@pytest.mark.parametrize(
    "query", ["", "slug=", "sku=a", "slug=%00", "sku=" + "x" * 9_000, "&" * 9_000], ids=range(6)
)
def test_a_page_about_nothing_in_particular_is_sent_as_it_is(client, query):
    answer = client.simulate_get("/article/", query_string=query)

    assert answer.status_code == 200
    assert Head(answer.text).title == "Article · Kiosque"


def test_a_page_has_another_etag_when_its_article_has_changed(client, client_as, article):
    page = {"path": "/article/", "query_string": "slug=the-quay"}
    etag = client.simulate_get(**page).headers["ETag"]
    same = client.simulate_get(**page, headers={"If-None-Match": etag})
    client_as("editor").simulate_patch(f"/v1/articles/{article.id}", json={"title": "The pier"})
    changed = client.simulate_get(**page, headers={"If-None-Match": etag})

    assert (same.status_code, changed.status_code) == (304, 200)
    assert "Last-Modified" not in changed.headers
    assert client.simulate_head(**page).headers["Content-Length"] == str(len(changed.content))


@pytest.mark.parametrize("bounds", ["0-524287", "300-600", "0-0", "-20"])
def test_a_part_of_a_page_is_one_of_the_page_that_names_its_article(client, article, bounds):
    page = {"path": "/article/", "query_string": "slug=the-quay"}  # previews of links ask so
    whole = client.simulate_get(**page)

    part = client.simulate_get(**page, headers={"Range": f"bytes={bounds}"})

    span, _, length = part.headers["Content-Range"].removeprefix("bytes ").partition("/")
    first, last = map(int, span.split("-"))
    assert part.status_code == 206
    assert part.content == whole.content[first : last + 1]
    assert int(length) == len(whole.content)
    assert part.headers["ETag"] == whole.headers["ETag"]
    assert part.headers["Accept-Ranges"] == whole.headers["Accept-Ranges"] == "bytes"


def test_a_page_with_much_in_it_names_its_article_too(db, settings, article, tmp_path):
    mark = '<!doctype html><title>Article · Site</title><meta name="kiosque" content="article">'
    (tmp_path / "article").mkdir()
    (tmp_path / "article/index.html").write_text(f"{mark}<style>{'/* wide */' * 20_000}</style>")
    client = TestClient(create_app(replace(settings, site=tmp_path), db))

    assert head(client, "/article/?slug=the-quay").title == "The quay · Kiosque"


def test_the_pages_are_there_while_the_database_is_not(client, db, monkeypatch):
    def refuse(*_arguments):
        raise StorageUnavailable

    monkeypatch.setattr(type(db), "read", refuse)

    assert head(client, "/article/?slug=the-quay").title == "Article · Kiosque"


def test_people_get_the_sites_own_page_where_nothing_is_and_programs_a_problem(client):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

    person = client.simulate_get("/nosuch/place", headers=browser)
    program = client.simulate_get("/nosuch/place")
    api = client.simulate_get("/v1/nosuch", headers=browser)

    assert (person.status_code, program.status_code, api.status_code) == (404, 404, 404)
    assert "<title>Not found · Kiosque</title>" in person.text
    assert person.headers["Content-Type"] == "text/html; charset=utf-8"
    assert (program.json["code"], api.json["code"]) == ("not-found", "no-such-path")
