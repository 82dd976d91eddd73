"""The languages of the sample site: the reader's, among those that the site has."""

from __future__ import annotations

import pytest

pytest_plugins = "tests.site.browser"
pytestmark = pytest.mark.xdist_group("browser")

CHOICE = """
document.querySelector('meta[name=kiosque-languages]').content = arguments[0];
const { language, otherLanguage } = await import(`/js/words.js?${arguments[0]}`);
return [language, otherLanguage ?? null];"""


@pytest.mark.parametrize(
    ("reader", "page"), [("fr-CA", "fr"), ("de,fr", "fr"), ("en-GB", "en"), ("ja", "en")]
)
def test_a_page_is_in_the_first_language_of_the_reader_that_the_site_has(browser, reader, page):
    browser.speak(reader)

    browser.open("/login/")

    browser.see(f"html[lang={page}] h1")


def test_a_site_of_one_language_offers_no_other(browser):
    browser.open("/login/")

    assert browser.run(CHOICE, "en") == ["en", None]
    assert browser.run(CHOICE, "fr") == ["fr", None]
    assert browser.run(CHOICE, "fr-CA en") == ["en", "fr"]
    assert browser.run(CHOICE, "ja") == ["en", None]
