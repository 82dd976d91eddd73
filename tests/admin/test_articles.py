"""An article is written, shown as it will be, filed, published, found again, and none of it is ever lost."""

from __future__ import annotations

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from tests.admin.handing import hand, png

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
AUTHOR = {"email": "author@kiosque.test", "password": "seventeen-fogs-17"}


@pytest.fixture
def draft(office):
    """A draft, open at the desk."""
    body = {"title": "Tides", "body": "The sea comes.\n\nThe sea goes.", "tags": ["sea, salt"]}
    one = office.demo.api("/v1/articles", body, token=office.token)
    office.visit(f"#/articles/{one['id']}")
    office.see("[name=body]")
    return one


def stored(office, one):
    return office.demo.api(f"/v1/articles/{one['id']}", token=office.token)


def write_at(office, position, text):
    office.run(
        "const it = document.querySelector('[name=body]'); it.focus(); it.setSelectionRange(...arguments[0])",
        [position, position],
    )
    office.press(text)


def control(office, key):
    keys = webdriver.ActionChains(office.driver)
    keys.key_down(Keys.CONTROL).send_keys(key).key_up(Keys.CONTROL).perform()


def test_by_keyboard_alone_an_article_is_written_and_published(office):
    office.visit("#/articles")
    assert office.faults_everywhere() == []
    office.tab_to("a[href='#/articles/new']")
    office.press(Keys.ENTER)
    office.see("[name=body]")
    assert office.faults_everywhere() == []

    office.tab_to("[name=title]")
    office.press("Low water")
    office.tab_to("[name=body]")
    office.press("It is ")
    control(office, "b")
    office.press("very")
    office.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, " low.")
    office.see(".preview strong", "very")
    control(office, "s")
    office.said("Saved.")
    assert office.run("return document.activeElement.name") == "body"
    office.tab_to("button.strong")
    office.press(Keys.ENTER)

    office.said("Published on ")
    assert office.run("return document.activeElement.matches('h1')")
    assert office.faults_everywhere() == []
    slug = office.value("slug")
    public = office.demo.api(f"/v1/articles/{slug}")
    assert (public["title"], slug) == ("Low water", "low-water")
    assert "<strong>very</strong>" in public["body_html"]


def test_the_preview_arrives_while_the_caret_is_in_the_middle_of_the_text(office, draft):
    write_at(office, len("The sea comes"), " *in*")

    office.see(".preview em", "in")

    assert office.value("body") == "The sea comes *in*.\n\nThe sea goes."
    assert office.run("return document.activeElement.selectionStart") == len("The sea comes *in*")
    office.press("!")
    assert office.value("body") == "The sea comes *in*!.\n\nThe sea goes."


def test_marks_go_around_what_is_selected_and_undo_takes_them_back(office, draft):
    select = "const it = document.querySelector('[name=body]'); it.focus(); it.setSelectionRange(4, 7)"
    office.run(select)
    control(office, "i")
    assert office.value("body").startswith("The *sea* comes.")
    control(office, "i")
    assert office.value("body").startswith("The sea comes.")

    control(office, "k")
    assert office.value("body").startswith("The [sea](https://) comes.")
    assert office.run("return String(getSelection())") == "https://"
    for _ in range(3):
        control(office, "z")
    assert office.value("body").startswith("The sea comes.")


def test_a_text_in_html_stays_html_and_gets_marks_of_html(office):
    body = {"title": "Old", "body": "<p>Old text</p>\r\n<!--more-->", "format": "html"}
    one = office.demo.api("/v1/articles", body, token=office.token)
    office.visit(f"#/articles/{one['id']}")
    write_at(office, 3, "")
    control(office, "b")
    assert office.value("body").startswith("<p><strong></strong>Old text</p>")

    office.type("body", "<p>New</p>")
    control(office, "s")

    office.said("Saved.")
    assert (stored(office, one)["body"], stored(office, one)["format"]) == ("<p>New</p>", "html")


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


