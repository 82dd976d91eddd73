"""Contract 3.14, 3.24 and 3.28: the order of hits, and addresses that are built from the setting alone."""

from __future__ import annotations

import pytest

from tests.contract.server import URL, World


@pytest.mark.parametrize("kind", ["articles", "items"])
def test_title_hits_come_first_then_tags_then_body_newest_first_within_each(world: World, kind: str):
    word = f"zephyr{world.sku().replace('-', '').replace('.', '')}".lower()
    for number, place in enumerate(("body", "title", "tag", "body", "title", "tag")):
        name = f"{'The ' + word if place == 'title' else 'Plain'} {number}"
        tags, text = ((word,) if place == "tag" else ()), (word if place == "body" else "Plain.")
        if kind == "articles":
            world.article(world.staff["author"], title=name, tags=tags, body=text)
        else:
            world.item(name=name, tags=tags, summary=text)

    found = world.stranger.get(f"/v1/{kind}?q={word.upper()}").json["data"]

    names = [row["title" if kind == "articles" else "name"] for row in found]
    assert [name[-1] for name in names] == ["4", "1", "5", "2", "3", "0"]


@pytest.mark.parametrize(
    ("q", "hit"),
    [
        ("creme brulee", True),
        ("CR%C3%88ME", True),
        ("cr%C3%A8me+br%C3%BBl%C3%A9e", True),
        ("cre%CC%80me", True),
        ("strasse", True),
        ("STRA%E1%BA%9EE", True),
        ("creme waffle", False),
        ("%D0%BF%D0%A0%D0%98%D0%B2%D0%B5%D1%82", True),
    ],
)
@pytest.mark.parametrize("kind", ["articles", "items"])
def test_words_are_folded_and_all_must_occur(world: World, kind: str, q: str, hit: bool):
    mark = f"fold{world.sku().replace('-', '').replace('.', '')}".lower()
    title = f"Crème brûlée in der Straße, Привет {mark}"
    thing = (
        world.article(world.staff["author"], title=title) if kind == "articles" else world.item(name=title)
    )

    found = world.stranger.get(f"/v1/{kind}?q={q.replace(' ', '+')}+{mark}").json["data"]

    assert [row["id"] for row in found] == [thing.id] * hit


@pytest.mark.parametrize("host", ["evil.test", "evil.test:80", "[::1]"])
def test_no_address_comes_from_the_host(world: World, host: str):
    article, item = world.article(world.staff["author"]), world.item()
    headers = {"Host": host, "X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "http"}

    for path in ("/v1", f"/v1/articles/{article.slug}", f"/v1/items/{item.slug}", "/v1/articles?limit=1",
                 "/feed.json", "/feed.atom", "/sitemap.xml", "/robots.txt", "/openapi.json"):  # fmt: skip
        answer = world.stranger.call("GET", path, headers=headers)
        assert answer.status == 200
        assert b"evil.test" not in answer.body
        assert b"::1" not in answer.body
    for path in (f"/v1/articles/{article.slug}", f"/v1/items/{item.slug}"):
        assert world.stranger.call("GET", path, headers=headers).json["url"].startswith(f"{URL}/")
    sitemap = world.stranger.get("/sitemap.xml").body.decode()
    assert article.slug in sitemap
    assert item.slug in sitemap


def test_a_change_is_seen_by_the_next_read_on_any_worker(world: World):
    article = world.article(world.staff["author"])
    path, client = f"/v1/articles/{article.id}", world.client("author")

    for number in range(15):
        client.patch(path, {"title": f"Version {number}"})
        assert {world.stranger.get(path).json["title"] for _ in range(3)} == {f"Version {number}"}
