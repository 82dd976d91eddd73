"""The sample site where somebody means harm, or only has unusual values: nobody else may pay for it."""

from __future__ import annotations

import pytest

pytest_plugins = "tests.site.browser"
pytestmark = pytest.mark.xdist_group("browser")

ABROAD = ["//evil.test/", "/.//evil.test/", "/..//evil.test/", "/%2e//evil.test/", "/a/..//evil.test/"]
ABROAD += ["https://evil.test/", "\\\\evil.test/", "javascript:alert(1)", "https://["]
ABROAD += ["{site}//evil.test/", "{site}/\\evil.test/", "{site}@evil.test/", "blob:{site}/evil"]

FIRST_ROW_IS_STRANGE = r"""
const all = window.fetch;
window.fetch = async (path, ...more) => {
  const answer = await all(path, ...more);
  if (!/(orders|comments)(\?|$)/.test(path)) return answer;
  const { data, next } = await answer.json();
  const [{ id, number }, ...others] = data;
  return new Response(JSON.stringify({ data: [{ id, number, parent: null }, ...others], next }));
};"""

OWNER = {"email": "owner@kiosque.test", "password": "paper-lantern-42"}
LONGEST = "W" * 60
TAG = "-".join(["abcdefgh"] * 3)
TITLES = ["Fog", "霧", "é", "e\u0301", "7", "☃", "“…”", "a\u200b"]
NO_GLYPH = ["", " ", "\u200b", "\u2800", "\u3164", "\u115f\u200d", "\u202e\u2060", "\ufe0f", "\u00a0\u00ad"]
NO_LANGUAGES = ["abcd", "root"]


@pytest.fixture(scope="module")
def token(demo):
    """The owner's."""
    return demo.api("/v1/sessions", OWNER)["token"]


@pytest.fixture(scope="module")
def widest(demo, token):
    """An article and an item, both in front, whose every text is as long as it may be and has no space."""
    wide = "W" * 200
    terms = {"tags": [f"t{LONGEST[1:]}"], "categories": [LONGEST]}
    article = {"slug": "widest", "title": wide, "excerpt": wide * 5, "featured": True, "language": TAG}
    price, before = ({"amount": amount, "currency": "EUR"} for amount in (10**11 - 1, 10**11))
    names = [LONGEST, "__proto__", "constructor"]
    item = {
        "slug": "widest",
        "name": wide,
        "summary": wide * 5,
        "status": "published",
        "images": [{"url": "/favicon.svg", "alt": wide * 5}],
        "options": [{"name": name, "values": [LONGEST]} for name in names],
        "properties": [{"name": LONGEST, "value": wide * 5}],
    }
    variant = {"sku": "W" * 64, "price": price, "compare_at": before, "stock": 1}
    variant["options"] = dict.fromkeys(names, LONGEST)
    demo.api("/v1/me", {"name": LONGEST}, method="PATCH", token=token)
    _publish(demo, token, **article, **terms)
    demo.api("/v1/items", {**item, **terms, "variants": [variant]}, token=token)


def test_whoever_logs_in_by_a_link_to_another_site_arrives_at_our_front_page(browser):
    browser.open("/login/?next=/.//evil.test/")

    browser.log_in()

    browser.arrive("/")


def test_whoever_signs_up_by_a_link_to_another_site_arrives_at_our_front_page(browser):
    browser.open("/signup/?next=/.//evil.test/")

    browser.type("name", "Mina")
    browser.type("email", "mina@kiosque.test")
    browser.type("password", "three-herons-dance")
    browser.click("main form button")

    browser.see("nav a", "Account")
    browser.arrive("/")


def test_an_address_to_return_to_never_leaves_this_site(browser, demo):
    browser.open("/login/")

    goals = browser.run(
        "const {onThisSite} = await import('/js/page.js');"
        "return arguments[0].map((address) => new URL(onThisSite(address), location).href)",
        [address.format(site=demo.url) for address in ABROAD],
    )

    assert [goal for goal in goals if not goal.startswith(f"{demo.url}/")] == []


@pytest.mark.parametrize("path", ["/", "/articles/"])
def test_a_language_that_no_browser_knows_takes_no_article_away(browser, demo, token, path):
    for language in NO_LANGUAGES:
        _publish(demo, token, title=f"In {language}", language=language)

    browser.open(path)

    assert {f"In {language}" for language in NO_LANGUAGES} <= set(browser.texts(".card :is(h2, h3)"))
    assert "in abcd" in browser.texts(".badge")


@pytest.mark.parametrize("path", ["/", "/articles/", "/shop/", "/article/?slug=widest", "/item/?slug=widest"])
def test_the_longest_words_that_the_api_accepts_leave_every_page_as_wide_as_a_phone(browser, widest, path):
    browser.become_a_phone()

    browser.open(path)

    assert any(LONGEST in title for title in browser.texts(":is(h1, h2, h3)"))
    assert browser.run("return document.documentElement.scrollWidth") == 360


def test_a_card_that_cannot_be_drawn_still_names_and_links_its_article(browser):
    browser.open("/")

    shown = browser.run(
        "const {articleCard} = await import('/js/cards.js');"
        "const card = articleCard({title: 'From a newer server', url: '/article/?slug=new'});"
        "return [card.textContent, card.querySelector('a').getAttribute('href')]"
    )

    assert shown == ["From a newer server", "/article/?slug=new"]
    assert "TypeError" in "".join(browser.complaints())


def test_a_title_that_shows_nothing_still_gives_a_link_that_can_be_seen(browser):
    browser.open("/")

    shown, kept = browser.run(
        "const {visible} = await import('/js/ui.js');"
        "return [...arguments].map((titles) => titles.map(visible))",
        NO_GLYPH,
        TITLES,
    )

    assert shown == ["Untitled"] * len(NO_GLYPH)
    assert kept == TITLES


def test_what_cannot_be_drawn_takes_no_other_comment_or_order_away(browser, demo):
    browser.log_in_unseen(demo)
    browser.open("/orders/")
    orders = len(browser.texts(".order"))

    browser.before_pages(FIRST_ROW_IS_STRANGE)
    browser.open("/orders/")
    browser.see(".order", "This cannot be shown here.")
    assert len(browser.texts(".order")) == orders
    browser.open("/article/?slug=a-bookshop-four-metres-square")
    browser.see(".thread li", "This cannot be shown here.")
    assert len(browser.texts(".thread li")) == 6
    assert "Error" in "".join(browser.complaints())


def _publish(demo, token, **article):
    made = demo.api("/v1/articles", {"body": "", **article}, token=token)
    demo.api(f"/v1/articles/{made['id']}/publication", {}, method="PUT", token=token)
