"""Codes by mail on the sample site, by keyboard alone: a login without a password, and a proof."""

from __future__ import annotations

import re

import pytest
from selenium.webdriver.common.keys import Keys

from tests.site.accessibility import barriers

pytest_plugins = "tests.site.browser"
pytestmark = pytest.mark.xdist_group("browser")

PASSWORD = "seven-lanterns-out"


@pytest.fixture
def email(demo):
    """That of somebody new."""
    return demo.sign_up(PASSWORD)


def test_a_mailed_code_logs_in_and_leads_back(browser, demo, email):
    browser.open("/orders/")
    browser.arrive("/login/?next=%2Forders%2F")
    browser.tab_to("a[href^='/login/code/']")
    browser.press(Keys.ENTER)
    browser.see("h1", "Log in by a code")
    browser.press(email, Keys.ENTER)
    browser.see(".notice", "a code is on its way")

    code = digits(demo.mailed("login-code", email))
    browser.press(f"{code[:3]} {code[3:]}", Keys.ENTER)

    browser.arrive("/orders/")
    browser.see("nav a", "Account")


def test_a_wrong_code_is_named_so_and_an_unknown_address_behaves_alike(browser):
    browser.open("/login/code/")
    browser.press("nobody-at-all@kiosque.test", Keys.ENTER)
    browser.see(".notice", "a code is on its way")

    browser.press("000000", Keys.ENTER)

    browser.see(".notice.bad", "This is not the code, or it no longer works.")


def test_who_has_no_password_deletes_the_account_by_a_code(browser, demo, email):
    browser.open("/login/")
    browser.log_in(email, PASSWORD)
    browser.open("/account/data/")
    browser.tab_to("form:last-of-type button.link")
    browser.press(Keys.ENTER)
    browser.see(".notice", "a code is on its way")

    browser.press(digits(demo.mailed("login-code", email)), Keys.ENTER)

    browser.see(".notice", "Your account has been deleted.")


def test_logging_in_by_a_code_has_no_barrier_in_either_language(browser):
    browser.become_a_phone()

    for language in ("en", "fr"):
        browser.speak(language)
        browser.open("/login/code/")
        browser.see(f"html[lang={language}] h1")
        assert barriers(browser) == []
        browser.press(f"{language}@kiosque.test", Keys.ENTER)
        browser.see("[name=code]")
        assert barriers(browser) == []


def digits(mail):
    """The code in a mail."""
    return re.search(r"\b\d{6}\b", mail)[0]
