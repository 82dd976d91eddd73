"""Links of mails on the sample site, by keyboard alone: nothing happens before their button is pressed."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

from tests.site.accessibility import barriers

pytest_plugins = "tests.site.browser"
pytestmark = pytest.mark.xdist_group("browser")

BEFORE, AFTER = "seven-lanterns-out", "nine-lamps-in-the-fog"
TRACES = """
const stored = JSON.stringify({...localStorage, ...sessionStorage});
return [location.hash, stored.includes(arguments[0])];"""


@pytest.fixture
def email(demo):
    """That of somebody new."""
    return demo.sign_up(BEFORE)


def test_who_has_forgotten_the_password_chooses_another_by_a_mailed_link(browser, demo, email):
    browser.open("/login/")
    browser.tab_to("a[href='/reset/']")
    browser.press(Keys.ENTER)
    browser.see("h1", "Forgotten password")
    browser.press(email, Keys.ENTER)
    browser.see(".notice", "a mail is on its way")

    browser.open(demo.link("reset", email))
    browser.press(AFTER, Keys.ENTER)

    browser.see(".notice", "Your password has been changed.")
    browser.log_in_refused(email, BEFORE)
    browser.log_in(email, AFTER)


def test_an_unknown_address_reads_the_same_as_a_known_one(browser):
    browser.open("/reset/")

    browser.press("nobody-at-all@kiosque.test", Keys.ENTER)

    browser.see(".notice", "a mail is on its way")


def test_an_address_is_confirmed_by_one_press(browser, demo, email):
    browser.open(demo.link("verify", email))
    browser.press(Keys.ENTER)

    browser.see(".notice", "Your address is confirmed.")
    assert demo.account(email)["email_verified_at"]


def test_whoever_has_not_confirmed_the_address_gets_the_mail_again(browser, demo, email):
    first = demo.link("verify", email)
    browser.open("/login/")
    browser.log_in(email, BEFORE)
    browser.open("/account/")

    browser.tab_to("main form:first-of-type button")
    browser.press(Keys.ENTER)
    browser.see(".notice", "A mail is on its way.")

    browser.wait_for(lambda: demo.link("verify", email) != first, "there is no other mail")
    browser.open(demo.link("verify", email))
    browser.press(Keys.ENTER)
    browser.see(".notice", "Your address is confirmed.")


def test_the_new_address_confirms_a_change_and_the_one_before_undoes_it(browser, demo, email):
    new = f"new-{email}"
    browser.open("/login/")
    browser.log_in(email, BEFORE)
    browser.open("/account/")
    browser.tab_to("summary")
    browser.press(Keys.ENTER, Keys.TAB, new, Keys.TAB, BEFORE, Keys.ENTER)
    browser.see(".notice", f"Nothing changes before {new} has confirmed it")
    browser.open("/account/")
    browser.see(".notice", f"Waiting until {new} confirms")

    browser.open(demo.link("verify", new))
    browser.press(Keys.ENTER)
    browser.see(".notice", "Your address is confirmed.")
    browser.open("/account/")
    browser.see("strong", new)

    browser.open(demo.link("email-changed", email))
    browser.press(Keys.ENTER)
    browser.see(".notice", "Your account has this address again.")
    browser.open("/account/")
    browser.see(".notice", "Please log in to continue.")
    browser.log_in(email, BEFORE)


@pytest.mark.parametrize("kind", ["reset", "verify"])
def test_a_link_that_is_only_opened_stays_good_and_leaves_its_token_nowhere(browser, demo, email, kind):
    browser.open("/reset/")
    browser.press(email, Keys.ENTER)
    browser.see(".notice", "a mail is on its way")
    link = demo.link(kind, email)

    for _ in range(2):
        browser.open("/")
        browser.open(link)
        browser.see("main form button")
        assert browser.run(TRACES, link.partition("#token=")[2]) == ["", False]

    assert demo.account(email)["email_verified_at"] is None
    browser.press(*([AFTER] if kind == "reset" else []), Keys.ENTER)
    browser.see(".notice:not(.bad)")


@pytest.mark.parametrize("path", ["/reset/", "/confirm/", "/restore/"])
def test_a_link_that_is_spent_says_what_to_do(browser, path):
    browser.open(f"{path}#token=spent-long-ago")

    browser.press(*([AFTER] if path == "/reset/" else []), Keys.ENTER)

    browser.see(".notice.bad", "This link has been used or has expired.")


def test_a_second_link_replaces_the_first_on_the_page_that_is_open(browser, demo, email):
    browser.open("/confirm/#token=spent-long-ago")

    browser.driver.get(demo.url + demo.link("verify", email))
    browser.until("return !location.hash && document.activeElement.tagName === 'BUTTON'", "it is not read")
    browser.press(Keys.ENTER)

    browser.see(".notice", "Your address is confirmed.")


def test_a_link_survives_a_change_of_the_language(browser, demo, email):
    browser.open(demo.link("verify", email))
    browser.click("button", "Français")
    browser.see("html[lang=fr] h1", "Confirmez votre adresse")

    assert browser.run("return location.hash") == ""
    browser.click("main button", "C’est bien mon adresse")
    browser.see(".notice", "Votre adresse est confirmée.")


def test_the_page_of_a_link_without_its_token_asks_to_open_the_link_again(browser):
    browser.open("/confirm/")

    browser.see(".notice.bad", "Please open the link in the mail once more")


@pytest.mark.parametrize(
    "path", ["/login/", "/reset/", "/reset/#token=x", "/confirm/#token=x", "/restore/#token=x"]
)
def test_no_page_of_a_link_has_a_barrier_in_either_language(browser, path):
    browser.become_a_phone()

    for language in ("en", "fr"):
        browser.speak(language)
        browser.open("/")
        browser.open(path)
        browser.see(f"html[lang={language}] h1")
        assert barriers(browser) == []
