"""Buying on the sample site without an account: a basket, its sums, an order, and the ways to pay it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from tests.site.accessibility import barriers
from tests.site.demonstration import SELLER

pytest_plugins = "tests.site.browser"
pytestmark = pytest.mark.xdist_group("browser")

FOGS = "/item/?slug=seventeen-fogs"
FLEET = "/item/?slug=fold-your-own-fleet"
PRESS = "/item/?slug=saturday-at-the-press"
ADDRESS = {"name": "Nour Haddad", "line1": "1 Quay", "city": "Brest", "postcode": "29200"}


@pytest.fixture(scope="module")
def shop(demo):
    """The demonstration with two ways of shipping and a coupon."""
    token, made = demo.owner, []
    for name, amount in (("Letter", 300), ("Parcel", 700)):
        method = {"name": name, "countries": ["FR"], "price": _euros(amount)}
        made.append(f"/v1/shipping-methods/{demo.api('/v1/shipping-methods', method, token=token)['id']}")
    coupon = demo.api("/v1/coupons", {"code": "FOG", "kind": "percent", "percent": 10}, token=token)
    made.append(f"/v1/coupons/{coupon['id']}")
    yield demo
    for path in made:
        demo.api(path, method="DELETE", token=token)


def test_a_guest_buys_two_items_with_a_coupon_and_shipping_and_pays(browser, shop):
    _fill_basket(browser, FOGS, FLEET)
    browser.see("nav a", "Basket (2)")
    browser.open("/basket/")
    browser.type("code", "fog", Keys.ENTER)
    browser.see(".coupons li", "applied")
    _fill_in(browser, "nour.buys@kiosque.test")
    browser.click(".pills label", "Parcel")
    browser.see(".sums", "Parcel")
    browser.see(".checkout button", "Order and pay €20.05")
    _pay(browser, "The payment succeeds")

    browser.see(".notice", "Your order is paid")
    assert re.fullmatch(r"http://\S+/order/\?order=ord_\w+", browser.driver.current_url)
    assert "−€1.45" in browser.see(".order tfoot").text.replace("-", "−")
    assert browser.see("address").text.splitlines()[:2] == ["Nour Haddad", "1 Quay"]
    assert browser.see("address.seller").text == SELLER
    assert browser.texts("nav a")[2] == "Basket"


def test_a_buyer_whose_payment_is_declined_pays_again(browser, shop):
    _fill_basket(browser, PRESS)
    browser.open("/basket/")
    assert browser.texts(".address") == []
    browser.type("email", "nour.again@kiosque.test")
    _pay(browser, "The payment is declined")
    browser.see(".notice.bad", "did not go through")
    browser.see(".order", "held for you until")
    browser.click(".pay button", "Pay €65.00")
    browser.click("button", "The payment succeeds")

    browser.see(".notice", "Your order is paid")


def test_whoever_has_the_mailed_link_follows_an_order_and_cancels_it(browser, shop):
    email = "nour.link@kiosque.test"
    order = _order(shop, email)
    browser.open("/order/")
    browser.type("number", str(order["number"]))
    browser.type("email", email, Keys.ENTER)
    browser.see(".notice", "a mail with a link is on its way")
    browser.open(shop.link("order-link", email))

    browser.see("h1", f"Order {order['number']}")
    assert browser.driver.current_url.endswith(f"/order/?order={order['id']}")
    browser.click(".pay label", "Bank transfer")
    browser.click(".pay button", "Pay €5.00")
    browser.see(".notice", f"with the number {order['number']} as its reference")
    browser.click("summary", "Cancel this order")
    browser.click("button", "Yes, cancel it")
    browser.see(".notice", "This order has been cancelled.")


def test_an_order_shows_what_was_sent_and_what_was_refunded(browser, shop):
    order = _order(shop, "nour.sent@kiosque.test")
    path, token = f"/v1/orders/{order['id']}", shop.owner
    shop.api(f"{path}/payments", {"method": "cash", "amount": order["total"]}, token=token)
    shop.api(f"{path}/fulfilments", {"carrier": "Harbour Post", "tracking": "HP 42"}, token=token)
    shop.api(f"{path}/refunds", {"amount": _euros(200), "reason": "The ink was dry."}, token=token)

    browser.open(f"/order/?order={order['id']}#token={order['access_token']}")

    assert "Harbour Post · HP 42" in browser.see(".order section", "Sent").text
    assert "The ink was dry.\n€2.00 · sent" in browser.see(".order section", "Refunds").text
    assert browser.texts(".pay") == []


def test_an_order_whose_answer_is_lost_is_placed_once_by_a_second_press(browser, shop):
    _fill_basket(browser, PRESS)
    browser.open("/basket/")
    browser.type("email", "nour.twice@kiosque.test")
    browser.see(".checkout button", "Order and pay")
    browser.run(
        "const send = fetch; window.fetch = async (path, options) => {"
        "  const answer = await send(path, options);"
        "  if (path !== '/v1/orders') return answer;"
        "  window.fetch = send; throw new TypeError('lost'); };"
    )
    browser.click(".checkout button", "Order and pay")
    browser.see(".notice.bad", "cannot be reached")
    assert browser.see("[name=email]").get_property("value") == "nour.twice@kiosque.test"
    browser.click(".checkout button", "Order and pay")
    browser.see("h1", "Order")

    assert len(_orders_of(shop, "nour.twice@kiosque.test")) == 1


def test_a_price_that_has_changed_meanwhile_is_shown_before_anything_is_ordered(browser, shop):
    _fill_basket(browser, PRESS)
    browser.open("/basket/")
    browser.type("email", "nour.price@kiosque.test")
    browser.see(".checkout button", "Order and pay €65.00")
    _reprice(shop, "saturday-press-morning", 6600)
    browser.click(".checkout button", "Order and pay")
    browser.see(".notice.bad", "The total is now €66.00.")
    _reprice(shop, "saturday-press-morning", 6500)

    browser.see(".checkout button", "Order and pay €66.00")
    assert _orders_of(shop, "nour.price@kiosque.test") == []


def test_what_is_no_longer_for_sale_or_in_stock_is_named_and_the_rest_can_be_ordered(browser, shop):
    _fill_basket(browser, FLEET)
    browser.run(
        "const lines = JSON.parse(localStorage.getItem('kiosque-basket'));"
        "const others = [['gone', 1], ['saturday-press-morning', 500]];"
        "for (const [sku, quantity] of others) lines.push({sku, quantity, name: sku, physical: false});"
        "localStorage.setItem('kiosque-basket', JSON.stringify(lines));"
    )
    browser.open("/basket/")
    browser.see(".basket li:nth-child(2)", "This is no longer for sale.")
    browser.see(".basket li:nth-child(3)", "Only ")
    browser.type("email", "nour.rest@kiosque.test")
    browser.click(".checkout button", "Order and pay")
    browser.see(".notice.bad", "There is not enough left of something in your basket.")
    browser.click(".basket li:nth-child(3) button")
    browser.click(".checkout button", "Order and pay €5.00")

    browser.see("h1", "Order")
    assert browser.texts(".order tbody small") == ["fold-your-own-fleet-pdf"]


def test_a_basket_survives_a_reload_and_changes_by_the_keyboard_alone(browser, shop):
    _fill_basket(browser, FOGS, FLEET)
    browser.open("/basket/")
    browser.tab_to(".basket input")
    browser.press(Keys.BACKSPACE, "3")
    browser.see(".basket li", "€28.50")
    browser.open("/basket/")
    browser.see(".basket li", "€28.50")
    browser.tab_to(".basket button")
    browser.press(Keys.ENTER)

    browser.see(".checkout button", "Order and pay €5.00")
    assert len(browser.texts(".basket li")) == 1


def test_the_pages_of_buying_have_no_barriers_on_a_phone_in_both_languages(browser, shop):
    browser.become_a_phone()
    _fill_basket(browser, FOGS)
    order = _order(shop, "nour.phone@kiosque.test")
    for language in ("en", "fr"):
        browser.run("localStorage.setItem('language', arguments[0])", language)
        for path in ("/basket/", f"/order/?order={order['id']}#token={order['access_token']}", "/order/"):
            browser.open(path)
            browser.see(f"html[lang={language}] h1")
            if path == "/basket/":
                browser.see(".sums", "€9.50" if language == "en" else "9,50")
            assert barriers(browser) == [], path
    assert browser.complaints() == []


def _euros(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


def _fill_basket(browser, *items: str) -> None:
    for item in items:
        browser.open(item)
        browser.click(".buy button", "Add to basket")
        browser.see(".notice", "in your basket")


def _fill_in(browser, email: str) -> None:
    browser.type("email", email)
    for part, text in ADDRESS.items():
        browser.see(f"#field-shipping_address-{part}").send_keys(text)
    browser.see("#field-shipping_address-country").send_keys("France")


def _pay(browser, outcome: str) -> None:
    browser.click(".checkout .pills label", "Test payment")
    browser.click(".checkout button", "Order and pay")
    browser.click("button", outcome)


def _order(shop, email: str) -> Any:
    lines = [{"sku": "fold-your-own-fleet-pdf", "quantity": 1}]
    return shop.api("/v1/orders", {"lines": lines, "email": email})


def _orders_of(shop, email: str) -> Any:
    return shop.api(f"/v1/orders?email={email}", token=shop.owner)["data"]


def _reprice(shop, sku: str, amount: int) -> None:
    shop.api(f"/v1/variants/{sku}", {"price": _euros(amount)}, method="PATCH", token=shop.owner)
