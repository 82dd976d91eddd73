"""A second factor on the sample site, by keyboard alone: added by an app, asked for at logins, removed."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from selenium.webdriver.common.keys import Keys

from api import times
from api.accounts.second_factors import totp
from tests.site.accessibility import barriers

pytest_plugins = "tests.site.browser"
pytestmark = pytest.mark.xdist_group("browser")

PASSWORD = "seven-lanterns-out"
PAGE = "/account/second-factor/"
QR = {
    1: "a",
    5: "otpauth://totp/Kiosque:ada@example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Kiosque",
    7: "é" * 70,
    10: "z" * 250,
    20: "z" * 858,
}
"""Version → a text that needs it: from 7 on it is drawn as well, and from 10 on the length has 16 bits."""
HASHES = {
    1: "c8b94007197ad57d",
    5: "c8124124943d7632",
    7: "c143f027767ef5a2",
    10: "fe27784957b1e2ca",
    20: "cb772a8c54870cf4",
}
"""Of the modules as the Python package qrcode 8 draws them, at level L under mask 0."""


@pytest.fixture
def email(browser, demo):
    """That of somebody new, who is logged in."""
    email = demo.sign_up(PASSWORD)
    browser.open("/login/")
    browser.log_in(email, PASSWORD)
    return email


@pytest.fixture
def add(browser):
    """Add a second factor, and return the secret, the code that comes next, and the recovery codes."""

    def added():
        browser.open(PAGE)
        browser.tab_to("[name=password]")
        browser.press(PASSWORD, Keys.ENTER)
        browser.see("svg.qr")
        secret = base64.b32decode(browser.see("form code").text.replace(" ", ""))
        step = totp.step_at(times.now())
        browser.press(totp.code_at(secret, step), Keys.ENTER)
        browser.see("h2", "Your recovery codes")
        return totp.code_at(secret, step + 1), browser.texts(".codes li")

    return added


def log_out(browser):
    browser.open("/account/")
    browser.click("main button", "Log out")
    browser.see("nav a", "Log in")


def log_in(browser, email):
    browser.open("/login/?next=%2Forders%2F")
    browser.type("email", email)
    browser.type("password", PASSWORD, Keys.ENTER)
    browser.see("[name=code]")


def test_a_login_asks_for_the_code_of_the_app_and_leads_back(browser, email, add):
    code, codes = add()
    log_out(browser)
    log_in(browser, email)

    browser.press(f"{(int(code) + 1) % 10**6:06}", Keys.ENTER)
    browser.see(".notice.bad", "This is not the code, or it has been used.")
    browser.type("code", f"{code[:3]} {code[3:]}", Keys.ENTER)

    browser.arrive("/orders/")
    assert len({*codes}) == 10


def test_a_recovery_code_logs_in_and_the_factor_is_removed(browser, email, add):
    _, codes = add()
    log_out(browser)
    log_in(browser, email)
    browser.tab_to("form button.link")
    browser.press(Keys.ENTER, codes[0].upper(), Keys.ENTER)
    browser.arrive("/orders/")

    browser.open("/account/")
    browser.click("main a", "Second factor")
    browser.see(".notice", "9 recovery codes are left.")
    browser.tab_to("#field-removal")
    browser.press(PASSWORD, Keys.ENTER)

    browser.see("main button", "Add a second factor")


def test_the_pages_have_no_barrier_in_either_language(browser, email):
    browser.become_a_phone()

    for language in ("en", "fr"):
        browser.speak(language)
        browser.open(PAGE)
        browser.see(f"html[lang={language}] h1")
        assert barriers(browser) == []
        browser.type("password", PASSWORD, Keys.ENTER)
        browser.see("svg.qr")
        assert barriers(browser) == []
    secret = base64.b32decode(browser.see("form code").text.replace(" ", ""))
    browser.type("code", totp.code_at(secret, totp.step_at(times.now())), Keys.ENTER)
    browser.see(".codes li")
    assert barriers(browser) == []
    browser.open(PAGE)
    browser.see(".notice")
    assert barriers(browser) == []


def test_the_qr_code_on_the_page_is_that_of_the_address_for_apps(browser, email):
    browser.open(PAGE)
    browser.type("password", PASSWORD, Keys.ENTER)
    uri = browser.see("main form a").get_attribute("href")

    drawn = browser.see("svg.qr path").get_attribute("d")

    rows = draw(browser, uri)
    dark = {(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark}
    assert {(int(x) - 4, int(y) - 4) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawn)} == dark


@pytest.mark.parametrize("version", QR)
def test_qr_codes_are_those_that_another_program_draws(browser, version):
    browser.open("/")

    rows = draw(browser, QR[version])

    assert len(rows) == 4 * version + 17
    bits = "".join("01"[is_dark] for row in rows for is_dark in row)
    assert hashlib.sha256(bits.encode()).hexdigest()[:16] == HASHES[version]


def test_a_text_that_is_too_long_has_no_qr_code(browser):
    browser.open("/")

    assert draw(browser, "z" * 859) is None


def draw(browser, text):
    return browser.run(f"return import('/js/qr.js').then(({{ qr }}) => qr({json.dumps(text)}))")
