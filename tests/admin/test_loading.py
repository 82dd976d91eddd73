"""What the office loads: little at first, an area when it is opened, and never at the cost of a text."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")

FILES = Path("api/admin/static").absolute()
LARGEST = 60_000
PATIENT = """
    const waits = setTimeout;
    globalThis.setTimeout = (run, after, ...rest) => (after === 300 ? 0 : waits(run, after, ...rest));
"""
HELD = """
    const sends = fetch;
    globalThis.fetch = async (path, options) => {
      if (path.startsWith("/v1/media")) await new Promise((go) => { globalThis.letGo = go; });
      return sends(path, options);
    };
"""
LOADED = "return performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)"


@pytest.fixture
def cut_off(office):
    """The office, for which the module of the pictures is not to be had."""
    office.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/areas/media.js*"]})
    yield office
    assert all("media.js" in line for line in office.complaints())
    office.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})


def test_the_first_page_loads_little_and_no_other_area(office):
    paths = {path.removeprefix("/admin/") for path in office.run(LOADED) if path.startswith("/admin/")}

    sizes = [len(gzip.compress((FILES / path).read_bytes(), 9)) for path in paths | {"index.html"}]
    assert sum(sizes) < LARGEST
    assert {path for path in paths if "areas/" in path} == {"js/areas/home.js", "js/areas/setup.js"}
    assert {path for path in paths if "words/" in path} == {"js/words/en.js"}


def test_an_area_that_cannot_be_loaded_leaves_the_page_and_its_text_and_is_tried_again(cut_off):
    cut_off.visit("#/me")
    cut_off.type("name", "Maud of the Mole")
    cut_off.click("header nav a", "Media")
    cut_off.said("“Media” could not be loaded.")
    assert (cut_off.run("return location.hash"), cut_off.value("name")) == ("#/me", "Maud of the Mole")
    assert cut_off.run("return document.title") == "My account · Office"
    assert cut_off.faults_everywhere() == []

    cut_off.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    cut_off.click(".said button", "Try again")
    cut_off.click("dialog button", "Leave")

    cut_off.see("h1", "Media")
    assert cut_off.run("return document.activeElement.matches('main')")


def test_a_first_page_that_cannot_be_loaded_says_so_and_is_tried_again(cut_off):
    cut_off.driver.get(f"{cut_off.demo.url}/admin/?anew#/media")
    cut_off.said("“Media” could not be loaded.")
    assert cut_off.faults() == []

    cut_off.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    cut_off.click(".said button", "Try again")

    cut_off.see(".drop")
    assert cut_off.run("return location.hash") == "#/media"


def test_a_page_stays_until_the_next_one_has_what_it_shows(office):
    office.run(PATIENT)
    office.run("""
      globalThis.headings = [];
      const watch = () => headings.push(document.querySelector("main .waiting") ? "waiting" : "drawn");
      new MutationObserver(watch).observe(document.body, {subtree: true, childList: true});""")

    office.visit("#/orders")

    office.see("h1", "Orders")
    assert set(office.run("return headings")) == {"drawn"}


def test_what_is_typed_while_the_next_page_is_on_its_way_is_not_lost(office):
    office.visit("#/me")
    office.run(PATIENT + HELD)
    office.run("location.hash = '#/media'")
    office.until("return Boolean(globalThis.letGo)", "it is not asked for")
    office.type("name", "Maud in a hurry")

    office.run("letGo()")

    office.see("dialog", "Leave without saving?")
    office.click("dialog button", "Cancel")
    assert (office.run("return location.hash"), office.value("name")) == ("#/me", "Maud in a hurry")
