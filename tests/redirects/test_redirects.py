"""Redirects: made and ended by editors, kept for imports, followed by visitors."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.redirects import rules as redirects
from api.redirects.records import Target
from tests.factories import make_article, make_item, make_viewer
from tests.nouns import Noun

PAGE = {"Accept": "text/html"}


def _fill(tx: Any, owner: Any) -> None:
    article = make_article(tx, author=owner, slug="fog-there")
    redirects.keep(tx, [("/fog", Target("article", article.id))])


NOUN = Noun(
    roles="""
GET    /v1/redirects                          -                401 401 403 403 200 403 200 403
POST   /v1/redirects                          -                401 401 403 403 201 403 201 403
DELETE /v1/redirects/{redirect}               -                401 401 403 403 204 403 204 403
""",
    bodies={("POST", "/v1/redirects"): lambda world: {"from": f"/{world.sku()}/", "to": "/articles/"}},
    makers={
        "{redirect}": lambda world, _owner, _state: (
            world.client("editor").post("/v1/redirects", {"from": f"/{world.sku()}", "to": "/"}).json["id"]
        )
    },
    breaking={"ck_redirects_destination": "UPDATE redirects SET location = '/'"},
    fill=_fill,
)


@pytest.fixture
def editor(client_as):
    return client_as("editor")


@pytest.fixture
def send(editor):
    """Make a redirect; the answer."""
    return lambda start, to: editor.simulate_post("/v1/redirects", json={"from": start, "to": to})


@pytest.fixture
def follow(client):
    """Where a visitor is sent; the status if nowhere."""

    def one(address: str, by: Any = client) -> str | int:
        path, _, query = address.partition("?")
        answer = by.simulate_get(path, query_string=query)
        return answer.headers["Location"] if answer.status_code == 308 else answer.status_code

    return one


def test_a_visitor_of_an_old_address_is_sent_to_the_new_one_until_the_redirect_ends(client, editor, send):
    made = send("/2020/05/hello/", "/article/?slug=hello").json

    sent = client.simulate_get("/2020/05/hello/")
    head = client.simulate_head("/2020/05/hello")
    ended = editor.simulate_delete(f"/v1/redirects/{made['id']}")
    again = editor.simulate_delete(f"/v1/redirects/{made['id']}")

    assert (made["from"], made["to"], made["target"]) == ("/2020/05/hello", "/article/?slug=hello", None)
    assert made["id"].startswith("red_")
    assert (sent.status_code, sent.headers["Location"]) == (308, "/article/?slug=hello")
    assert sent.headers["Cache-Control"] == "public, no-cache"
    assert (head.status_code, head.headers["Location"]) == (308, "/article/?slug=hello")
    assert (ended.status_code, again.status_code) == (204, 404)
    assert client.simulate_get("/2020/05/hello/").status_code == 404


@pytest.mark.parametrize(
    ("start", "address"),
    [
        ("/a/b", "/a/b/"),
        ("/a/b/", "/a/b"),
        ("/caf%C3%A9", "/café"),
        ("/café/", "/cafe\u0301"),
        ("/a%20b", "/a b"),
        ("/a", "/a?utm_source=x"),
        ("/a?b=1&c=2", "/a?c=2&b=1"),
        ("/a?b=1&c=2", "/a?c=2&b=1&c=2"),
        ("/a?b=1", "/a?utm_source=x&b=1"),
        ("/?p=7", "/?p=7"),
        ("/?p=7", "/?p=7&preview=true"),
        ("/index.php?page_id=7", "/index.php?page_id=7"),
        ("/?s=a%20b", "/?s=a+b"),
    ],
)
def test_an_address_is_the_same_however_it_is_spelt(send, follow, start, address):
    made = send(start, "https://e.test/x?y=1#z")

    assert made.status_code == 201, made.text
    assert follow(address) == "https://e.test/x?y=1#z"
    assert send(made.json["from"], "/elsewhere").json["code"] == "in-use"


@pytest.mark.parametrize(
    ("start", "address"),
    [("/a/b", "/a/B"), ("/a/b", "/a"), ("/a?b=1", "/a"), ("/a?b=1&c=2", "/a?b=1"), ("/a?b=1", "/a?b=2")],
)
def test_another_address_leads_nowhere(send, follow, start, address):
    send(start, "/x")

    assert follow(address) == 404


def test_the_redirect_with_the_most_of_the_query_is_followed(send, follow):
    for start, to in (("/a", "/1"), ("/a?b=1", "/2"), ("/a?b=1&c=2", "/3")):
        send(start, to)

    led = [follow(address) for address in ("/a?x=1", "/a?b=1&x=1", "/a?b=1&c=2")]

    assert led == ["/1", "/2", "/3"]


def test_a_file_of_the_site_wins_over_a_redirect(send, follow):
    assert [send(start, "/x").status_code for start in ("/articles", "/favicon.svg", "/")] == [201] * 3

    assert [follow(path) for path in ("/articles/", "/favicon.svg", "/", "/?utm_source=x")] == [200] * 4
    assert follow("/articles") == "/articles/"


@pytest.mark.parametrize(
    ("start", "to", "pointer"),
    [
        *((start, "/x", "/from") for start in ("a", "//a", "", "/a//b", "/../a", "/a/.", "/%00", "/a b")),
        *(
            (start, "/x", "/from")
            for start in ("/v1/x", "/v1", "/%ff", "/a#b", "/a\\b", "https://e.test/a", "/a\n")
        ),
        *((start, "/x", "/from") for start in ("/%2e%2e/a", "/x" * 301, "/?" + "&".join("abcdefghijk"))),
        *(
            ("/a", to, "/to")
            for to in ("//evil.test", "/\\evil.test", "/.//evil.test", "evil.test", "javascript:x")
        ),
        *(
            ("/a", to, "/to")
            for to in ("https://", "/a/../b", "", "ftp://e.test/", "/a b", "http:/evil.test", "/\t/e")
        ),
    ],
)
def test_what_is_no_address_is_refused(send, start, to, pointer):
    refused = send(start, to)

    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize("chain", [("/a", "/a/"), ("/a", "/b", "/a?x=1"), ("/a", "/b", "/c", "/d", "/a#z")])
@pytest.mark.parametrize("site", ["", "https://kiosque.test", "http://KIOSQUE.test"])
def test_no_redirect_leads_back_to_where_it_comes_from(send, follow, chain, site):
    *made, last = [send(start.partition("?")[0], site + to) for start, to in pairwise(chain)]

    assert [answer.status_code for answer in (*made, last)] == [201] * len(made) + [409]
    assert (last.json["code"], last.json["errors"][0]["pointer"]) == ("in-use", "/to")
    assert [use["kind"] for use in last.json["uses"]] == ["redirect"] * bool(made)
    assert follow(chain[-2]) == 404


def test_a_chain_is_one_step_for_visitors_and_has_an_end(send, follow):
    made = [send(f"/{number}", f"/{number - 1}").status_code for number in range(1, 22)]

    assert made == [201] * 20 + [409]
    assert follow("/20") == follow("/1") == "/0"


def test_a_redirect_follows_its_thing_and_leads_nowhere_while_that_is_not_public(
    db, client_as, editor, follow
):
    keeper = client_as("shopkeeper")
    with db.write() as tx:
        article = make_article(tx, author=make_viewer(tx), slug="hello", tags=("Sea",))
        item = make_item(tx, slug="mug")
        things = {
            "/2020/05/hello/": Target("article", article.id),
            "/?p=7": Target("article", article.id),
            "https://old.test/product/mug/": Target("item", item.id),
            "/tag/sea": Target("tag", article.tags[0].id),
        }
        assert redirects.keep(tx, things.items()) == [True] * 4
    old = [*list(things)[:2], "/product/mug", "/tag/sea"]
    before = [follow(address) for address in old]
    editor.simulate_patch(f"/v1/articles/{article.id}", json={"slug": "hullo"})
    keeper.simulate_patch(f"/v1/items/{item.id}", json={"slug": "cup"})
    editor.simulate_patch("/v1/tags/sea", json={"slug": "the-sea"})
    renamed = [follow(address) for address in old]
    editor.simulate_delete(f"/v1/articles/{article.id}/publication")
    keeper.simulate_patch(f"/v1/items/{item.id}", json={"status": "draft"})
    hidden = [follow(address) for address in old]
    listed = editor.simulate_get("/v1/redirects").json["data"]
    editor.simulate_delete(f"/v1/articles/{article.id}")

    assert before == [*["/article/?slug=hello"] * 2, "/item/?slug=mug", "/articles/?tag=sea"]
    assert renamed == [*["/article/?slug=hullo"] * 2, "/item/?slug=cup", "/articles/?tag=the-sea"]
    assert hidden == [404, 200, 404, "/articles/?tag=the-sea"]
    assert [each["from"] for each in listed] == ["/tag/sea", "/product/mug", "/?p=7", "/2020/05/hello"]
    assert listed[1] | {"id": "", "created_at": ""} == {
        "id": "",
        "from": "/product/mug",
        "to": None,
        "target": {"kind": "item", "id": item.id},
        "created_at": "",
    }
    assert len(editor.simulate_get("/v1/redirects").json["data"]) == 2


@pytest.mark.parametrize(
    "url", ["/", "", "https://old.test", "/v1/x", "/%ff", "/a//b", "/" + "x" * 3_000, "/\udcff"]
)
def test_an_address_that_no_request_can_have_is_not_kept(db, url):
    with db.write() as tx:
        target = Target("article", make_article(tx, author=make_viewer(tx)).id)

        assert redirects.keep(tx, [(url, target)]) == [False]


def test_an_address_that_leads_elsewhere_stays_and_the_same_may_be_kept_again(db, send, follow):
    send("/a", "/x")
    with db.write() as tx:
        target = Target("article", make_article(tx, author=make_viewer(tx)).id)

        other = Target("item", make_item(tx).id)
        first = redirects.keep(tx, [("/a", target), ("/b", target), ("/b/", target), ("/b", other)])
        again = redirects.keep(tx, [("/b", other), ("/b", target)])

    assert first == [False, True, True, False]
    assert again == [False, True]
    assert follow("/a") == "/x"


def test_a_thing_whose_page_is_at_its_old_address_is_no_loop(db, settings, follow):
    client = TestClient(create_app(replace(settings, article_url="/blog/{slug}/"), db))
    with db.write() as tx:
        target = Target("article", make_article(tx, author=make_viewer(tx), slug="fog").id)
        redirects.keep(tx, [("/blog/fog/", target), ("/2020/fog/", target)])

    assert follow("/blog/fog", client) == 404
    assert follow("/2020/fog/", client) == "/blog/fog/"


def test_a_list_of_redirects_is_filtered_by_address_and_by_target(db, editor, send):
    send("/a?b=1&c=2", "/x")
    with db.write() as tx:
        article = make_article(tx, author=make_viewer(tx))
        redirects.keep(tx, [("/old", Target("article", article.id))])

    def listed(**params: str) -> list[str]:
        return [each["from"] for each in editor.simulate_get("/v1/redirects", params=params).json["data"]]

    assert listed(**{"from": "/a/?c=2&b=1"}) == ["/a?b=1&c=2"]
    assert listed(**{"from": "//"}) == listed(**{"from": "/b"}) == listed(target="x") == []
    assert listed(target=article.id) == ["/old"]
    assert listed(limit="1") == ["/old"]


def test_a_miss_costs_one_statement_and_a_file_none(client, db, send):
    statements = []
    send("/a", "/x")
    client.simulate_get("/b")
    prepared = type(db).read

    def counted(database):
        statements.append(1)
        return prepared(database)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(db), "read", counted)
        missing = client.simulate_get("/b", headers=PAGE)
        page = client.simulate_get("/articles/", query_string="p=7")
        other = client.simulate_post("/a")

    assert (missing.status_code, page.status_code, other.status_code) == (404, 200, 404)
    assert len(statements) == 1
