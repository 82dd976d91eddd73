"""The sample site in a real browser, against `kiosque serve --demo`: what a reader and a buyer meet."""

from __future__ import annotations

import re

import pytest
from selenium.webdriver.common.keys import Keys

from api.shop.money import Money, written

pytest_plugins = "tests.site.browser"
pytestmark = pytest.mark.xdist_group("browser")

ARTICLE = "/article/?slug=a-bookshop-four-metres-square"
TOTE = "/item/?slug=harbour-tote"
PAGES = ["/", "/articles/", ARTICLE, "/article/?slug=about", "/shop/", TOTE, "/login/", "/signup/"]
PAGES += ["/basket/", "/order/", "/orders/", "/account/", "/account/data/", "/account/second-factor/"]


def test_the_front_page_shows_the_newest_articles_and_what_is_in_stock(browser, demo):
    articles = demo.api("/v1/articles?limit=7")["data"]
    items = demo.api("/v1/items?limit=4&in_stock=true")["data"]

    browser.open("/")

    assert set(browser.texts(".card:not(.item) :is(h2, h3)")) == {article["title"] for article in articles}
    assert browser.texts(".card.item h3") == [item["name"] for item in items]


@pytest.mark.parametrize(("collection", "name"), [("articles", "title"), ("items", "name")])
def test_the_url_that_the_api_gives_a_thing_is_its_page(browser, demo, collection, name):
    (thing,) = demo.api(f"/v1/{collection}?limit=1")["data"]

    browser.open(thing["url"].removeprefix(demo.url))

    assert browser.see("h1").text == thing[name]


def test_an_article_shows_its_approved_comments_in_threads(browser):
    browser.open(ARTICLE)

    assert browser.see("#comments").text == "6 comments"
    assert len(browser.texts(".thread li")) == 6
    assert "It was the right book, Hal." in browser.see(".thread > li > .thread > li .prose").text
    assert browser.see(".thread .thread .thread .prose").text == "It was the only one I could reach."


@pytest.mark.parametrize(
    ("path", "found"), [("/articles/", "Seventeen Words for Fog"), ("/shop/", "Fog, an Ink")]
)
def test_a_search_shows_what_matches_and_says_when_nothing_does(browser, path, found):
    browser.open(path)

    browser.type("q", "FOG")
    browser.until("return location.search === '?q=FOG'", "the search is not in the address")
    browser.until("return document.querySelectorAll('.card').length < 6", "the search narrows nothing")
    assert found in browser.texts(".card h3")

    browser.type("q", "xyzzy")
    browser.see(".status", "Nothing matches")
    assert browser.texts(".card") == []


def test_a_filter_in_the_address_is_shown_by_its_name(browser):
    browser.open("/articles/?author=solene-arzur")

    browser.see(".given", "Filtered by: Solène Arzur")


def test_an_account_is_logged_in_as_soon_as_it_is_made(browser):
    browser.open("/signup/")
    browser.type("name", "Nour Haddad")
    browser.type("email", "nour@kiosque.test")
    browser.type("password", "four-square-metres", Keys.ENTER)
    browser.click("nav a", "Account")

    browser.see("strong", "nour@kiosque.test")


def test_the_login_that_the_demo_prints_is_the_owners(browser, demo):
    email, password = re.search(r"The owner is (\S+), password (\S+)\.", demo.log.read_text()).groups()

    browser.open("/account/")
    browser.arrive("/login/?next=%2Faccount%2F")
    browser.log_in(email, password)

    browser.see("main p", f"{email} · owner")


def test_a_price_in_any_currency_has_the_decimals_that_the_server_gives_it(browser):
    browser.open("/")

    shown = browser.run(
        "const {money} = await import('/js/ui.js');"
        "return Intl.supportedValuesOf('currency')"
        ".map((currency) => [currency, money({amount: 1234567, currency})])"
    )

    assert len(shown) > 100
    for code, text in shown:
        assert re.sub(r"[^\d.]", "", text) == written(Money(1234567, code)).removesuffix(f" {code}"), text


def test_an_item_shows_its_properties(browser):
    browser.open("/item/?slug=blue-hour-north-mole")

    assert browser.texts(".properties dt") == ["Technique", "Paper", "Size"]
    assert browser.texts(".properties dd")[1:] == ["Cotton, 300 g", "40 × 50 cm"]


def test_an_external_item_leads_to_where_it_is_sold(browser):
    browser.open("/item/?slug=the-keepers-radio")

    link = browser.see(".buy a", "See it at low-frequency.example")
    assert link.get_attribute("href") == "https://low-frequency.example/the-keepers-radio"
    assert browser.texts(".buy button") == []


def test_an_order_is_listed_and_cancelling_it_returns_its_stock(browser, demo):
    print_page = "/item/?slug=blue-hour-north-mole"
    browser.log_in_unseen(demo)
    browser.open(print_page)
    browser.see(".stock", "3 left")
    browser.type("quantity", "2")
    browser.click("button", "Add to basket")
    browser.click(".notice a", "To the basket")
    browser.click(".checkout button", "Order and pay €96.00")
    browser.see("h1", "Order")
    browser.open(print_page)
    browser.see(".stock", "The last one")

    browser.open("/orders/")
    browser.click(".order:first-child h2 a")
    browser.click(".order summary", "Cancel this order")
    browser.click(".order button", "Yes, cancel it")
    browser.see(".order .state", "cancelled")

    browser.open(print_page)
    browser.see(".stock", "3 left")


