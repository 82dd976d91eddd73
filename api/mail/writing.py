"""The text of mails: one Markdown template for each kind and language becomes both parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import jinja2
import nh3
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_percent, get_currency_precision, parse_pattern
from cmarkgfm import markdown_to_html

from api.mail.records import Letter, MailKind

OURS = Path(__file__).parent / "templates"
LANGUAGES = ("en", "fr")
"""The languages that every kind of mail has; an operator's folder may have more."""

_TAGS = {"p", "a", "strong", "em", "ul", "ol", "li", "br", "h1", "h2", "code", "hr"}
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&:/@])")
_LINK = re.compile(r"\[([^\]]+)\]\((\S+)\)")
_PAGE = (
    '<!doctype html>\n<html lang="{language}">\n<meta charset="utf-8">\n<title>{title}</title>\n'
    '<body style="font: 16px/1.5 sans-serif; max-width: 36em; margin: 1em auto; padding: 0 1em">\n'
    "{body}</body>\n"
    "</html>\n"
)


class Link(str):
    """An address that we made, which a template shows as it is."""

    __slots__ = ()


class Templates:
    """Those of the operator's folder come before ours."""

    def __init__(self, folder: Path | None = None) -> None:
        folders = [*([folder] if folder else []), OURS]
        self._text, self._markdown = _environment(folders, plain), _environment(folders, escaped)

    def write(self, kind: MailKind, languages: Sequence[str], facts: Mapping[str, Any]) -> Letter:
        """The mail in the first of the languages that has a template, or else in English."""
        names = [f"{kind}.{language}.md" for language in dict.fromkeys([*languages, *LANGUAGES])]
        template = self._text.select_template(names)
        language = str(template.name).split(".")[-2]
        own = {**facts, "language": language}
        subject, text = _parts(template.render(own))
        _, source = _parts(self._markdown.get_template(str(template.name)).render(own))
        body = nh3.clean(markdown_to_html(source), tags=_TAGS, url_schemes={"http", "https"})
        page = _PAGE.format(language=language, title=escape(subject), body=body)
        return Letter(subject, _without_marks(text), page)


def plain(value: object) -> str:
    """A value on one line, whatever somebody is called."""
    return value if isinstance(value, Link) else _BREAKS.sub(" ", str(value))


def escaped(value: object) -> str:
    """A value that Markdown shows as it is, even if it looks like a link."""
    return value if isinstance(value, Link) else _MARKDOWN.sub(r"\\\1", plain(value))


def _environment(folders: Sequence[Path], finalize: Callable[[object], str]) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701  # finalize escapes, for Markdown
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "money": _money,
        "percent": _percent,
        "country": _country,
        "date": _date,
        "time": _time,
    }
    return environment


@jinja2.pass_context
def _money(context: jinja2.runtime.Context, amount: Mapping[str, Any]) -> str:
    """`{"amount": 1200, "currency": "EUR"}` as a sum in the language of the mail.

    `decimals` is how many the amount has, if not as many as the currency has in daily life.
    """
    currency, locale = amount["currency"], _locale(context["language"])
    decimals = amount.get("decimals", get_currency_precision(currency))
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (decimals, decimals)
    value = Decimal(amount["amount"]).scaleb(-decimals)
    return str(pattern.apply(value, locale, currency=currency, currency_digits=False))


@jinja2.pass_context
def _percent(context: jinja2.runtime.Context, rate: int) -> str:
    """Millionths as percent in the language of the mail."""
    share = Decimal(rate).scaleb(-6)
    return str(format_percent(share, locale=_locale(context["language"]), decimal_quantization=False))


@jinja2.pass_context
def _country(context: jinja2.runtime.Context, code: str) -> str:
    """The name of a country in the language of the mail."""
    return str(_locale(context["language"]).territories.get(code, code))


@jinja2.pass_context
def _date(context: jinja2.runtime.Context, instant: str) -> str:
    """The day of an instant in the language of the mail, in UTC."""
    return str(format_date(datetime.fromisoformat(instant), "long", locale=_locale(context["language"])))


@jinja2.pass_context
def _time(context: jinja2.runtime.Context, instant: str) -> str:
    """An instant in the language of the mail, in UTC."""
    moment = datetime.fromisoformat(instant)
    return f"{format_datetime(moment, 'long', locale=_locale(context['language']))}"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def _parts(rendered: str) -> tuple[str, str]:
    """The subject and the text of a template's result."""
    head, _, text = rendered.partition("\n\n")
    return head.removeprefix("Subject: ").strip(), text


def _without_marks(markdown: str) -> str:
    text = _LINK.sub(r"\1:\n\2", markdown).replace("**", "")
    text = re.sub(r" +$", "", text, flags=re.MULTILINE)  # they break a line
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
