"""Accounts are found, given a role, kept out and let in again; their sessions and keys end."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")

PASSWORD = "seven-grey-gulls-7"


@pytest.fixture
def ines(office):
    """A new customer, who is logged in somewhere; her page is open."""
    email = office.demo.sign_up(PASSWORD)
    office.demo.api("/v1/sessions", {"email": email, "password": PASSWORD})
    one = office.demo.account(email)
    office.visit(f"#/accounts/{one['id']}")
    office.see("h1", "Ines")
    office.settled()
    return one


def test_by_keyboard_alone_an_account_is_found_and_gets_a_role(office):
    email = office.demo.sign_up(PASSWORD)
    office.visit("#/accounts")
    assert office.faults_everywhere() == []

    office.press("/", email, Keys.ENTER)
    office.wait_for(lambda: office.texts("tbody th") == ["Ines"], "she is not found")
    office.tab_to("tbody a.row")
    office.press(Keys.ENTER)
    office.see("h1", "Ines")
    office.tab_to("[name=role]")
    office.press("author")
    office.tab_to("main form button")
    office.press(Keys.ENTER)

    office.said("Saved.")
    assert office.run("return document.activeElement !== document.body")
    assert office.demo.account(email)["role"] == "author"
    assert office.faults_everywhere() == []


def test_who_is_suspended_is_out_at_once_until_admitted_again(office, ines):
    office.click("main button", "Suspend")
    office.said("Done.")
    office.see(".badge.suspended")
    office.see("section .empty")
    assert office.faults_everywhere() == []
    assert office.demo.account(ines["email"])["status"] == "suspended"

    office.click("main button", "Admit again")
    office.see(".badge.active")
    assert office.demo.account(ines["email"])["status"] == "active"


def test_a_session_of_theirs_is_ended(office, ines):
    before = len(office.texts("tbody tr"))

    office.click("tbody button", "End it")

    office.said("Done.")
    office.wait_for(lambda: len(office.texts("tbody tr")) == before - 1, "it is still there")
    assert office.run("return document.activeElement !== document.body")


def test_erasing_asks_first_and_leads_back_to_the_list(office, ines):
    office.click("main button", "Erase")
    office.see("dialog", "Erase Ines for good?")
    assert office.faults() == []
    office.click("dialog button", "Cancel")
    assert office.demo.account(ines["email"])["id"] == ines["id"]

    office.click("main button", "Erase")
    office.click("dialog button.danger")

    office.said("The account is erased.")
    assert office.run("return location.hash") == "#/accounts"
    assert office.demo.api(f"/v1/accounts?email={ines['email']}", token=office.token)["data"] == []


def test_the_only_owner_stays_one(office):
    one = office.demo.account(office.owner["email"])
    office.visit(f"#/accounts/{one['id']}")
    office.tab_to("[name=role]")
    office.press("customer")
    office.click("main form button", "Save")

    office.see(".notice.bad", "You are the only owner")
    assert office.faults_everywhere() == []
