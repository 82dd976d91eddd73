"""Webhooks are added with a secret that is shown once, tried, and told again what happened."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from tests.webhooks.conftest import Receiver, start

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")

__all__ = ["start"]
BROKEN = b"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(scope="module")
def demo_settings():
    return {"KIOSQUE_WEBHOOK_INSIDE": "127.0.0.1"}


@pytest.fixture
def receiver(office, start) -> Iterator[Receiver]:
    """A program that hears of events; its webhooks end with it."""
    yield start()
    for one in webhooks(office):
        office.erase(f"/v1/webhooks/{one['id']}")


@pytest.fixture
def webhook(office, receiver):
    """The page of a webhook that hears of articles."""
    body = {"url": receiver.url(), "events": ["article.created"], "description": "Newsletter"}
    one = office.demo.api("/v1/webhooks", body, token=office.token)
    office.visit(f"#/webhooks/{one['id']}")
    office.see("h1", "Newsletter")
    office.settled()
    return one


def webhooks(office):
    return office.demo.api("/v1/webhooks", token=office.token)["data"]


def deliveries(office, one, count, state="delivered"):
    """Wait until there are so many, newest first."""
    path = f"/v1/webhooks/{one['id']}/deliveries?state={state}"

    def found():
        data = office.demo.api(path, token=office.token)["data"]
        return data if len(data) == count else None

    return office.wait_for(found, f"there are not {count} deliveries")


def test_by_keyboard_alone_a_webhook_is_added_tried_and_removed(office, receiver):
    office.visit("#/webhooks")
    assert office.faults_everywhere() == []
    office.tab_to("summary")
    office.press(Keys.ENTER, Keys.TAB, receiver.url(), Keys.TAB)
    office.press(Keys.END, Keys.BACKSPACE, "order.paid", Keys.TAB, "Till", Keys.ENTER)

    office.see("dialog code")
    (one,) = webhooks(office)
    assert (one["events"], one["description"]) == (["order.paid"], "Till")
    assert office.faults() == []
    office.press(Keys.ESCAPE)
    office.until("return !document.querySelector('dialog')", "the secret stays")
    office.said("The webhook is there.")

    office.tab_to("tbody a.row")
    office.press(Keys.ENTER)
    office.see("h1", "Till")
    office.settled()
    office.tab_to("main .actions .quiet")
    office.press(Keys.ENTER)
    office.said("It arrived after ")
    assert len(receiver.taken) == 1
    assert office.faults_everywhere() == []

    office.tab_to("main .actions .danger")
    office.press(Keys.ENTER)
    office.see("dialog", "Delete this webhook")
    office.tab_to("dialog .danger")
    office.press(Keys.ENTER)
    office.said("Done.")
    assert webhooks(office) == []
    assert office.run("return location.hash") == "#/webhooks"


def test_a_wrong_address_is_refused_beside_its_field(office):
    office.visit("#/webhooks")
    office.click("summary", "Add a webhook")
    office.type("url", "ftp://nowhere.test", Keys.ENTER)

    office.see(".wrong")
    assert office.run("return document.activeElement.name") == "url"
    assert office.value("url") == "ftp://nowhere.test"
    assert office.faults_everywhere() == []


def test_a_double_click_makes_one_webhook(office, receiver):
    office.visit("#/webhooks")
    office.click("summary", "Add a webhook")
    office.type("url", receiver.url())
    button = office.see("form button", "Add a webhook")
    webdriver.ActionChains(office.driver).double_click(button).perform()

    office.see("dialog code")
    assert len(webhooks(office)) == 1


def test_a_test_that_does_not_arrive_says_why(office, receiver, webhook):
    receiver.answer = BROKEN

    office.click("main button", "Send a test")

    office.said("It did not arrive: 500")
    assert office.faults_everywhere() == []


def test_a_new_secret_is_shown_once_and_an_end_asks(office, webhook):
    office.click("main button", "New secret")
    secret = office.see("dialog code").text
    office.click("dialog button", "Close")
    office.until("return !document.querySelector('dialog')", "the secret stays")

    assert secret
    assert secret not in office.run("return document.body.innerHTML")
    assert office.run("return document.activeElement !== document.body")


def test_a_delivery_is_read_and_sent_again_and_what_happened_is_replayed(office, receiver, webhook):
    office.demo.api("/v1/articles", {"title": "Tide table", "body": "High at six."}, token=office.token)
    deliveries(office, webhook, 1)
    office.driver.refresh()
    office.see("tbody .badge", "delivered")
    assert office.faults_everywhere() == []

    office.click("tbody button", "Send again")
    office.said("Done.")
    office.wait_for(lambda: len(receiver.taken) == 2, "it is not sent again")

    office.click("summary", "Deliver again")
    since = "const it = document.querySelector('[name=since]'); it.value = '2026-01-01T00:00'"
    office.run(f"{since}; it.dispatchEvent(new Event('input', {{bubbles: true}}))")
    office.click("details button", "Deliver again")
    office.said("events are delivered again.")
    office.wait_for(lambda: len(receiver.taken) > 2, "nothing is replayed")
    assert office.faults_everywhere() == []


def test_it_is_switched_off_and_on(office, webhook):
    office.click("main button", "Switch off")
    office.see(".badge.disabled")
    assert [one["status"] for one in webhooks(office)] == ["disabled"]
    assert office.faults_everywhere() == []

    office.click("main button", "Switch on")
    office.see(".badge.active")
    assert [one["status"] for one in webhooks(office)] == ["active"]
