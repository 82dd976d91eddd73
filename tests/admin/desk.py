"""An article at the desk, and what a writer does there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from selenium import webdriver
from selenium.webdriver.common.keys import Keys

if TYPE_CHECKING:
    from tests.admin.office import Office


def new_draft(office: Office) -> Any:
    """A draft, open at the desk."""
    body = {"title": "Tides", "body": "The sea comes.\n\nThe sea goes.", "tags": ["sea, salt"]}
    one = office.demo.api("/v1/articles", body, token=office.token)
    office.visit(f"#/articles/{one['id']}")
    office.see("[name=body]")
    return one


def stored(office: Office, one: Any) -> Any:
    return office.demo.api(f"/v1/articles/{one['id']}", token=office.token)


def write_at(office: Office, position: int, text: str) -> None:
    office.run(
        "const it = document.querySelector('[name=body]'); it.focus(); it.setSelectionRange(...arguments[0])",
        [position, position],
    )
    office.press(text)


def control(office: Office, key: str) -> None:
    keys = webdriver.ActionChains(office.driver)
    keys.key_down(Keys.CONTROL).send_keys(key).key_up(Keys.CONTROL).perform()
