"""Several tabs of the sample site: they share a login, and its end."""

from __future__ import annotations

import pytest

pytest_plugins = "tests.site.browser"
pytestmark = pytest.mark.xdist_group("browser")


def test_a_new_tab_is_logged_in_too_and_logging_out_in_it_ends_the_login_in_all(browser, demo):
    email = demo.sign_up("seven-lanterns-out")
    browser.open("/login/")
    browser.log_in(email, "seven-lanterns-out")
    first = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")

    browser.open("/account/")
    browser.see("strong", email)
    browser.click("main button", "Log out")
    browser.arrive("/")
    browser.driver.close()
    browser.driver.switch_to.window(first)

    browser.until("return sessionStorage.getItem('kiosque-session') === null", "the first tab is logged in")
    browser.open("/account/")
    browser.arrive("/login/?next=%2Faccount%2F")
    assert "Account" not in browser.texts("nav a")
