"""The sample site as a person meets it: a demonstration server, and headless Chromium in front of it."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.site.demonstration import SECONDS, SELLER, Demo, demo_server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMEDRIVER = shutil.which("chromedriver")
CUSTOMER = {"email": "customer@kiosque.test", "password": "second-ferry-home"}
MOST_TABS = 40
STORE = "kiosque-session"
VISIBLE = """
const [css, text] = arguments;
const seen = (node) => node.checkVisibility({checkVisibilityCSS: true}) && node.getClientRects().length;
const says = (node) => (node.innerText ?? "").includes(text);
return [...document.querySelectorAll(css)].find((node) => seen(node) && says(node));"""
EXPECTED = re.compile(r"network: \S+(/v1/\S+ - .* status of 4\d\d |/favicon\.ico - )")
"""Refusals by the API; and the icon for which Chromium asks where no page names another."""
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
)


class Browser:
    """One tab: where to go, what to see there, and what the person does."""

    def __init__(self, driver: webdriver.Chrome, site: str) -> None:
        self.driver = driver
        self._site = site
        self._scripts: list[dict[str, str]] = []
        self._wait = WebDriverWait(driver, SECONDS, 0.04, [StaleElementReferenceException])

    def open(self, path: str) -> None:
        self.driver.get(self._site + path)
        self.see("main > *")
        self.until("return !document.querySelector('.waiting')", f"{path} is not drawn")

    def see(self, css: str, text: str = "") -> WebElement:
        """The first visible element that has the text, as soon as there is one."""

        # In one step: between two of them the page may draw another element in its place.
        found = self._wait.until(
            lambda _driver: self.run(VISIBLE, css, text),
            f"no {css} with {text!r} at {self.driver.current_url}",
        )
        assert isinstance(found, WebElement)
        return found

    def texts(self, css: str) -> list[str]:
        return [one.text for one in self.driver.find_elements(By.CSS_SELECTOR, css)]

    def click(self, css: str, text: str = "") -> None:
        element = self.see(css, text)
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def type(self, name: str, text: str, *more: str) -> None:
        field = self.see(f"[name={name}]")
        field.clear()
        field.send_keys(text, *more)

    def press(self, *keys: str) -> None:
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def tab_to(self, css: str) -> None:
        """Press the tab key until the focus is there."""
        for _ in range(MOST_TABS):
            if self.run("return document.activeElement.matches(arguments[0])", css):
                return
            self.press(Keys.TAB)
        raise AssertionError(f"the tab key does not reach {css}")

    def speak(self, language: str) -> None:
        """What this tab opens from now on meets a reader of that language."""
        agent = {"userAgent": self.run("return navigator.userAgent"), "acceptLanguage": language}
        self.driver.execute_cdp_cmd("Emulation.setUserAgentOverride", agent)

    def before_pages(self, script: str) -> None:
        """Run it first in every page that is opened from now on."""
        command = "Page.addScriptToEvaluateOnNewDocument"
        self._scripts.append(self.driver.execute_cdp_cmd(command, {"source": script}))

    def forget(self) -> None:
        """Be as a new tab is: no session, no draft, no script, no size, colours or language of one's own."""
        while self._scripts:
            self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", self._scripts.pop())
        self.driver.execute_cdp_cmd("Emulation.setUserAgentOverride", {"userAgent": ""})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.driver.get(f"{self._site}/healthz")  # a page that is left may store what was typed there
        self.run("sessionStorage.clear(); localStorage.clear()")
        self.complaints()

    def run(self, script: str, *values: object) -> Any:
        return self.driver.execute_script(script, *values)

    def until(self, script: str, otherwise: str) -> None:
        self._wait.until(lambda _driver: self.run(script), otherwise)

    def wait_for(self, condition: Callable[[], Any], otherwise: str) -> Any:
        return self._wait.until(lambda _driver: condition(), otherwise)

    def arrive(self, address: str) -> None:
        """Wait until the address bar says this, from the path on."""
        self.until(
            f"return location.pathname + location.search === {json.dumps(address)}", f"not at {address}"
        )

    def log_in(self, email: str = CUSTOMER["email"], password: str = CUSTOMER["password"]) -> None:
        self.type("email", email)
        self.type("password", password)
        self.click("main form button")
        self.see("nav a", "Account")

    def log_in_refused(self, email: str, password: str) -> None:
        self.type("email", email)
        self.type("password", password, Keys.ENTER)
        self.see(".notice.bad", "Wrong e-mail or password.")

    def log_in_unseen(self, demo: Demo) -> None:
        """Every page of this tab begins with a fresh session of the demo's customer, until it is ended."""
        session = demo.api("/v1/sessions", CUSTOMER)
        script = (
            f"sessionStorage.length || sessionStorage.setItem('{STORE}', {json.dumps(json.dumps(session))})"
        )
        self.before_pages(script)

    def keep_session(self, kept: object) -> None:
        value = kept if isinstance(kept, str) else json.dumps(kept)
        self.run("sessionStorage.setItem(arguments[0], arguments[1])", STORE, value)

    def become_a_phone(self) -> None:
        """360 × 740, which is narrower than a window of a desktop can be made."""
        size = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def complaints(self) -> list[str]:
        """What the console says and which other hosts were asked, since this was last called."""
        console = [f"{entry['source']}: {entry['message']}" for entry in self.driver.get_log("browser")]
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        asked = [
            one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"
        ]
        abroad = [f"asked: {url}" for url in asked if urlsplit(url).netloc != urlsplit(self._site).netloc]
        return console + [line for line in abroad if not line.startswith("asked: data:")]


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    if not (CHROMIUM and CHROMEDRIVER):
        pytest.skip("needs a browser: apt-get install chromium chromium-driver")
    with _chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(scope="module")