def test_an_article_waits_for_its_time_and_goes_back_to_being_a_draft(office, draft):
    office.click("summary", "Choose the day and the hour")
    office.run("""const it = document.querySelector('[name=publish_at]'); it.value = '2087-03-01T09:30';
        it.dispatchEvent(new Event('input', {bubbles: true}))""")
    office.click("details button", "Choose the day and the hour")
    office.said("It will be published on ")
    assert stored(office, draft)["status"] == "scheduled"

    office.click("section button", "Back to draft")
    office.said("It is a draft again.")
    assert stored(office, draft)["status"] == "draft"


def test_tags_are_ticked_and_added_and_a_name_may_have_a_comma(office, draft):
    office.type("tags", "winter", Keys.ENTER)
    office.see(".names label", "winter")
    control(office, "s")
    office.said("Saved.")
    assert {one["name"] for one in stored(office, draft)["tags"]} == {"sea, salt", "winter"}

    office.click(".names label", "sea, salt")
    control(office, "s")
    office.wait_for(
        lambda: [one["name"] for one in stored(office, draft)["tags"]] == ["winter"], "it has both still"
    )


def test_a_pasted_picture_is_uploaded_described_and_stands_in_the_text(office, draft):
    write_at(office, 0, "")
    hand(office, "paste", ("image.png", "image/png", png("teal")), place="[name=body]")
    office.see("dialog .uploads [name=alt]").send_keys("A [teal] sea", Keys.ENTER)

    office.see(".preview img")
    assert office.value("body").startswith("![A \\[teal\\] sea](http")
    assert office.run("return document.activeElement.name") == "body"


def test_a_picture_for_the_top_is_picked_and_taken_away(office, draft):
    office.click("fieldset button", "Choose a picture")
    hand(office, "drop", ("top.png", "image/png", png("olive")), place="dialog .uploads")
    office.see("dialog .uploads [name=alt]").send_keys("Olives", Keys.ENTER)
    office.see("fieldset img")
    control(office, "s")
    office.said("Saved.")
    assert stored(office, draft)["image"]["alt"] == "Olives"

    office.click("fieldset button", "Without a picture")
    office.click(".writing > .actions button", "Save")
    office.wait_for(lambda: stored(office, draft)["image"] is None, "the picture stays")


def test_ticked_articles_are_published_and_deleted_together(office):
    for number in (1, 2):
        body = {"title": f"Together {number}", "body": "A text of nothing but xylophones."}
        office.demo.api("/v1/articles", body, token=office.token)
    office.visit("#/articles?q=xylophones")
    office.run("document.querySelector('h1').focus()")
    office.press("j", "x", "j", "x")
    office.see(".bulk", "2 ticked:")
    assert office.faults_everywhere() == []

    office.click(".bulk button", "Publish")
    office.said("Done: 2.")
    assert office.texts("td .badge") == ["published", "published"]

    office.click(".bulk button", "Tick all or none")
    office.click(".bulk button.danger", "Delete")
    office.click("dialog .danger", "Delete")
    office.see(".empty", "Nothing fits.")


def test_nothing_that_was_written_runs(office):
    hostile = "<img src=/nothing onerror=document.title='run'><script>document.title='run'</script>"
    body = {"title": hostile, "body": hostile, "format": "html", "tags": ["<b>bold</b>"], "excerpt": hostile}
    one = office.demo.api("/v1/articles", body, token=office.token)

    office.visit("#/articles?status=draft")
    office.see("tbody th", "<script>")
    office.visit(f"#/articles/{one['id']}")
    office.see(".names label", "<b>bold</b>")
    write_at(office, 0, "<em>Drawn</em> ")
    office.see(".preview em", "Drawn")

    assert office.run("return document.querySelectorAll('main script, main [onerror]').length") == 0
    office.erase(f"/v1/articles/{one['id']}")


def test_an_author_sees_what_is_their_own(door):
    door.enter(**AUTHOR)
    door.driver.refresh()
    door.visit("#/articles")

    assert set(door.texts("td[data-label=Authors]")) == {"Solène Arzur"}
    door.visit("#/articles/new")
    door.see("[name=tags]")
    assert door.texts("[name=authors]") == []
