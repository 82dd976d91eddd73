"""An article is written, shown as it will be, filed, published, and found again."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

from tests.admin.desk import control, new_draft, stored, write_at
from tests.admin.handing import hand, png

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")

AUTHOR = {"email": "author@kiosque.test", "password": "seventeen-fogs-17"}


@pytest.fixture
def draft(office):
    return new_draft(office)


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