def demo_settings() -> dict[str, str]:
    """Those of the server, for the tests of a module that need others."""
    return {}


@pytest.fixture(scope="session")
def demos(
    driver: webdriver.Chrome, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[dict[str, str]], Demo]]:
    """One server for each set of settings, stopped while the browser still has connections open."""
    started: dict[str, Demo] = {}
    with contextlib.ExitStack() as servers:

        def demo_with(settings: dict[str, str]) -> Demo:
            key = json.dumps(settings, sort_keys=True)
            if key not in started:
                folder = tmp_path_factory.mktemp("demo")
                started[key] = servers.enter_context(
                    demo_server(folder, {"KIOSQUE_LIMITS": "off", "KIOSQUE_SELLER": SELLER, **settings})
                )
            return started[key]

        yield demo_with


@pytest.fixture(scope="module")
def demo(demos: Callable[[dict[str, str]], Demo], demo_settings: dict[str, str]) -> Demo:
    """A server that all modules with these settings share."""
    return demos(demo_settings)


@pytest.fixture
def browser(browser_of: Callable[[str], AbstractContextManager[Browser]], demo: Demo) -> Iterator[Browser]:
    with browser_of(demo.url) as tab:
        yield tab


@pytest.fixture
def browser_of(driver: webdriver.Chrome) -> Callable[[str], AbstractContextManager[Browser]]:
    """The tab at any server."""
    return lambda url: clean(Browser(driver, url))


@contextlib.contextmanager
def clean(tab: Browser) -> Iterator[Browser]:
    """A tab in which nothing is left for other tests; its console may tell of the API's refusals only."""
    tab.complaints()
    yield tab
    complaints = tab.complaints()
    tab.forget()
    assert [line for line in complaints if not EXPECTED.match(line)] == []


@contextlib.contextmanager
def _chromium(folder: Path) -> Iterator[webdriver.Chrome]:
    """Headless Chromium with a fresh profile, that tells what it asked for; nothing is downloaded for it."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"intl.accept_languages": "en-GB"})
    options.add_experimental_option("perfLoggingPrefs", {"enablePage": False})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
    try:
        driver.get("about:blank")
        driver.get_log("performance")  # its own first page asks other hosts
        yield driver
    finally:
        driver.quit()
