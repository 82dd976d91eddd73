"""Comments that wait are decided one after another, from the keyboard or many at once."""

from __future__ import annotations

import pytest

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")


@pytest.fixture
def queue(office):
    """The queue, with three comments that wait on one article."""
    article = {"title": "Gulls", "body": "They know."}
    office.one = office.demo.api("/v1/articles", article, token=office.token)
    slug = office.one["slug"]
    office.demo.api(f"/v1/articles/{slug}/publication", {}, method="PUT", token=office.token)
    for one in waiting(office):
        office.erase(f"/v1/comments/{one['id']}")
    token = office.demo.api("/v1/sessions", office.customer)["token"]
    for body in ("Oldest", "Between", "*Newest* <https://gull.test>"):
        office.demo.api(f"/v1/articles/{slug}/comments", {"body": body}, token=token)
    office.visit("#/comments")
    yield office
    office.erase(f"/v1/articles/{office.one['id']}")


def waiting(office):
    return office.demo.api("/v1/comments?status=pending", token=office.token)["data"]


def of_article(office):
    found = office.demo.api(f"/v1/comments?article={office.one['id']}", token=office.token)["data"]
    return [(one["body"].split()[0].strip("*"), one["status"]) for one in found]


def test_by_keyboard_alone_comments_are_approved_and_marked_as_spam_one_after_another(queue):
    assert queue.faults_everywhere() == []
    assert queue.texts("td.prose em") == ["Newest"]
    assert queue.see("td a", "Gulls").get_attribute("href").endswith(f"#/articles/{queue.one['id']}")

    queue.press("j", "j", "k", "a")
    queue.said("Approved.")
    queue.until("return document.activeElement.matches('tbody tr:first-child .row')", "the focus is lost")
    queue.press("s")
    queue.said("Marked as spam.")
    queue.until("return document.activeElement.matches('tbody tr:first-child .row')", "the focus is lost")
    queue.press("t")

    queue.see(".empty", "No comment waits.")
    assert queue.run("return document.activeElement.matches('h1')")
    assert queue.faults_everywhere() == []
    assert of_article(queue) == [("Newest", "approved"), ("Between", "spam"), ("Oldest", "trash")]


def test_ticked_comments_are_decided_together(queue):
    queue.click(".bulk button", "Tick all or none")
    queue.click(".bulk button", "Spam")
    queue.said("Done: 3.")

    assert {status for _, status in of_article(queue)} == {"spam"}


def test_those_of_one_article_are_found_by_its_address_and_deleted_for_good(queue):
    queue.click(".bulk button", "Tick all or none")
    queue.click(".bulk button", "Bin")
    queue.said("Done: 3.")
    queue.visit(f"#/comments?status=trash&article={queue.one['id']}")
    queue.see(".actions", "Only those on “Gulls”.")

    queue.click("button.danger", "Delete")
    queue.click("dialog .danger", "Delete")
    queue.said("Deleted.")

    assert len(of_article(queue)) == 2


def test_an_author_decides_about_comments_on_their_own_articles(door):
    door.enter("author@kiosque.test", "seventeen-fogs-17")
    door.driver.refresh()
    door.visit("#/comments?status=approved")

    links = door.run("return [...document.querySelectorAll('td[data-label=On] a')].map((one) => one.hash)")
    mine = door.demo.api("/v1/articles?status=all&limit=100", token=door.token)["data"]
    assert links
    assert set(links) <= {f"#/articles/{one['id']}" for one in mine}
