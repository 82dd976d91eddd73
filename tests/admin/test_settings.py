"""The settings in force and the checks of the installation, for owners to read."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

pytest_plugins = ("tests.site.browser", "tests.admin.office")
pytestmark = pytest.mark.xdist_group("office")


def test_by_keyboard_alone_the_owner_reads_the_checks_and_checks_again(office):
    office.visit("#/settings")
    office.see("tbody th", "schema")
    assert office.faults_everywhere() == []

    office.tab_to("main button")
    office.press(Keys.ENTER)

    office.said("Checked.")
    assert office.run("return document.activeElement.matches('main button')")


def test_settings_have_their_values_and_secrets_have_none(office):
    office.visit("#/settings")
    office.see("tbody th", "KIOSQUE_BIND")

    rows = dict(zip(office.texts("tbody th"), office.texts("tbody tr"), strict=True))
    (secret,) = (row for name, row in rows.items() if name.startswith("KIOSQUE_STRIPE_KEY"))
    (bind,) = (row for name, row in rows.items() if name.startswith("KIOSQUE_BIND"))
    assert "not set (secret)" in secret
    assert "127.0.0.1:" in bind
