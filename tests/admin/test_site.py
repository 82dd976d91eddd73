"""Tags and categories get other names, are merged and deleted; old addresses lead to new ones."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")


@pytest.fixture
def site(office):
    """Two articles, of which each has a tag of its own."""
    for tag in ("Ferries", "Boats"):
        body = {"title": f"Of {tag}", "body": "Text.", "tags": [tag]}
        made = office.demo.api("/v1/articles", body, token=office.token)
        office.demo.api(f"/v1/articles/{made['slug']}/publication", {}, method="PUT", token=office.token)
        office.made = [*getattr(office, "made", []), made]
    office.visit("#/site")
    yield office
    for made in office.made:
        office.erase(f"/v1/articles/{made['id']}")


def tags(office, article):
    return [one["name"] for one in office.demo.api(f"/v1/articles/{article['slug']}")["tags"]]


def change(office, name):
    row = f"//tr[th[normalize-space()='{name}']]//button"
    office.wait_for(lambda: office.driver.find_elements("xpath", row), f"no {name}")[0].click()
    office.see("dialog h2", name)


def test_a_tag_gets_another_name_and_what_has_it_shows_that(site):
    assert site.faults_everywhere() == []
    change(site, "Ferries")
    assert site.faults_everywhere() == []

    site.type("name", "Night ferries", Keys.ENTER)

    site.said("Saved.")
    site.see("tbody th", "Night ferries")
    assert tags(site, site.made[0]) == ["Night ferries"]


def test_a_tag_in_use_goes_only_with_another_in_its_stead(site):
    change(site, "Boats")
    site.click("dialog button", "Delete")
    site.see("dialog .notice.bad", "It is still in use.")
    assert site.faults() == []

    site.until("return document.querySelector('dialog [name=into]').length > 1", "no tag is offered")
    site.run("document.querySelector('dialog [name=into]').value = 'winter'")
    site.click("dialog button", "Delete")

    site.said("Merged.")
    assert tags(site, site.made[1]) == ["winter"]


def test_by_keyboard_alone_an_old_address_leads_to_a_new_one_and_no_more(office):
    office.visit("#/site?list=redirects")
    office.see(".empty", "No redirects.")
    assert office.faults_everywhere() == []

    office.tab_to("summary")
    office.press(Keys.ENTER)
    office.tab_to("[name=from]")
    office.press("/2019/fog/", Keys.TAB, "/article/?slug=seventeen-words-for-fog", Keys.ENTER)
    office.said("The old address leads to the new one.")
    office.see("tbody th", "/2019/fog")
    assert office.faults_everywhere() == []

    office.tab_to("td button.danger")
    office.press(Keys.ENTER)
    office.see("dialog", "Delete the redirect of /2019/fog?")
    office.tab_to("dialog .danger")
    office.press(Keys.ENTER)
    office.see(".empty", "No redirects.")


def test_an_address_that_cannot_be_one_is_refused_beside_its_field(office):
    office.visit("#/site?list=redirects")
    office.click("summary", "New redirect")
    office.see("main form [name=from]").send_keys("2019")
    office.see("[name=to]").send_keys("/", Keys.ENTER)

    office.see(".field .wrong")
    assert office.run("return document.activeElement.name") == "from"


def test_a_shopkeeper_orders_the_tags_of_items_alone(door):
    door.enter("shopkeeper@kiosque.test", "ledger-and-twine-9")
    door.driver.refresh()
    door.visit("#/site")

    assert door.texts(".tabs a") == ["Tags", "Categories"]
    assert "Ferries" not in door.texts("tbody th")
