"""Who comes in, what becomes of a session that ends, and what nobody loses by leaving."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")


def end_all_sessions(office):
    token = office.token
    office.demo.api("/v1/sessions/current", method="DELETE", token=token)


def test_by_keyboard_alone_the_owner_comes_in_and_reaches_every_area(door):
    door.tab_to("[name=email]")
    door.press(door.owner["email"], Keys.TAB, door.owner["password"], Keys.ENTER)

    door.see("h1", "Hello, ")
    assert door.run("return document.activeElement.matches('main, h1')")
    assert door.texts("header nav a")[:2] == ["Home", "Orders"]
    assert door.faults_everywhere() == []


def test_a_wrong_password_is_said_and_nothing_is_lost(door):
    door.type("email", door.owner["email"])
    door.type("password", "not-this-one-at-all", Keys.ENTER)

    door.see(".notice.bad", "Wrong e-mail or password.")
    assert door.value("email") == door.owner["email"]
    assert door.faults_everywhere() == []


def test_a_customer_sees_that_there_is_nothing_for_them(door):
    door.enter(**door.customer)
    door.driver.refresh()

    door.see("h1", "Hello, ")
    assert door.texts("header nav a") == ["Home"]
    door.visit("#/orders")
    door.see("h1", "Hello, ")


def test_a_session_that_has_ended_is_renewed_over_the_page_and_the_call_repeated(office):
    (one, *_) = office.demo.api("/v1/orders?limit=1", token=office.token)["data"]
    office.visit(f"#/orders/{one['id']}")
    office.type("staff_note", "Ask for the key at the harbour.")
    end_all_sessions(office)

    office.click("section button", "Save")
    office.see("dialog", "nothing is lost")
    assert office.faults() == []
    office.see("dialog [name=password]").send_keys(office.owner["password"], Keys.ENTER)

    office.said("Saved.")
    stored = office.demo.api(f"/v1/orders/{one['id']}", token=office.token)
    assert stored["staff_note"] == "Ask for the key at the harbour."


def test_leaving_a_changed_form_asks_and_stays_or_leaves(office):
    office.visit("#/me")
    office.type("name", "Maud of the Harbour")

    office.run("location.hash = '#/orders'")
    office.see("dialog", "Leave without saving?")
    office.click("dialog button", "Cancel")
    assert office.run("return location.hash") == "#/me"
    assert office.value("name") == "Maud of the Harbour"

    office.run("location.hash = '#/orders'")
    office.click("dialog button", "Leave")
    office.see("h1", "Orders")
    office.visit("#/me")
    assert office.value("name") != "Maud of the Harbour"


def test_what_was_typed_survives_a_reload_and_can_be_thrown_away(office):
    office.visit("#/me")
    before = office.value("name")
    office.type("name", "Half a name")
    office.until(
        "return Object.keys(localStorage).some((key) => key.startsWith('kiosque-draft'))", "no draft"
    )

    office.run("addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
    office.driver.refresh()
    office.see(".notice", "This is what you had typed")
    assert office.value("name") == "Half a name"
    assert office.faults_everywhere() == []

    office.click(".notice button", "Throw it away")
    office.until("return !document.querySelector('.notice')", "the notice stays")
    assert office.value("name") == before


def test_a_change_by_somebody_else_is_shown_with_both_texts_and_one_is_chosen(office):
    office.visit("#/me")
    office.type("name", "Mine")
    office.demo.api("/v1/me", {"name": "Theirs"}, method="PATCH", token=office.token)

    office.click("main form button", "Save")
    office.see("section.notice", "Somebody else has changed this meanwhile.")
    assert office.texts(".comparison pre") == ["Theirs", "Mine"]
    assert office.faults_everywhere() == []
    office.click("section.notice button", "Keep mine")

    office.said("Saved.")
    assert office.demo.api("/v1/me", token=office.token)["name"] == "Mine"


def test_the_address_has_the_filters_so_that_back_goes_back(office):
    office.visit("#/orders")
    rows = len(office.texts("tbody tr"))
    office.run("""const it = document.querySelector("#filter-payment_status"); it.value = "unpaid";
        it.dispatchEvent(new Event("change"))""")
    office.wait_for(lambda: 0 < len(office.texts("tbody tr")) < rows, "nothing is filtered")
    assert office.run("return location.hash") == "#/orders?payment_status=unpaid"

    office.driver.back()
    office.wait_for(lambda: len(office.texts("tbody tr")) == rows, "it is still filtered")
    assert office.run("return document.querySelector('#filter-payment_status').value") == ""


def test_it_speaks_french(office):
    office.click("header button", "Français")

    office.see("h1", "Bonjour, ")
    assert office.run("return document.documentElement.lang") == "fr"
    assert office.faults() == []
