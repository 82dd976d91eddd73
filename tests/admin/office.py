"""The office as staff meet it: a demonstration server, and headless Chromium in front of it."""

from __future__ import annotations

import importlib.util
import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from tests.site.browser import CUSTOMER, Browser, clean
from tests.site.demonstration import OWNER, Demo

STORE = "kiosque-office"
WIDTH = 360
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Office(Browser):
    """A tab in which somebody is at the office."""

    demo: Demo
    owner, customer = OWNER, CUSTOMER

    def visit(self, address: str) -> None:
        """Go to `#/…` as if by a link: what is on the page stays until the new is drawn."""
        self.run("location.hash = arguments[0]", address)
        self.settled()

    def settled(self) -> None:
        self.until(
            "return document.querySelector('h1') && !document.querySelector('.waiting, [aria-busy=true]')",
            "something is still loading",
        )

    def enter(self, email: str = OWNER["email"], password: str = OWNER["password"]) -> None:
        """Be logged in, without typing, on the page that is reloaded next."""
        self.run(self._login(email, password))

    def open_as(self, email: str = OWNER["email"], password: str = OWNER["password"]) -> None:
        """Open the office as somebody who has logged in before."""
        login = self.driver.execute_cdp_cmd(
            "Page.addScriptToEvaluateOnNewDocument", {"source": self._login(email, password)}
        )
        self.driver.get(f"{self.demo.url}/admin/")
        self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", login)
        self.see("header nav")
        self.settled()

    def _login(self, email: str, password: str) -> str:
        """The script that keeps a fresh session in the tab."""
        session = self.demo.api("/v1/sessions", {"email": email, "password": password})
        roles = self.demo.api("/v1/roles")["data"]
        permissions = next(one["permissions"] for one in roles if one["role"] == session["account"]["role"])
        current = {name: session[name] for name in ("token", "account")} | {"permissions": permissions}
        return f"sessionStorage.setItem('{STORE}', {json.dumps(json.dumps(current))})"

    def said(self, text: str) -> None:
        """Wait until this is said to everybody, readers of screens too."""
        self.see(".said", text)

    def order(self, sku: str = "seventeen-fogs", quantity: int = 2) -> Any:
        """A fresh order of a guest's, which is paid and not sent."""
        received = {"delta": quantity, "reason": "receive"}  # other tests buy it too
        self.demo.api(f"/v1/variants/{sku}/stock-movements", received, token=self.token)
        draft = {"lines": [{"sku": sku, "quantity": quantity}], "email": "nour@kiosque.test"}
        placed = self.demo.api("/v1/orders", draft)
        money = {"method": "transfer", "amount": placed["total"]}
        self.demo.api(f"/v1/orders/{placed['id']}/payments", money, token=self.token)
        return placed

    def value(self, name: str) -> str:
        return str(self.run("return document.querySelector(`main [name='${arguments[0]}']`).value", name))

    def erase(self, path: str) -> None:
        """DELETE it by the API."""
        headers = {"Authorization": f"Bearer {self.token}"}
        urllib.request.urlopen(urllib.request.Request(self.demo.url + path, None, headers, method="DELETE"))

    @property
    def token(self) -> str:
        """That of who is logged in."""
        return str(json.loads(self.run("return sessionStorage.getItem(arguments[0])", STORE))["token"])

    def faults(self, rules: list[str] = RULES) -> list[str]:
        """What axe finds on the page as it is: WCAG 2.2 AA and best practice."""
        if not self.run("return 'axe' in window"):
            self.run(AXE)
        found = self.driver.execute_async_script(
            "const [runOnly, done] = arguments; axe.run({runOnly}).then(({violations}) => done(violations))",
            rules,
        )
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found
            for node in one["nodes"]
        ]

    def faults_everywhere(self) -> list[str]:
        """What axe finds in light, in dark and on a phone, and whether the page fits into a phone."""
        found = [f"light: {fault}" for fault in self.faults()]
        self.scheme("dark")
        found += [f"dark: {fault}" for fault in self.faults(["color-contrast"])]  # all else is as before
        self.scheme("light")
        self.become_a_phone()
        found += [f"phone: {fault}" for fault in self.faults()]
        wide: Any = self.run("return document.documentElement.scrollWidth")
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        return found + ([f"{wide} pixels wide on a phone"] if wide > WIDTH else [])

    def scheme(self, name: str) -> None:
        feature = {"name": "prefers-color-scheme", "value": name}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


@pytest.fixture
def office_of(driver: Chrome) -> Callable[[Demo], AbstractContextManager[Office]]:
    """The office of any server."""

    @contextmanager
    def opened(demo: Demo) -> Iterator[Office]:
        office = Office(driver, demo.url)
        office.demo = demo
        with clean(office):
            yield office

    return opened


@pytest.fixture
def visitor(office_of: Callable[[Demo], AbstractContextManager[Office]], demo: Demo) -> Iterator[Office]:
    """A tab that will open the office."""
    with office_of(demo) as office:
        yield office


@pytest.fixture
def door(visitor: Office) -> Office:
    """The office, with nobody in yet."""
    visitor.driver.get(f"{visitor.demo.url}/admin/")
    visitor.see("main form")
    return visitor


@pytest.fixture
def office(visitor: Office) -> Office:
    """The office, with the owner in."""
    visitor.open_as()
    return visitor


def _axe() -> str:
    package = importlib.util.find_spec("selenium_axe_python")
    assert package is not None
    assert package.origin is not None
    return (Path(package.origin).parent / "axe-core" / "axe.min.js").read_text()


AXE = _axe()
