"""One's own account: names, passwords, a second factor, sessions, and keys that are shown once."""

from __future__ import annotations

import base64

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from api import times
from api.accounts.second_factors import totp
from tests.admin.handing import answers_are_lost

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")

PASSWORD = "seven-grey-gulls-7"


@pytest.fixture
def clerk(door):
    """A new shopkeeper at her own page."""
    email = door.demo.sign_up(PASSWORD)
    one = door.demo.account(email)
    path = f"/v1/accounts/{one['id']}"
    door.demo.api(path, {"role": "shopkeeper"}, method="PATCH", token=door.demo.owner)
    door.enter(email, PASSWORD)
    door.driver.refresh()
    door.see("header nav")
    door.visit("#/me")
    door.see("main [name=name]")
    door.settled()
    return email


def logged_in(door, email, code=None):
    door.click("header button", "Log out")
    door.type("email", email)
    door.type("password", PASSWORD, Keys.ENTER)
    if code:
        door.see("[name=code]")
        assert door.run("return document.activeElement.name") == "code"
        assert door.faults_everywhere() == []
        door.press(code, Keys.ENTER)
    door.see("h1", "Hello, ")


def test_by_keyboard_alone_a_second_factor_is_added_used_and_removed(door, clerk):
    assert door.faults_everywhere() == []
    door.tab_to("section [name=password]")
    door.press(PASSWORD, Keys.ENTER)
    door.see(".qr")
    assert door.run("return document.activeElement.name") == "code"
    assert door.faults_everywhere() == []

    secret = base64.b32decode(door.see("section code").text.replace(" ", ""))
    step = totp.step_at(times.now())
    door.press(totp.code_at(secret, step), Keys.ENTER)
    door.said("The second factor is on.")
    assert len(door.texts(".codes li")) == 10
    assert door.faults_everywhere() == []
    recovery = door.texts(".codes li")[0]
    door.click("section button", "I have stored them")
    door.see("section p", "It is on.")

    logged_in(door, clerk, totp.code_at(secret, step + 1))
    logged_in(door, clerk, recovery)
    door.visit("#/me")
    door.see("section p", "9 recovery codes are left")
    assert door.faults_everywhere() == []

    door.tab_to("section .danger")
    door.press(Keys.ENTER)
    door.said("The second factor is removed.")
    logged_in(door, clerk)


def test_a_key_is_shown_once_and_works_until_it_ends(door, clerk):
    door.click("summary", "Make a key")
    field = door.see("details[open] [name=name]")
    field.send_keys("Till")
    door.click("details[open] label.tick", "orders:read")
    assert door.faults_everywhere() == []
    button = door.see("details[open] form button")
    webdriver.ActionChains(door.driver).double_click(button).perform()

    door.said("The key is made.")
    secret = door.see(".notice code").text
    assert door.demo.api("/v1/orders?limit=1", token=secret)["data"]
    keys = door.demo.api("/v1/api-keys", token=door.token)["data"]
    assert [(one["name"], one["scopes"]) for one in keys] == [("Till", ["orders:read"])]
    assert door.faults_everywhere() == []

    door.click(".notice button", "I have stored it")
    door.until("return !document.querySelector('main').innerText.includes('Copy it now')", "it stays")
    assert secret not in door.run("return document.body.innerHTML")
    door.click("tbody button", "Delete")
    door.said("The key has ended.")
    assert door.run("return document.activeElement !== document.body")
    assert door.demo.api("/v1/api-keys", token=door.token)["data"] == []


def test_a_password_is_changed_and_other_sessions_end(door, clerk):
    door.demo.api("/v1/sessions", {"email": clerk, "password": PASSWORD})
    door.click("summary", "Change my password")
    door.type("current", "not-this-one-at-all")
    door.type("new", "a-lamp-by-the-quay-3", Keys.ENTER)
    door.see("details[open] .wrong, details[open] .notice.bad", "This is not your password.")
    assert door.value("new") == "a-lamp-by-the-quay-3"
    assert door.faults_everywhere() == []

    door.type("current", PASSWORD, Keys.ENTER)

    door.said("The password is changed.")
    door.demo.api("/v1/sessions", {"email": clerk, "password": "a-lamp-by-the-quay-3"})
    door.wait_for(lambda: len(door.texts("tbody tr")) == 1, "other sessions are still shown")


def test_another_session_is_ended(door, clerk):
    door.demo.api("/v1/sessions", {"email": clerk, "password": PASSWORD})
    door.driver.refresh()
    door.wait_for(lambda: len(door.texts("tbody tr")) > 1, "it is not shown")
    before = len(door.texts("tbody tr"))

    door.click("tbody button", "End it")

    door.said("The session has ended.")
    door.wait_for(lambda: len(door.texts("tbody tr")) == before - 1, "it is still shown")


def test_a_new_email_waits_for_its_link(door, clerk):
    door.click("summary", "Change my e-mail")
    door.type("email", f"new-{clerk}")
    door.type("current_password", PASSWORD, Keys.ENTER)

    door.said("A link was sent to the new address.")
    door.see("dd", f"new-{clerk}")
    assert door.faults_everywhere() == []


def test_a_name_is_saved_by_a_repeat_after_a_lost_answer(door, clerk):
    door.type("name", "Ines of the Quay")
    answers_are_lost(door)
    door.click("main form button", "Save")
    door.see(".notice.bad", "No answer from the server.")
    assert door.value("name") == "Ines of the Quay"

    door.click("main form button", "Save")

    door.see("section.notice, .said", "")
    assert door.demo.account(clerk)["name"] == "Ines of the Quay"
