"""The rules of the shop in the office: coupons, shipping methods, tax rates."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")

PARCEL = {"name": "Parcel", "price": {"amount": 490, "currency": "EUR"}, "countries": ["FR"]}


def stored(office, path):
    return office.demo.api(path, token=office.token)["data"]


@pytest.fixture
def parcel(office):
    one = office.demo.api("/v1/shipping-methods", PARCEL, token=office.token)
    yield one
    if any(left["id"] == one["id"] for left in stored(office, "/v1/shipping-methods")):
        office.erase(f"/v1/shipping-methods/{one['id']}")


def fill(office, name, text):
    field = office.see(f"main [name='{name}']")
    field.clear()
    field.send_keys(text)


def test_by_keyboard_alone_a_coupon_is_made_and_changed(office):
    office.visit("#/shop")
    assert office.faults_everywhere() == []
    office.tab_to("a.button")
    office.press(Keys.ENTER)
    office.see("h1", "New coupon")
    office.tab_to("[name=code]")
    office.press("QUAY", Keys.TAB, "a", Keys.TAB, "5,50", Keys.ENTER)

    office.said("Saved.")
    office.see("h1", "QUAY")
    (coupon,) = stored(office, "/v1/coupons")
    assert (coupon["kind"], coupon["amount"]) == ("fixed", {"amount": 550, "currency": "EUR"})
    assert office.faults_everywhere() == []

    office.tab_to("[name=usage_limit]")
    office.press("20", Keys.ENTER)
    office.wait_for(lambda: stored(office, "/v1/coupons")[0]["usage_limit"] == 20, "not saved")
    office.settled()
    office.visit("#/shop?tab=coupons")
    office.see("tbody tr", "€5.50")
    office.erase(f"/v1/coupons/{coupon['id']}")


def test_another_coupon_of_one_code_is_refused_beside_the_code(office):
    body = {"code": "TWICE", "kind": "free_shipping"}
    one = office.demo.api("/v1/coupons", body, token=office.token)
    office.visit("#/shop/coupons/new")
    fill(office, "code", "twice")
    fill(office, "percent", "10")
    office.click("main form button.strong", "Create")

    office.see(".field .wrong", "in use")
    assert office.value("percent") == "10"
    assert office.faults_everywhere() == []
    office.erase(f"/v1/coupons/{one['id']}")


def test_a_shipping_method_has_a_price_for_each_weight(office, parcel):
    office.visit(f"#/shop/shipping/{parcel['id']}")
    for at, (weight, price) in enumerate((("2000", "6.90"), ("10000", "12"))):
        office.click("#add-brackets")
        fill(office, f"brackets/{at}/up_to_g", weight)
        fill(office, f"brackets/{at}/price", price)
    fill(office, "countries", "FR, be")
    office.click("main form button.strong", "Save")

    office.said("Saved.")
    now = office.demo.api(f"/v1/shipping-methods/{parcel['id']}", token=office.token)
    assert sorted(now["countries"]) == ["BE", "FR"]
    assert [(one["up_to_g"], one["price"]["amount"]) for one in now["brackets"]] == [
        (2000, 690),
        (10000, 1200),
    ]
    assert office.faults_everywhere() == []


def test_a_shipping_method_is_deleted_after_a_question(office, parcel):
    office.visit(f"#/shop/shipping/{parcel['id']}")
    office.click("main button.danger", "Delete")
    office.click("dialog button", "Cancel")
    office.click("main button.danger", "Delete")
    office.click("dialog button", "Delete")

    office.said("It is deleted.")
    assert office.run("return location.hash") == "#/shop?tab=shipping"
    office.settled()
    assert office.faults_everywhere() == []
    assert all(one["id"] != parcel["id"] for one in stored(office, "/v1/shipping-methods"))


def test_a_tax_rate_is_typed_as_people_write_it(office):
    office.visit("#/shop/taxes/new")
    assert office.faults_everywhere() == []
    fill(office, "name", "TVA")
    fill(office, "rate", "5,5")
    fill(office, "class", "books")
    fill(office, "country", "fr")
    office.click("main form button.strong", "Create")

    office.said("Saved.")
    (rate,) = (one for one in stored(office, "/v1/tax-rates") if one["class"] == "books")
    assert (rate["rate"], rate["country"]) == ("5.5", "FR")
    office.visit("#/shop?tab=taxes")
    office.see("tbody tr", "5.5 %")
    assert office.faults_everywhere() == []
    office.erase(f"/v1/tax-rates/{rate['id']}")


def test_a_shopkeeper_has_the_shop_and_an_editor_has_not(door):
    door.enter("editor@kiosque.test", "red-pencil-at-noon")
    door.driver.refresh()
    door.see("header nav")
    assert not {"Items", "Prices and stock", "Shop rules"} & set(door.texts("header nav a"))

    door.enter("shopkeeper@kiosque.test", "ledger-and-twine-9")
    door.driver.refresh()
    door.see("header nav a", "Shop rules")
    assert {"Items", "Prices and stock", "Orders"} <= set(door.texts("header nav a"))


def test_the_rules_of_the_shop_speak_french(office, parcel):
    office.click("header button", "Français")
    office.see("h1", "Bonjour")
    for address, title in (
        ("#/shop?tab=taxes", "Règles de la boutique"),
        (f"#/shop/shipping/{parcel['id']}", "Parcel"),
        ("#/shop/coupons/new", "Nouveau code promo"),
    ):
        office.visit(address)
        office.see("h1", title)
        assert office.faults() == []
