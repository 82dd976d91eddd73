"""What is typed at the desk is saved, and none of it is ever lost."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

from tests.admin.desk import control, new_draft, stored, write_at

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")

IMPATIENT = """
    const waits = setTimeout;
    globalThis.setTimeout = (run, after, ...rest) => waits(run, after > 3000 ? 1 : after, ...rest);
"""
HELD = """
    const sends = fetch;
    globalThis.fetch = async (path, options) => {
      const isFirst = options.method === "PATCH" && !globalThis.letGo;
      if (isFirst) await new Promise((go) => { globalThis.letGo = go; });
      return sends(path, options);
    };
"""


@pytest.fixture
def draft(office):
    return new_draft(office)


def test_only_what_was_changed_is_sent(office):
    text = "One\r\n\r\nTwo"
    one = office.demo.api("/v1/articles", {"title": "Lines", "body": text}, token=office.token)
    office.visit(f"#/articles/{one['id']}")

    office.type("excerpt", "Short.")
    control(office, "s")

    office.said("Saved.")
    assert (stored(office, one)["body"], stored(office, one)["excerpt"]) == (text, "Short.")


def test_a_draft_is_saved_by_itself_and_what_is_published_is_not(office, draft):
    office.run(IMPATIENT)
    write_at(office, 0, "Look: ")
    office.wait_for(lambda: stored(office, draft)["body"].startswith("Look: "), "the draft is not saved")
    office.click("button.strong", "Publish")
    office.said("Published on ")

    write_at(office, 0, "**Again.** ")

    office.see(".preview strong", "Again.")
    office.see(".badges small", "Not saved yet")
    assert stored(office, draft)["body"].startswith("Look: ")


def test_what_is_typed_while_it_is_being_saved_stays_and_is_saved_next(office, draft):
    office.run(HELD)
    write_at(office, 0, "First. ")
    control(office, "s")
    office.until("return Boolean(globalThis.letGo)", "it is not sent")
    write_at(office, 0, "Second. ")
    office.run("letGo()")
    office.said("Saved.")

    assert stored(office, draft)["body"].startswith("First. The sea")
    assert office.value("body").startswith("Second. First. The sea")
    control(office, "s")
    office.wait_for(lambda: stored(office, draft)["body"].startswith("Second. First. "), "the rest is lost")


def test_a_text_survives_that_the_tab_is_loaded_anew_and_can_be_thrown_away(office):
    office.visit("#/articles/new")
    office.type("title", "Half a title")
    office.type("body", "Half a *text*")
    office.until(
        "return Object.values(localStorage).some((one) => one.includes('Half a *text*'))", "no draft"
    )

    office.run("addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
    office.driver.refresh()

    office.see(".notice", "This is what you had typed")
    assert (office.value("title"), office.value("body")) == ("Half a title", "Half a *text*")
    office.see(".preview em", "text")
    assert office.faults() == []
    office.click(".notice button", "Throw it away")
    office.until("return !document.querySelector('.notice')", "the notice stays")
    assert (office.value("title"), office.value("body")) == ("", "")


def test_a_session_that_ends_while_one_writes_loses_nothing(office, draft):
    write_at(office, 0, "Still here. ")
    office.erase("/v1/sessions/current")
    write_at(office, 0, "And here. ")

    office.see(".preview .wrong", "Your session has ended.")
    assert office.driver.find_elements("css selector", "dialog") == []  # it would take the keys
    office.click(".writing > .actions button", "Save")
    office.see("dialog", "nothing is lost")
    assert office.faults() == []
    office.see("dialog [name=password]").send_keys(office.owner["password"], Keys.ENTER)

    office.said("Saved.")
    assert office.value("body").startswith("And here. Still here. The sea comes.")
    assert stored(office, draft)["body"].startswith("And here. Still here. The sea comes.")


def test_a_change_by_somebody_else_is_shown_beside_ones_own(office, draft):
    write_at(office, 0, "Mine. ")
    office.demo.api(f"/v1/articles/{draft['id']}", {"body": "Theirs."}, method="PATCH", token=office.token)

    control(office, "s")
    office.see("section.notice", "Somebody else has changed this meanwhile.")
    assert office.texts(".comparison pre") == ["Theirs.", "Mine. The sea comes.\n\nThe sea goes."]
    assert office.faults_everywhere() == []
    office.click("section.notice button", "Take theirs")

    office.until("return !document.querySelector('section.notice')", "the notice stays")
    assert office.value("body") == "Theirs."
