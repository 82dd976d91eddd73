"""Items in the office: a first one is sold from there, and prices and stock are changed in place."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")

MUG = {"amount": 1800, "currency": "EUR"}
BOTH = ("mug-red", "mug-blue")
GUEST = {
    "email": "guest@kiosque.test",
    "shipping_address": {
        "name": "Ida",
        "line1": "Quai 2",
        "postcode": "29000",
        "city": "Brest",
        "country": "FR",
    },
}


@pytest.fixture
def mug(office):
    """An item of two variants, one of them counted."""
    variants = [
        {"sku": f"mug-{name}", "price": MUG, "options": {"Colour": name}, **stock}
        for name, stock in (("red", {"stock": 7}), ("blue", {}))
    ]
    body = {"name": "Mug", "options": [{"name": "Colour", "values": ["red", "blue"]}], "variants": variants}
    one = office.demo.api("/v1/items", body, token=office.token)
    yield one
    office.erase(f"/v1/items/{one['id']}")


def cell(office, column, row=0):
    return office.driver.find_elements("css selector", f"input[data-column={column}]")[row]


def put(office, column, text, *more, row=0):
    field = cell(office, column, row)
    field.clear()
    field.send_keys(text, *more)


def variant(office, sku):
    return office.demo.api(f"/v1/variants/{sku}", token=office.token)


def test_a_newcomer_sells_the_first_thing_with_nine_clicks(office):
    clicks = []

    def click(css, text=""):
        clicks.append(css)
        office.click(css, text)

    click("header nav a", "Items")
    click("main a.button", "New item")
    office.type("name", "Lighthouse lamp")
    office.see("[name='variants/0/price']").send_keys("49,90")
    office.see("[name='variants/0/stock']").send_keys("3")
    click("main button", "Publish")
    office.said("Saved.")
    assert office.faults_everywhere() == []

    office.open("/shop/?q=lighthouse")
    office.see("main", "Lighthouse lamp")
    lines = [{"sku": "lighthouse-lamp", "quantity": 1}]
    order = office.demo.api("/v1/orders", {"lines": lines, **GUEST})
    assert order["lines"][0]["unit_price"] == {"amount": 4990, "currency": "EUR"}

    office.driver.get(f"{office.demo.url}/admin/")
    office.settled()
    click("header nav a", "Orders")
    click("tbody a", f"№ {order['number']}")
    click("summary", "Record a payment")
    click("details[open] button", "Record a payment")
    office.said("Done.")
    click("summary", "Mark as sent")
    click("details[open] button", "Mark as sent")
    office.see(".badge", "completed")
    assert len(clicks) == 9


def test_by_keyboard_alone_a_row_of_prices_is_changed_and_a_shelf_is_counted(office, mug):
    office.visit("#/stock?q=mug-red&status=draft")
    office.tab_to("[data-column=price]")
    office.press("19.5", Keys.ENTER, "20", Keys.ENTER)
    office.wait_for(
        lambda: [variant(office, sku)["price"]["amount"] for sku in BOTH] == [1950, 2000], "not saved"
    )

    put(office, "stock", "5", Keys.ARROW_DOWN)
    office.press("12", Keys.ARROW_UP)
    office.wait_for(
        lambda: [variant(office, sku)["stock"]["available"] for sku in BOTH] == [5, 12], "not counted"
    )
    assert office.run("return document.activeElement.dataset.column") == "stock"
    assert office.faults_everywhere() == []


def test_a_cell_that_is_refused_says_why_beside_it_and_keeps_what_was_typed(office, mug):
    office.visit(f"#/items/{mug['id']}")
    put(office, "price", "twelve", Keys.TAB)
    office.see(".cell .wrong", "This does not look right.")
    put(office, "price", "21", Keys.ENTER, row=1)

    office.wait_for(lambda: variant(office, "mug-blue")["price"]["amount"] == 2100, "not saved")
    assert cell(office, "price").get_attribute("value") == "twelve"
    assert office.faults_everywhere() == []

    put(office, "price", "", Keys.ESCAPE)
    office.wait_for(lambda: cell(office, "price").get_attribute("value") == "18.00", "not taken back")


def test_a_price_that_somebody_else_has_changed_is_not_overwritten_unseen(office, mug):
    office.visit(f"#/items/{mug['id']}")
    theirs = {"price": {"amount": 1700}}
    office.demo.api("/v1/variants/mug-red", theirs, method="PATCH", token=office.token)

    put(office, "price", "22", Keys.ENTER)
    office.see(".cell .wrong", "Somebody else has changed this meanwhile.")
    assert variant(office, "mug-red")["price"]["amount"] == 1700

    cell(office, "price").send_keys(".5", Keys.ENTER)
    office.wait_for(lambda: variant(office, "mug-red")["price"]["amount"] == 2250, "not saved")


def test_the_ledger_says_what_came_and_went_and_ends(office, mug):
    office.visit(f"#/items/{mug['id']}")
    office.see("#why-note").send_keys("Two boxes")
    put(office, "stock", "+5", Keys.ENTER)
    office.said("In stock saved.")

    office.click("td.acts button", "Ledger")
    office.see("dialog", "Two boxes")
    assert "+5" in office.texts("dialog td.number")
    assert office.faults_everywhere() == []
    office.click("dialog button", "Stop counting")
    office.click("dialog[aria-labelledby=sure-title] button", "Stop counting")
    office.see("dialog", "not counted")
    assert variant(office, "mug-red")["stock"] == {"tracked": False, "available": None}
    office.click("dialog button", "Close")


def test_a_sale_begins_and_is_seen(office, mug):
    office.visit(f"#/items/{mug['id']}")
    office.click("td.acts button", "Sale, files")
    office.see("dialog form [name='sale/price']").send_keys("15")
    assert office.faults_everywhere() == []
    office.click("dialog form button.strong", "Save")
    office.said("Saved.")
    office.click("dialog button", "Close")

    office.see("tbody th", "Sale: €15.00")
    assert variant(office, "mug-red")["price"]["amount"] == 1500


def test_a_new_value_of_an_option_is_a_new_variant_and_the_others_stay(office, mug):
    office.visit(f"#/items/{mug['id']}")
    put(office, "price", "23", Keys.ENTER)
    office.said("Price saved.")
    values = office.see("[name='options/0/values']")
    values.send_keys(", green", Keys.TAB)
    office.see("[name='variants/2/price']").send_keys("24")
    assert office.faults_everywhere() == []
    office.click("main form button.strong", "Save")

    office.wait_for(lambda: len(office.texts("tbody tr")) == 3, "no third row")
    stored = office.demo.api(f"/v1/items/{mug['id']}", token=office.token)
    assert [one["sku"] for one in stored["variants"]] == ["mug-red", "mug-blue", "mug-green"]
    assert [one["price"]["amount"] for one in stored["variants"]] == [2300, 1800, 2400]


def test_pictures_keep_the_order_and_the_words_that_they_are_given(office, mug):
    office.visit(f"#/items/{mug['id']}")
    for at, name in enumerate(("tide", "shop-cookbook")):
        office.click("#add-images")
        office.see(f"[name='images/{at}/url']").send_keys(f"/images/{name}.svg")
        office.see(f"[name='images/{at}/alt']").send_keys(name)
    office.click("button[aria-label='Move row 2 up']")
    office.said("Moved to place 1.")
    office.click("main form button.strong", "Save")

    office.said("Saved.")
    stored = office.demo.api(f"/v1/items/{mug['id']}", token=office.token)
    assert [one["alt"] for one in stored["images"]] == ["shop-cookbook", "tide"]
    assert office.faults_everywhere() == []


def test_a_sale_meanwhile_is_no_change_of_the_words(office, mug):
    office.visit(f"#/items/{mug['id']}")
    office.type("name", "Mug of the mole")
    movement = {"delta": -1, "reason": "loss"}
    office.demo.api("/v1/variants/mug-red/stock-movements", movement, token=office.token)

    office.click("main form button.strong", "Save")
    office.said("Saved.")


def test_rows_that_were_typed_and_not_saved_survive_a_reload(office):
    office.visit("#/items/new")
    office.type("name", "Tea towel")
    office.click("#add-options")
    office.see("[name='options/0/name']").send_keys("Size")
    office.see("[name='options/0/values']").send_keys("S, L", Keys.TAB)
    office.see("[name='variants/1/price']").send_keys("14")
    office.until("return Object.values(localStorage).some((it) => it.includes('14'))", "no draft")

    office.run("addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
    office.driver.refresh()
    office.see(".notice", "This is what you had typed")
    assert office.value("options/0/values") == "S, L"
    assert office.value("variants/1/price") == "14"
    office.click(".notice button", "Throw it away")


def test_several_items_are_hidden_at_once(office, mug):
    office.visit("#/items?status=draft")
    office.click("input[aria-label='Tick Mug']")
    assert office.faults() == []
    office.click(".bulk button", "Hide from lists")

    office.said("Done: 1.")
    assert office.demo.api(f"/v1/items/{mug['id']}", token=office.token)["status"] == "unlisted"


def test_an_item_is_filed_under_categories_that_are_there_and_new_ones(office, mug):
    office.visit(f"#/items/{mug['id']}")
    office.see("main [name=categories]").send_keys("Books", Keys.ENTER, "Kitchen", Keys.ENTER)
    office.click("main form button.strong", "Save")
    office.said("Saved.")

    stored = office.demo.api(f"/v1/items/{mug['id']}", token=office.token)
    assert {one["name"] for one in stored["categories"]} == {"Books", "Kitchen"}


def test_an_item_is_archived_found_and_deleted(office):
    body = {"name": "Old map", "variants": [{"sku": "old-map", "price": MUG}]}
    one = office.demo.api("/v1/items", body, token=office.token)
    office.visit(f"#/items/{one['id']}")
    office.click("main button", "Archive")
    office.see(".badge", "archived")

    office.visit("#/items?status=archived")
    assert office.faults_everywhere() == []
    office.click("tbody a", "Old map")
    office.click("main button.danger", "Delete")
    office.click("dialog button", "Delete")
    office.said("The item is deleted.")
    office.see("h1", "Items")


def test_the_pages_of_items_speak_french(office, mug):
    office.click("header button", "Français")
    office.see("h1", "Bonjour")
    for address, title in (
        ("#/items", "Produits"),
        ("#/stock", "Prix et stock"),
        (f"#/items/{mug['id']}", "Mug"),
    ):
        office.visit(address)
        office.see("h1", title)
        assert office.faults() == []
