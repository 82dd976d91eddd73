"""Exports of other systems are tried, read about, and only then taken in."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")


@pytest.fixture
def table(tmp_path):
    """A table of one product."""
    file = tmp_path / "products.csv"
    file.write_text("SKU,Name,Regular price\nbell-buoy,Bell buoy,9.50\n")
    return file


def choose(office, file):
    office.driver.find_element("id", "import-file").send_keys(str(file))


def sold(office):
    return [one["name"] for one in office.demo.api("/v1/items?status=all&q=bell", token=office.token)["data"]]


def test_by_keyboard_alone_a_table_is_tried_and_then_imported(office, table):
    office.visit("#/imports")
    assert office.faults_everywhere() == []
    assert office.run(
        "return [...document.querySelectorAll('main .actions button')].every((it) => it.disabled)"
    )

    choose(office, table)
    office.tab_to("main .strong")
    office.press(Keys.ENTER)
    office.said("The latest trial: done.")
    office.see(".notice", "nothing was changed")
    assert sold(office) == []
    assert office.run("return document.activeElement !== document.body")
    assert office.faults_everywhere() == []

    office.tab_to("main .actions button:not(.strong)")
    office.press(Keys.ENTER)
    office.said("The latest import: done.")
    assert sold(office) == ["Bell buoy"]
    assert office.faults_everywhere() == []


def test_a_file_that_is_nothing_we_know_is_refused_with_what_to_do(office, tmp_path):
    file = tmp_path / "holiday.csv"
    file.write_text("this is,no export\n1,2\n")
    office.visit("#/imports")
    choose(office, file)
    office.click("main .strong")

    office.see(".notice.bad, .said.bad")
    assert office.faults_everywhere() == []
