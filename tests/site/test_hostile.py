"""The sample site where somebody means harm, or only has unusual values: nobody else may pay for it."""

from __future__ import annotations

import pytest

pytest_plugins = "tests.site.browser"
pytestmark = pytest.mark.xdist_group("browser")

ABROAD = ["//evil.test/", "/.//evil.test/", "/..//evil.test/", "/%2e//evil.test/", "/a/..//evil.test/"]
ABROAD += ["https://evil.test/", "\\\\evil.test/", "javascript:alert(1)", "https://["]
ABROAD += ["{site}//evil.test/", "{site}/\\evil.test/", "{site}@evil.test/", "blob:{site}/evil"]


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
