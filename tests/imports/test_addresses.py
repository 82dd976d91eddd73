"""The addresses that everything had on the old site lead to it on the new one."""

from __future__ import annotations

import json

import pytest

from api.imports.addresses import LEADS_ELSEWHERE
from api.imports.report import OTHER_SLUG
from tests.imports.running import bring, everything
from tests.imports.wxr import HEAD, TAIL, meta, post

SITE = "<wp:base_blog_url>https://old.example{}</wp:base_blog_url>"
TERMS = (
    "<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>toys</wp:category_nicename>"
    "<wp:cat_name>Toys</wp:cat_name></wp:category>"
    "<wp:category><wp:category_nicename>sale</wp:category_nicename><wp:category_parent>toys</wp:category_parent>"
    "<wp:cat_name>Sale</wp:cat_name></wp:category>"
    "<wp:tag><wp:tag_slug>wood</wp:tag_slug><wp:tag_name>Wood</wp:tag_name></wp:tag>"
)


DAY = "2020-05-01 10:00:00"


def row(id_: int, path: str, *, type_: str = "post", inside: str = "", **fields: str) -> str:
    """A row at that path of the old site, with the last part of it as its slug."""
    fields = {
        "post_name": path.strip("/").rpartition("/")[2],
        "post_date_gmt": f"2020-05-0{id_} 10:00:00",
    } | fields
    link = f"<title>Row {id_}</title><link>https://old.example{path}</link>"
    return post(id_, type_=type_, inside=link + inside, **fields)


@pytest.fixture
def bring_site(db, tmp_path):
    """Bring a file of these rows."""

    def one(rows: str, folder: str = ""):
        (tmp_path / "site.xml").write_text(HEAD + SITE.format(folder) + rows + TAIL)
        return bring(db, tmp_path / "site.xml")

    return one


@pytest.fixture
def follow(client):
    """Where a visitor of an address is sent; the status if nowhere."""

    def one(address: str) -> str | int:
        path, _, query = address.partition("?")
        answer = client.simulate_get(path, query_string=query)
        return answer.headers["Location"] if answer.status_code == 308 else answer.status_code

    return one


def test_old_addresses_of_posts_pages_products_and_terms_lead_to_them(bring_site, follow):
    bring_site(
        TERMS
        + row(1, "/2020/05/hello/")
        + row(2, "/about/us/", type_="page")
        + row(3, "/product/mug/", type_="product", inside=meta(_price="5"))
    )

    assert [follow(address) for address in ("/2020/05/hello/", "/?p=1", "/2020/05/hello?utm_source=x")] == [
        "/article/?slug=hello"
    ] * 3
    assert [follow(address) for address in ("/about/us/", "/?page_id=2")] == ["/article/?slug=us"] * 2
    assert [follow(address) for address in ("/product/mug/", "/?p=3")] == ["/item/?slug=mug"] * 2
    terms = [follow(one) for one in ("/category/toys/", "/?cat=3", "/category/toys/sale/", "/tag/wood/")]
    assert [str(term).rpartition("=")[2] for term in terms] == ["toys", "toys", "sale", "wood"]


def test_a_site_in_a_folder_has_its_addresses_there(bring_site, follow):
    bring_site(TERMS + row(1, "/blog/hello/"), folder="/blog")

    assert [follow(one) for one in ("/blog/hello/", "/blog/?p=1")] == ["/article/?slug=hello"] * 2
    assert str(follow("/blog/tag/wood/")).endswith("=wood")


def test_a_second_run_changes_nothing_and_no_address_leads_back_to_itself(db, bring_site, follow):
    rows = TERMS + row(1, "/article/?slug=hello", post_name="hello") + row(2, "/hello/")
    bring_site(rows)
    before = everything(db)

    bring_site(rows)

    assert everything(db) == before
    assert follow("/article/?slug=hello") == 200
    assert follow("/hello") == "/article/?slug=hello-2"


def test_what_is_not_public_leads_nowhere(bring_site, follow):
    bring_site(row(1, "/diary/", status="private") + row(2, "/next/", post_date_gmt="2099-01-01 10:00:00"))

    assert (follow("/diary/"), follow("/?p=1"), follow("/next/")) == (404, 200, 404)


def test_an_address_that_leads_elsewhere_stays_and_is_noted(bring_site, client_as, follow):
    client_as("editor").simulate_post("/v1/redirects", json={"from": "/hello", "to": "/articles/"})

    report = bring_site(row(1, "/hello/"))

    assert report.noted["address", LEADS_ELSEWHERE] == ["Row 1: /hello/"]
    assert follow("/hello/") == "/articles/"


def test_the_slug_that_something_has_now_comes_before_the_slug_that_another_had(bring_site, client):
    bring_site(row(1, "/news-2019/", inside=meta(_wp_old_slug="news")) + row(2, "/news/"))

    assert client.simulate_get("/v1/articles/news").json["title"] == "Row 2"


def test_a_slug_that_changes_is_noted(bring_site):
    report = bring_site(row(1, "/contact/") + row(2, "/team/contact/", type_="page"))

    assert report.noted["page", OTHER_SLUG] == ["contact → contact-2"]


@pytest.mark.parametrize(
    ("permalinks", "address"),
    [("/:year/:month/:slug/", "/2020/05/fog/"), ("", "/fog/")],
)
def test_old_addresses_of_ghost_lead_to_posts_and_tags(db, tmp_path, follow, permalinks, address):
    blog = {
        "posts": [
            {
                "id": "a",
                "title": "Fog",
                "slug": "fog",
                "status": "published",
                "published_at": "2020-05-01 10:00:00",
            }
        ],
        "tags": [{"id": "t", "name": "Sea", "slug": "sea"}],
        "posts_tags": [{"post_id": "a", "tag_id": "t"}],
        "settings": [{"key": "permalinks", "value": permalinks}],
    }
    (tmp_path / "blog.json").write_text(json.dumps({"data": blog}))

    bring(db, tmp_path / "blog.json")

    assert [follow(one) for one in ("/fog/", address)] == ["/article/?slug=fog"] * 2
    assert str(follow("/tag/sea/")).endswith("=sea")
