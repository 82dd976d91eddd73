"""My data on the sample site, by keyboard alone: a download, and the end of the account."""

from __future__ import annotations

import json

import pytest
from selenium.webdriver.common.keys import Keys

from tests.site.accessibility import barriers

pytest_plugins = "tests.site.browser"
pytestmark = pytest.mark.xdist_group("browser")

PASSWORD = "seven-lanterns-out"
PAGE = "/account/data/"


@pytest.fixture
def leaver(browser, demo):
    """Somebody new, who is logged in; their e-mail."""
    email = demo.sign_up(PASSWORD)
    browser.open("/login/")
    browser.log_in(email, PASSWORD)
    return email


def test_the_download_of_my_data_asks_for_the_password_and_is_all_of_it(browser, demo, leaver, tmp_path):
    folder = {"behavior": "allow", "downloadPath": str(tmp_path), "eventsEnabled": False}
    browser.driver.execute_cdp_cmd("Browser.setDownloadBehavior", folder)
    browser.open(PAGE)
    browser.tab_to("#field-export")

    browser.press("not-it-at-all", Keys.ENTER)
    browser.see(".notice.bad", "This is not your password.")
    browser.type("password", PASSWORD, Keys.ENTER)
    browser.see(".notice", "The file has been downloaded.")

    file = browser.wait_for(lambda: next(tmp_path.glob("*.json"), None), "there is no file")
    export = json.loads(file.read_text())
    assert export["account"]["email"] == leaver
    assert export["orders"] == []


def test_an_account_is_deleted_by_its_password_in_every_tab(browser, demo, leaver):
    browser.open(PAGE)
    browser.tab_to("#field-deletion")
    browser.press(PASSWORD, Keys.TAB, Keys.ENTER)

    browser.see(".notice", "Your account has been deleted.")
    assert browser.run("return sessionStorage.getItem('kiosque-session')") is None
    browser.log_in_refused(leaver, PASSWORD)


@pytest.mark.parametrize("path", ["/account/", PAGE])
def test_my_account_and_my_data_have_no_barrier_in_either_language(browser, leaver, path):
    browser.become_a_phone()

    for language in ("en", "fr"):
        browser.speak(language)
        browser.open(path)
        browser.see(f"html[lang={language}] h1")
        assert barriers(browser) == []
