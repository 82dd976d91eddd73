"""The first minute: from the link that `serve` prints to the first article and the first sale."""

from __future__ import annotations

import re

import pytest
from selenium.webdriver.common.keys import Keys

from tests.site.demonstration import Demo
from tests.test_serving import free_port, running

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")

PASSWORD = "seven-grey-gulls-7"
HOME = {"name": "Ida", "line1": "Quai 2", "postcode": "29000", "city": "Brest", "country": "FR"}


@pytest.fixture
def new(office_of, tmp_path):
    """The page of the link that a server without accounts has printed."""
    port = free_port()
    with running("api", "serve", folder=tmp_path, port=port, WEB_CONCURRENCY="1") as server:
        link = next(line for line in server.stdout if "/admin/#setup=" in line)
        url = f"http://127.0.0.1:{port}"
        with office_of(Demo(url, tmp_path / "log")) as office:
            office.driver.get(re.search(r"http\S+#setup=[\w-]+", link)[0])
            office.see("main form")
            yield office


def test_by_keyboard_alone_the_printed_link_makes_the_owner_who_publishes_and_sells(new):
    assert new.faults_everywhere() == []
    new.tab_to("[name=name]")
    new.press("Ada", Keys.TAB, "ada@kiosque.test", Keys.TAB, "short", Keys.ENTER)
    new.see(".wrong, .notice.bad")
    assert new.value("email") == "ada@kiosque.test"
    assert new.faults_everywhere() == []

    new.type("password", PASSWORD, Keys.ENTER)
    new.see("h1", "Hello, Ada")
    assert "setup" not in new.run("return location.href")
    new.see("main h2", "To begin with")
    assert new.faults_everywhere() == []

    new.tab_to("a[href='#/articles/new']")
    new.press(Keys.ENTER)
    new.see("[name=body]")
    new.tab_to("[name=title]")
    new.press("The first day")
    new.tab_to("[name=body]")
    new.press("We are open.")
    new.tab_to("button.strong")
    new.press(Keys.ENTER)
    new.said("Published on ")
    assert [one["title"] for one in new.demo.api("/v1/articles")["data"]] == ["The first day"]

    new.visit("#/home")
    new.tab_to("header nav a[href='#/items']")
    new.press(Keys.ENTER)
    new.see("h1", "Items")
    new.settled()
    new.tab_to("a[href='#/items/new']")
    new.press(Keys.ENTER)
    new.see("[name='variants/0/price']")
    new.tab_to("[name=name]")
    new.press("Tide table", Keys.TAB, "4,50", Keys.TAB, "10")
    new.tab_to("main form > .actions .quiet")
    new.press(Keys.ENTER)
    new.said("Saved.")
    lines = [{"sku": "tide-table", "quantity": 2}]
    new.demo.api("/v1/orders", {"lines": lines, "email": "ida@kiosque.test", "shipping_address": HOME})

    new.visit("#/orders")
    new.press("j", Keys.ENTER)
    new.see("h1", "Order № 1")
    new.settled()
    for act, badge in (("Record a payment", "paid"), ("Mark as sent", "completed")):
        new.tab_to("summary")
        assert new.run("return document.activeElement.textContent") == act
        new.press(Keys.ENTER)
        new.tab_to("details[open] form button")
        new.press(Keys.ENTER)
        new.see(".badge", badge)
    assert new.faults_everywhere() == []

    for step in ("#/imports", "#/settings", "#/me"):
        new.visit(step)
        new.see("h1")
    assert new.run("return document.querySelectorAll('.notice.bad').length") == 0


def test_a_link_that_is_spent_says_so_and_nothing_typed_is_lost(new):
    link = new.run("return location.href")
    new.type("name", "Ada")
    new.type("email", "ada@kiosque.test")
    new.type("password", PASSWORD, Keys.ENTER)
    new.see("h1", "Hello, Ada")
    new.run("sessionStorage.clear()")
    new.driver.get("about:blank")

    new.driver.get(link)
    new.type("name", "Eve")
    new.type("email", "eve@kiosque.test")
    new.type("password", PASSWORD, Keys.ENTER)

    new.see(".notice.bad", "This link has been used or has expired.")
    assert new.value("name") == "Eve"
    assert new.faults_everywhere() == []
