"""Text, slugs and URLs of an export, without control characters and stray markup."""

import hashlib
import html
import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from urllib.parse import quote, unquote

from api.text.fields import HIDDEN, WEB_URL

MAX_URL = 2_000
_ADDRESS = re.compile(WEB_URL)
_HOST = re.compile(r"^((?:https?:)?//)([^/?#:]+)")
_UNQUOTED = re.compile(r'[\s"<>\[\\\]^`{|}]|%(?![0-9A-Fa-f]{2})')
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ASCII_CONTROL = {number: None for number in range(128) if _CONTROL.match(chr(number))}
"""The same for ASCII, dropped several times as fast."""
_HIDDEN = re.compile(f"[{HIDDEN}]")
_MARKUP = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL)
_BREAKING = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|blockquote|tr|td|hr)\b[^<>]*>", re.IGNORECASE)
_HOLDS_MARKUP = re.compile(r"<[a-zA-Z][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w*);")


def clean(text: str | None) -> str:
    """The text with Unix line ends, without surrounding space and without control characters."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return (lines.translate(_ASCII_CONTROL) if lines.isascii() else _CONTROL.sub("", lines)).strip()


def plain(text: str | None) -> str:
    """HTML as one line of plain text: tags and hidden characters dropped, entities decoded once."""
    spaced = _BREAKING.sub(" ", text or "")
    return " ".join(_HIDDEN.sub("", clean(html.unescape(_MARKUP.sub("", spaced)))).split())


def holds_markup(text: str) -> bool:
    """Whether the text is HTML rather than plain."""
    return bool(_HOLDS_MARKUP.search(text))


def web_address(url: str | None) -> str | None:
    """An absolute http(s) URL or a path on the site; None for anything else.

    Characters that a browser would encode are encoded.
    """
    address = _UNQUOTED.sub(lambda sign: quote(sign[0]), _HOST.sub(_with_ascii_host, clean(url)))
    return address if len(address) <= MAX_URL and _ADDRESS.match(address) else None


def slug(text: str | None) -> str | None:
    """A slug, percent-decoded once if that gives UTF-8, in lower case and NFC; None if empty."""
    decoded = clean(text).strip("/")
    with suppress(UnicodeDecodeError):
        decoded = unquote(decoded, errors="strict")
    return unicodedata.normalize("NFC", clean(decoded).lower()) or None


@lru_cache(maxsize=1024)
def key(text: str) -> str:
    """A name or slug as it is compared: "Company News" and "company-news" are one category."""
    return re.sub(r"[\s_-]+", "-", (slug(text) or "")).strip("-")


def derived(*parts: object) -> str:
    """An id derived from the content, the same on every run, for rows without one."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _with_ascii_host(beginning: re.Match[str]) -> str:
    scheme, host = beginning.groups()
    try:
        return scheme + (host if host.isascii() else quote(host.encode("idna"), safe=""))
    except UnicodeError:
        return beginning[0]
