"""The log: events, mails as they looked, jobs and the audit, each as the role permits."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")


def test_by_keyboard_alone_the_owner_reads_what_happened_and_follows_it_to_its_order(office):
    order = office.order()
    office.visit("#/log")
    office.see("tbody th", "order paid")
    assert office.faults_everywhere() == []

    office.tab_to("tbody td a[href^='#/orders/']")
    office.press(Keys.ENTER)

    office.see("h1", f"№ {order['number']}")


@pytest.mark.parametrize("name", ["mails", "jobs", "audit"])
def test_every_list_has_a_page_without_a_fault(office, name):
    office.visit("#/log")
    office.click(".tabs a", {"mails": "Mails", "jobs": "Jobs", "audit": "Audit"}[name])

    office.see(f".tabs a[href$={name}][aria-current]")
    office.settled()
    assert office.faults_everywhere() == []


def test_a_mail_is_read_as_it_looked(office):
    order = office.order()
    office.demo.mailed("receipt", "nour@kiosque.test")
    office.visit("#/log?list=mails")
    office.tab_to("tbody button")
    office.press(Keys.ENTER)

    office.see("dialog pre", f"{order['number']}")
    assert office.faults() == []
    office.press(Keys.ESCAPE)
    office.until("return !document.querySelector('dialog')", "the mail stays")
    assert office.run("return document.activeElement.matches('tbody button')")


def test_events_lead_back_page_by_page_and_forward_again(office):
    office.visit("#/log")
    newest = office.texts("tbody tr")
    office.tab_to("nav.pages a")
    office.press(Keys.ENTER)
    office.wait_for(lambda: office.texts("tbody tr") not in ([], newest), "no older events")
    office.driver.back()
    office.wait_for(lambda: office.texts("tbody tr")[:1] == newest[:1], "Back does not lead back")


def test_the_audit_says_from_where_and_is_filtered_by_what(office):
    office.visit("#/log?list=audit")
    office.run("""const it = document.querySelector("#filter-kind"); it.value = "settings";
        it.dispatchEvent(new Event("change"))""")

    office.wait_for(lambda: set(office.texts("tbody th")) == {"settings"}, "nothing is filtered")
    assert office.run("return location.hash") == "#/log?list=audit&kind=settings"


def test_an_editor_sees_no_audit(door):
    door.enter("editor@kiosque.test", "red-pencil-at-noon")
    door.driver.refresh()
    door.see("h1", "Hello, ")
    door.settled()

    assert "Settings" not in door.texts("header nav a")
    door.visit("#/log?list=audit")
    assert "Audit" not in door.texts(".tabs a")
