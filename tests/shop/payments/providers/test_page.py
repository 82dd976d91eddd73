"""The page of a test payment in a browser: by keyboard alone, on a phone, in both languages."""

from __future__ import annotations

import threading
from dataclasses import replace
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from selenium.webdriver.common.keys import Keys

from api.app import create_app
from api.shop.payments.port import Ask, Begun
from api.shop.payments.providers import switched_on
from tests.factories import CHEAP_HASHER
from tests.site.accessibility import barriers

pytest_plugins = "tests.site.browser"
pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.only_on("sqlite")]

PAGE = "/test-payments/pay_1"


class Threaded(ThreadingMixIn, WSGIServer):
    """A browser opens connections ahead, on which it sends nothing."""

    daemon_threads, block_on_close = True, False


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def till(browser_of, db, settings):
    """A tab at the page of a payment, and what its provider knows of it."""
    shop = replace(settings, payments=("test",))
    provider = switched_on(shop, db)["test"]
    with make_server("127.0.0.1", 0, create_app(shop, db, CHEAP_HASHER), Threaded, Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        ask = Ask("pay_1", "ord_1", "Kiosque 10042", 1900, "EUR", "a@b.test", f"{url}/shop/", "9999-12-31T")
        provider.open(ask)
        with browser_of(url) as tab:
            yield tab, lambda: provider.look(Begun("pay_1", "pay_1", 1900, "EUR")).state
        server.shutdown()
        thread.join()


def test_a_buyer_pays_by_keyboard_alone_after_the_bank_has_asked(till):
    tab, state = till
    tab.open(PAGE)

    tab.tab_to("button[value=challenge]")
    tab.press(Keys.ENTER)
    tab.see("main", "Your bank asks whether it is you who pays.")
    tab.tab_to("button[value=success]")
    tab.press(Keys.ENTER)

    tab.arrive("/shop/")
    assert state() == "captured"


@pytest.mark.parametrize(("language", "title"), [("en", "Test payment"), ("fr", "Paiement d’essai")])
def test_the_page_has_no_barriers_before_and_after_the_choice(till, language, title):
    tab, state = till
    tab.become_a_phone()
    tab.speak(language)

    tab.open(PAGE)
    assert tab.texts("h1") == [title]
    assert barriers(tab) == []
    tab.click("button[value=decline]")
    tab.arrive("/shop/")
    tab.open(PAGE)

    assert barriers(tab) == []
    assert tab.texts("button") == []
    assert state() == "failed"


def test_the_browser_finds_nothing_that_the_policy_of_the_page_forbids(till):
    tab, _ = till

    tab.open(PAGE)

    assert tab.complaints() == []
