"""Pictures arrive by choosing, dropping and pasting; each is described, found again, used and taken away."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

from tests.admin.handing import hand, png

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")


@pytest.fixture
def media(office):
    """The page of the pictures, of which there are none."""
    for one in office.demo.api("/v1/media", token=office.token)["data"]:
        office.erase(f"/v1/media/{one['id']}")
    office.visit("#/media")
    return office


def stored(office):
    return office.demo.api("/v1/media", token=office.token)["data"]


def test_by_keyboard_alone_a_picture_is_uploaded_described_found_and_deleted(media, tmp_path):
    (tmp_path / "boat.png").write_bytes(png("navy"))
    media.see(".empty", "No pictures yet.")
    assert media.faults_everywhere() == []

    media.see("input[type=file]").send_keys(str(tmp_path / "boat.png"))
    media.see(".uploads [name=alt]")
    media.until("return document.activeElement.name === 'alt'", "the description is not asked for")
    assert media.faults_everywhere() == []
    media.press("A blue boat", Keys.ENTER)
    media.said("Saved.")
    assert [(one["filename"], one["alt"]) for one in stored(media)] == [("boat.png", "A blue boat")]

    media.run("document.querySelector('h1').focus()")
    media.press("/", "boat", Keys.ENTER)
    media.wait_for(lambda: "q=boat" in media.driver.current_url, "nothing is sought")
    media.tab_to("a.tile")
    media.press(Keys.ENTER)
    media.see("h1", "boat.png")
    media.settled()
    assert media.faults_everywhere() == []

    media.tab_to("button.danger")
    media.press(Keys.ENTER)
    media.see("dialog", "Delete boat.png for good?")
    media.tab_to("dialog .danger")
    media.press(Keys.ENTER)
    media.see(".empty", "No pictures yet.")
    assert stored(media) == []


def test_several_files_are_sent_one_after_another_and_a_refusal_is_said_beside_its_file(media):
    hand(
        media,
        "drop",
        ("one.png", "image/png", png("red")),
        ("drawing.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("two.png", "image/png", png("green")),
    )

    media.wait_for(lambda: len(media.texts(".grid .tile")) == 2, "two pictures are not there")
    rows = media.texts(".uploads li")
    assert ["drawing.svg" in row and "This kind of file" in row for row in rows] == [False, True, False]
    assert media.faults() == []


def test_a_picture_is_pasted(media):
    hand(media, "paste", ("image.png", "image/png", png("black")), place="h1")

    media.see(".grid .tile", "image.png")
    assert len(stored(media)) == 1


def test_a_picture_that_is_used_is_not_deleted_and_its_uses_lead_there(media):
    hand(media, "drop", ("used.png", "image/png", png("white")))
    media.see(".grid .tile", "used.png")
    (one,) = stored(media)
    body = {"title": "With a picture", "body": "Look.", "image": {"media": one["id"]}}
    article = media.demo.api("/v1/articles", body, token=media.token)
    media.visit(f"#/media/{one['id']}")

    media.click("button.danger", "Delete")
    media.click("dialog .danger", "Delete")

    media.see("section.notice", "It cannot be deleted while it is used here:")
    assert media.see("section.notice a", "With a picture").get_attribute("href").endswith(f"/{article['id']}")
    assert media.faults() == []
    media.visit("#/media?shown=unused")
    media.see(".empty", "Nothing fits this search.")
    media.erase(f"/v1/articles/{article['id']}")


def test_the_picker_finds_and_gives_a_picture_and_the_focus_goes_back(media):
    hand(media, "drop", ("pier.png", "image/png", png("gray")))
    media.see(".grid .tile", "pier.png")
    media.run("""
      const { picker } = await import("/admin/js/picker.js");
      document.querySelector("#search-q").focus();
      picker((medium) => { globalThis.chosen = medium.filename; });""")
    media.see("dialog .tile", "pier.png")
    assert media.faults_everywhere() == []

    media.tab_to("dialog .tile")
    media.press(Keys.ENTER)

    media.until("return !document.querySelector('dialog')", "it stays open")
    assert media.run("return chosen") == "pier.png"
    assert media.run("return document.activeElement.id") == "search-q"


def test_escape_leaves_the_picker_with_nothing_chosen(media):
    media.run("""
      const { picker } = await import("/admin/js/picker.js");
      picker(() => { throw new Error("chosen"); });""")
    media.see("dialog h2", "Choose a picture")

    media.press(Keys.ESCAPE)

    media.until("return !document.querySelector('dialog')", "it stays open")