def test_a_buyer_who_wants_more_than_there_is_reads_how_many_are_left(browser):
    browser.become_a_phone()
    browser.open(TOTE)
    browser.click(".pills label", "Large")
    browser.click(".pills label", "Sail")
    browser.type("quantity", "3")
    browser.click("button", "Add to basket")

    said = browser.see(".notice.bad", "Only 2 left.")
    assert 0 < browser.run("return arguments[0].getBoundingClientRect().top", said) < 740


def test_the_choice_of_a_variant_survives_a_reload(browser):
    browser.open(TOTE)
    browser.click(".pills label", "Large")
    browser.click(".pills label", "Buoy")
    browser.type("quantity", "2", Keys.TAB)
    browser.driver.refresh()

    browser.see("h1", "The Harbour Tote")
    assert browser.texts(".pills label:has(:checked)") == ["Large", "Buoy"]
    assert browser.see("[name=quantity]").get_property("value") == "2"


def test_a_comment_waits_for_approval_and_says_so(browser):
    browser.open(ARTICLE)
    browser.click("button", "Log in to join the conversation")
    browser.log_in()
    browser.click(".thread button", "Reply")
    browser.see("label", "Reply to Hal Pemberton")
    browser.type("body", "My elbow says hello.")
    browser.click("button", "Send comment")
    browser.see(".notice", "An editor will read your comment")

    browser.open(ARTICLE)
    assert "My elbow says hello." not in browser.see(".comments").text


def test_what_was_typed_as_a_comment_survives_a_session_that_ran_out(browser, demo):
    browser.log_in_unseen(demo)
    browser.open(ARTICLE)
    browser.type("body", "Typed with care.")
    browser.keep_session({"token": "ended", "account": {}})
    browser.click("button", "Send comment")
    browser.see(".notice", "Please log in to continue.")
    browser.log_in()

    assert browser.see("[name=body]").get_property("value") == "Typed with care."


def test_every_refusal_stands_beside_the_field_that_it_is_about(browser):
    browser.open("/signup/")
    browser.type("name", "", Keys.ENTER)
    browser.see("#field-name-wrong", "Please fill this in.")
    assert browser.driver.switch_to.active_element.get_attribute("name") == "name"

    browser.type("name", "Hal")
    browser.type("email", "customer@kiosque.test")
    browser.type("password", "short", Keys.ENTER)
    browser.see("#field-password-wrong", "Too short.")
    assert browser.texts("#field-name-wrong") == []

    browser.type("password", "long-enough-for-anyone", Keys.ENTER)
    browser.see("#field-email-wrong", "An account with this e-mail already exists.")


def test_a_wrong_password_is_told_above_the_button(browser):
    browser.open("/login/")
    browser.type("email", "priya@kiosque.test")
    browser.type("password", "not-hers", Keys.ENTER)

    browser.see(".notice.bad + .actions", "Log in")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_fits_a_phone_in_both_languages_and_has_no_complaint(browser, demo, path):
    browser.become_a_phone()
    browser.log_in_unseen(demo)

    for language in ("en", "fr"):
        browser.open(path)
        browser.see(f"html[lang={language}]")
        assert browser.run("return document.documentElement.scrollWidth") == 360
        assert browser.complaints() == []
        browser.run("localStorage.setItem('language', 'fr')")


def test_scripts_other_than_the_files_of_the_site_do_not_run(browser):
    browser.open("/")
    browser.run(
        "let s = document.createElement('script'); s.append('ran = 1'); document.body.append(s);"
        "try { document.body.innerHTML = '<p id=in>'; } catch {}"
    )

    assert browser.run("return [window.ran, document.getElementById('in')]") == [None, None]
    complaints = "".join(browser.complaints())
    assert "TrustedScript" in complaints
    assert "TrustedHTML" in complaints


def test_the_first_tab_offers_to_skip_to_the_content(browser):
    browser.open("/")
    browser.press(Keys.TAB)
    assert browser.driver.switch_to.active_element.text == "Skip to the content"
    browser.press(Keys.ENTER)

    browser.until("return document.activeElement.id === 'main'", "the content has no focus")


def test_the_keyboard_alone_logs_in(browser):
    browser.open("/login/")
    browser.press("customer@kiosque.test", Keys.TAB, "second-ferry-home", Keys.ENTER)

    browser.see("nav a", "Account")


def test_the_other_language_is_a_click_away_and_stays(browser):
    browser.open("/")
    browser.click("button", "Français")
    browser.see("html[lang=fr] nav a", "Boutique")
    browser.click("nav a", "Boutique")

    browser.see("html[lang=fr] h1", "Boutique")
    browser.see("label", "En stock seulement")


@pytest.mark.parametrize("kept", ["}{", {"token": "ended", "account": {}}, {"token": "☃", "account": {}}])
def test_a_session_that_cannot_be_used_leads_to_the_login_and_back(browser, kept):
    browser.open("/login/")
    browser.keep_session(kept)
    browser.open("/")
    browser.see(".card")
    browser.driver.get(browser.driver.current_url + "orders/")
    browser.see(".notice", "Please log in to continue.")
    browser.log_in()

    browser.arrive("/orders/")


def test_a_wrong_address_leads_back_to_the_front_page(browser):
    browser.open("/nosuch")
    browser.complaints()
    browser.click("main a", "To the front page")

    browser.arrive("/")


def test_what_is_not_there_is_said_in_words(browser):
    browser.open("/item/?slug=nothing-of-the-kind")

    browser.see(".notice.bad", "There is nothing here.")
