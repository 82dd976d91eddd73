"""Orders are found, paid, sent in parts, refunded by line and cancelled; nothing of it happens twice."""

from __future__ import annotations

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from tests.admin.handing import answers_are_lost
from tests.site.demonstration import SELLER

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")


@pytest.fixture
def order(office):
    """The page of an order that is paid and not sent."""
    one = office.order()
    office.visit(f"#/orders/{one['id']}")
    return one


def below(office, order, part):
    return office.demo.api(f"/v1/orders/{order['id']}/{part}", token=office.token)["data"]


def stored(office, order):
    return office.demo.api(f"/v1/orders/{order['id']}", token=office.token)


def units(office, count):
    """Type the number of units into the card that is open."""
    field = office.see("details[open] input[type=number]")
    field.clear()
    field.send_keys(str(count))


def test_by_keyboard_alone_an_order_is_found_paid_and_sent(office):
    draft = {"lines": [{"sku": "seventeen-fogs", "quantity": 2}], "email": "nour@kiosque.test"}
    order = office.demo.api("/v1/orders", draft)
    office.visit("#/orders")
    assert office.faults_everywhere() == []

    office.press("/", str(order["number"]), Keys.ENTER)
    office.wait_for(lambda: office.texts("tbody th") == [f"№ {order['number']}"], "it is not found")
    office.run("document.activeElement.blur()")
    office.press("j", Keys.ENTER)
    office.see("h1", f"№ {order['number']}")
    office.settled()
    assert office.run("return document.activeElement.matches('main, h1')")
    assert office.faults_everywhere() == []

    office.tab_to("summary")
    office.press(Keys.ENTER, Keys.TAB, Keys.TAB, Keys.TAB, "ABC 1", Keys.ENTER)
    office.said("Done.")
    office.see(".badge", "paid")
    assert office.run("return document.activeElement !== document.body")
    assert [one["reference"] for one in below(office, order, "payments")] == ["ABC 1"]

    office.tab_to("summary")
    office.press(Keys.ENTER)
    office.tab_to("[name=tracking]")
    assert office.faults_everywhere() == []
    office.press("RR1", Keys.ENTER)
    office.see(".badge.completed")
    assert [one["tracking"] for one in below(office, order, "fulfilments")] == ["RR1"]
    assert office.faults_everywhere() == []


def test_some_units_are_sent_some_come_back_into_stock_and_the_rest_is_cancelled(office, order):
    office.click("summary", "Mark as sent")
    units(office, 1)
    office.click("details[open] button", "Mark as sent")
    office.see(".badge", "partly sent")
    office.click("details[open] summary")

    office.click("summary", "Refund")
    assert office.faults_everywhere() == []
    units(office, 1)
    office.click("details[open] .tick")
    office.click("details[open] button", "Refund")
    office.see(".badge", "partly refunded")
    office.click("details[open] summary")

    office.click("summary", "Cancel what is not sent")
    office.click("details[open] button", "Cancel what is not sent")
    office.see("small", "1 cancelled")

    (line,) = stored(office, order)["lines"]
    assert (line["fulfilled"], line["returned"], line["cancelled"]) == (1, 1, 1)
    (back, *_) = below(office, order, "refunds")[::-1]
    assert [(one["quantity"], one["restock"]) for one in back["lines"]] == [(1, True)]
    assert office.faults_everywhere() == []


def test_a_part_is_cancelled_after_another_part(office):
    order = office.order(quantity=3)
    office.visit(f"#/orders/{order['id']}")
    office.click("summary", "Cancel what is not sent")
    for times in (1, 2):
        units(office, 1)
        office.click("details[open] button", "Cancel what is not sent")
        office.see("small", f"{times} cancelled")

    assert [line["cancelled"] for line in stored(office, order)["lines"]] == [2]


@pytest.mark.parametrize(("card", "part"), [("Mark as sent", "fulfilments"), ("Refund", "refunds")])
def test_nothing_chosen_is_not_everything(office, order, card, part):
    office.click("summary", card)
    for field in office.driver.find_elements("css selector", "details[open] input[type=number]"):
        field.clear()
        field.send_keys("0")
    office.click("details[open] button", card)

    office.see(".notice.bad", "Choose first")
    assert below(office, order, part) == []
    assert office.faults_everywhere() == []


def test_a_double_click_sends_back_one_refund(office, order):
    office.click("summary", "Refund")
    office.type("amount", "3,50")
    button = office.see("details[open] button", "Refund")
    webdriver.ActionChains(office.driver).double_click(button).perform()

    office.said("Done.")
    assert [one["amount"]["amount"] for one in below(office, order, "refunds")] == [350]


@pytest.mark.parametrize(
    ("card", "name", "text", "part"),
    [("Mark as sent", "tracking", "RR2", "fulfilments"), ("Refund", "amount", "2", "refunds")],
)
def test_a_repeat_after_a_lost_answer_does_it_once(office, order, card, name, text, part):
    office.click("summary", card)
    office.type(name, text)
    answers_are_lost(office)
    office.click("details[open] button", card)
    office.see(".notice.bad", "No answer from the server.")
    assert office.value(name) == text

    office.click("details[open] button", card)

    office.said("Done.")
    assert len(below(office, order, part)) == 1


def test_a_refusal_is_shown_where_it_happened_and_nothing_typed_is_lost(office, order):
    office.click("summary", "Refund")
    office.type("amount", "9999")
    office.click("details[open] button", "Refund")

    office.see("details[open] .notice.bad", "can be sent back")
    assert office.value("amount") == "9999"
    assert below(office, order, "refunds") == []


def test_what_is_printed_is_the_slip_alone(office, order):
    office.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        office.see("h1", f"№ {order['number']}")
        shown = office.texts("body > *, main > *")
        assert "Buyers never see it" not in "".join(shown)
        assert "Payments" not in "".join(shown)
        assert office.see("main th", "Seventeen Fogs")
        assert office.see(".printed").text == SELLER
    finally:
        office.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_a_note_of_the_shop_is_saved_whatever_else_happens_to_the_order(office, order):
    office.type("staff_note", "Wrap it.")
    path = f"/v1/orders/{order['id']}"
    office.demo.api(f"{path}/fulfilments", {}, token=office.token)

    office.click("section button", "Save")

    office.said("Saved.")
    assert stored(office, order)["staff_note"] == "Wrap it."


def test_the_note_of_somebody_else_is_shown_before_it_is_replaced(office, order):
    office.type("staff_note", "Mine")
    path = f"/v1/orders/{order['id']}"
    office.demo.api(path, {"staff_note": "Theirs"}, method="PATCH", token=office.token)

    office.click("section button", "Save")
    office.see("section .notice.bad", "Somebody else has changed this")
    office.see("section small", "Theirs: Theirs")
    assert office.value("staff_note") == "Mine"
    assert office.faults_everywhere() == []
    office.click("section button", "Save")

    office.said("Saved.")
    assert stored(office, order)["staff_note"] == "Mine"
