"""The text of mails: every kind in every language, and nothing in it but what the template says."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import jinja2
import pytest

from api.mail.records import Letter, MailKind
from api.mail.writing import LANGUAGES, OURS, Templates
from tests.mail.letters import COMMON, FACTS

EVERY = [(kind, language) for kind in get_args(MailKind) for language in LANGUAGES]


class Hrefs(HTMLParser):
    """The links and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def write(kind: str, language: str) -> Letter:
    return Templates().write(kind, [language], COMMON | FACTS[kind])


def test_every_kind_has_a_template_in_each_language_and_none_is_left_over():
    assert {path.name for path in OURS.iterdir()} == {f"{kind}.{language}.md" for kind, language in EVERY}


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_name_stays_a_name_whatever_it_looks_like(kind, language, tmp_path):
    letter = write(kind, language)
    (tmp_path / f"{kind}.{language}.html").write_text(letter.html)  # to look at

    page = Hrefs()
    page.feed(letter.html)
    assert {link for link in page.links if "kiosque.test" not in link} == set()
    assert "<b>" not in letter.html
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert "<b>x</b> all@evil.example Bcc: you@evil.example" in letter.text
    assert "\\" not in letter.text


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_both_parts_have_the_same_links(kind, language):
    letter = write(kind, language)

    page = Hrefs()
    page.feed(letter.html)
    assert set(page.links) == set(re.findall(r"https://kiosque\.test[^\s>]*", letter.text))


@pytest.mark.parametrize("kind", get_args(MailKind))
def test_languages_differ(kind):
    assert write(kind, "en").text != write(kind, "fr").text
    assert 'lang="fr"' in write(kind, "fr").html


def test_a_language_without_a_template_falls_back_to_the_next_and_then_to_english():
    templates = Templates()
    facts = COMMON | FACTS["login-code"]

    assert "Bonjour" in templates.write("login-code", ["sv", "fr"], facts).text
    assert "Hello" in templates.write("login-code", ["sv"], facts).text


def test_an_operator_replaces_a_template_or_adds_a_language(tmp_path: Path):
    (tmp_path / "login-code.en.md").write_text("Subject: Yours\n\nIt is {{ code }}.\n")
    (tmp_path / "login-code.sv.md").write_text("Subject: Din kod\n\nDet är {{ code }}.\n")
    templates = Templates(tmp_path)

    assert templates.write("login-code", ["en"], COMMON | FACTS["login-code"]).text == "It is 123456.\n"
    assert templates.write("login-code", ["sv"], COMMON | FACTS["login-code"]).subject == "Din kod"


def test_a_template_that_names_what_is_not_there_is_an_error(tmp_path: Path):
    (tmp_path / "login-code.en.md").write_text("Subject: Yours\n\nIt is {{ cod }}.\n")

    with pytest.raises(jinja2.UndefinedError):
        Templates(tmp_path).write("login-code", ["en"], COMMON | FACTS["login-code"])


def test_money_and_times_are_written_in_the_language_of_the_mail(tmp_path: Path):
    for language in ("en", "fr", "ja"):
        source = "Subject: x\n\n{{ {'amount': 123456, 'currency': 'EUR'}|money }} {{ at|time }}\n"
        (tmp_path / f"new-login.{language}.md").write_text(source)
    templates = Templates(tmp_path)

    texts = {
        language: templates.write("new-login", [language], COMMON | FACTS["new-login"]).text
        for language in ("en", "fr", "ja")
    }

    assert texts["en"] == "€1,234.56 November 22, 2026, 9:30:00\u202fAM UTC\n"
    assert texts["fr"].startswith("1\u202f234,56\xa0€ 22 novembre 2026")
    assert texts["ja"].startswith("€1,234.56 2026年11月22日")
