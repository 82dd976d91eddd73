"""The sample site where an account works only once its address is confirmed."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

pytest_plugins = "tests.site.browser"
pytestmark = pytest.mark.xdist_group("browser")

PASSWORD = "seven-lanterns-out"


@pytest.fixture(scope="module")
def demo_settings():
    return {"KIOSQUE_SIGN_UP": "verified"}


def test_a_new_account_works_once_its_address_is_confirmed(browser, demo):
    browser.open("/signup/")
    browser.press("Ines", Keys.TAB, "ines@kiosque.test", Keys.TAB, PASSWORD, Keys.ENTER)
    browser.see(".notice", "A mail is on its way: its link completes your account.")
    browser.open("/login/")
    browser.press("ines@kiosque.test", Keys.TAB, PASSWORD, Keys.ENTER)
    browser.see(".notice.bad", "Please confirm your address first")

    browser.open(demo.link("verify", "ines@kiosque.test"))
    browser.press(Keys.ENTER)
    browser.see(".notice", "Your address is confirmed.")
    browser.click("main a", "Log in")

    browser.log_in("ines@kiosque.test", PASSWORD)
    assert "Account" in browser.texts("nav a")
