"""Parts are drawn in place: what a person has typed, focus, selection and scroll survive every redraw."""

from __future__ import annotations

import pytest

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")

SELECTION = "const it = document.activeElement; return [it.selectionStart, it.selectionEnd]"


@pytest.fixture
def order(office):
    """The page of an order that is paid and not sent."""
    one = office.order()
    office.visit(f"#/orders/{one['id']}")
    return one


def test_a_tracking_number_half_typed_survives_that_the_order_arrives_anew(office, order):
    office.click("summary", "Mark as sent")
    office.type("tracking", "RR1234")
    office.type("staff_note", "Wrap it.")

    office.click("section button", "Save")
    office.run("const it = document.querySelector('[name=tracking]'); it.focus(); it.setSelectionRange(2, 4)")
    office.said("Saved.")

    assert office.value("tracking") == "RR1234"
    assert office.run("return document.activeElement.name") == "tracking"
    assert office.run(SELECTION) == [2, 4]


def test_rows_that_change_places_keep_their_elements_their_focus_and_their_text(office):
    office.run("""
      const { draw, h } = await import("/admin/js/draw.js");
      globalThis.place = document.body.appendChild(document.createElement("ul"));
      const row = (name) => h("li", { key: name }, h("input", { "aria-label": name, value: "" }));
      globalThis.list = (...names) => draw(place, names.map(row));
      list("a", "b", "c");
      place.children[1].firstChild.value = "typed";
      place.children[1].firstChild.focus();
      list("c", "b", "d");""")

    names = office.run("return [...place.children].map((one) => one.firstChild.ariaLabel)")
    assert names == ["c", "b", "d"]
    assert office.run("return document.activeElement.value") == "typed"


def test_a_value_is_written_only_when_the_drawn_one_changes(office):
    office.run("""
      const { draw, h } = await import("/admin/js/draw.js");
      globalThis.place = document.body.appendChild(document.createElement("p"));
      globalThis.field = (value) => draw(place, [h("input", { "aria-label": "Name", value })]);
      field("stored");
      place.firstChild.value = "typed";
      field("stored");""")
    assert office.run("return place.firstChild.value") == "typed"

    office.run("field('stored anew')")
    assert office.run("return place.firstChild.value") == "stored anew"


def test_a_select_is_at_its_value_although_its_options_come_later(office):
    office.run("""
      const { draw, h } = await import("/admin/js/draw.js");
      globalThis.place = document.body.appendChild(document.createElement("p"));
      const options = ["s", "l"].map((one) => h("option", { value: one }, one));
      draw(place, [h("select", { "aria-label": "Size", value: "l" }, options)]);""")
    assert office.run("return place.firstChild.value") == "l"


def test_an_element_is_in_the_page_when_it_is_said_to_be_made(office):
    office.run("""
      const { draw, h } = await import("/admin/js/draw.js");
      globalThis.place = document.body.appendChild(document.createElement("div"));
      const made = (node) => node.focus();
      draw(place, [h("p", {}, h("input", { "aria-label": "Name", value: "", made }))]);""")
    assert office.run("return document.activeElement === place.firstChild.firstChild")
