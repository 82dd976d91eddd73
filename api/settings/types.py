"""The types of settings: how the text of a variable is read, and in what words it is refused."""

from __future__ import annotations

import ipaddress
import re
import string
import unicodedata
from collections.abc import Callable
from email.utils import formataddr, parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from api.settings.countries import CODES
from api.settings.public_site import SLUG

LANGUAGE = (
    r"^([A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})"
    r"(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
    r"(-[0-9A-WYZa-wyz](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?\Z"
)
"""The pattern of a language tag (RFC 5646)."""


class SettingType(NamedTuple):
    """`name` is for people; `read` turns a text into a value, or raises ValueError with the reason."""

    name: str
    read: Callable[[str], Any]
    holds_password: bool = False
    is_secret: bool = False


def one_of(*choices: str) -> SettingType:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"{text!r} is not one of {', '.join(choices)}")
        return text

    return SettingType(" or ".join(f"`{choice}`" for choice in choices), read)


def count(least: int, most: int) -> SettingType:
    """A whole number within bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise ValueError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return SettingType(f"{least}–{most}", read)


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise ValueError(f"{text!r} is not a folder")
    return path.resolve()


def _database(text: str) -> str:
    if not re.match(r"sqlite:///.|postgres(ql)?://.", text):
        raise ValueError("it starts neither with sqlite:/// nor with postgresql://")  # may hold a password
    if text.startswith("postgres") and find_spec("psycopg") is None:
        raise ValueError("PostgreSQL needs its driver: pip install 'kiosque-server[postgres]'")
    try:
        _ = urlsplit(text).port
    except ValueError:
        raise ValueError(
            "its port is not a number; in a password, write / as %2F, ? as %3F, # as %23"
        ) from None
    if text.startswith("sqlite:///file:"):
        raise ValueError("name SQLite's file by its path, as in sqlite:////var/lib/kiosque/kiosque.db")
    return text


def _mail_server(text: str) -> str:
    if text == "print:":
        return text
    if not re.match(r"smtps?://.", text):
        raise ValueError("it is neither smtp://host:587 nor smtps://host:465")  # may hold a password
    try:
        host, _ = urlsplit(text).hostname, urlsplit(text).port
    except ValueError:
        host = None
    if not host:
        raise ValueError("its host or port is wrong; in a password, write @ as %40, / as %2F, # as %23")
    return text


def _sender(text: str) -> str:
    name, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    if not (local and domain) or set(text) & set("\r\n"):
        raise ValueError(f"{text!r} is not an e-mail address, such as Shop <shop@example.org>")
    return formataddr((name, address)) if name else address


def _address(text: str) -> str:
    host, separator, port = text.rpartition(":")
    if not separator or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"{text!r} is not an address and a port, such as 127.0.0.1:8000")
    return text


def _web_url(text: str) -> str:
    parts = urlsplit(text)
    is_web = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    if not is_web or parts.query or parts.fragment:  # nothing of it is repeated: it may hold a password
        raise ValueError("it is not the address of a site, such as https://example.org")
    return text.rstrip("/")


def host_and_port(url: str) -> tuple[str, int]:
    """The host of an address, without the final dot that changes nothing, and its port, named or not."""
    parts = urlsplit(url)
    return (parts.hostname or "").removesuffix("."), parts.port or (80 if parts.scheme == "http" else 443)


def is_loopback(url: str) -> bool:
    """Whether the address of a site leads to this machine alone."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _origin(text: str) -> str:
    parts = urlsplit(text)
    is_web = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    if not is_web or text != f"{parts.scheme}://{parts.netloc}":
        raise ValueError(f"{text!r} is not an origin, such as https://example.org (no path, no final slash)")
    _ = parts.port
    return text.lower()


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is not an IP address, such as 127.0.0.1 or 10.0.0.0/8") from None
    return text


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError(f"{text!r} is not a currency code of ISO 4217, such as EUR")
    return text


def _header_value(text: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?", text):
        raise ValueError("it is not one line of visible ASCII characters")
    return text


def line(longest: int) -> SettingType:
    """A line of text for people."""

    def read(text: str) -> str:
        if any(unicodedata.category(character) in _UNPRINTED for character in text):
            raise ValueError("it must be one line of text in UTF-8, without control characters")
        if len(text) > longest:
            raise ValueError(f"it is longer than {longest} characters")
        if text and not any(unicodedata.category(character)[0] in "LNPS" for character in text):
            raise ValueError("it contains nothing visible")
        return text.strip()

    return SettingType("text", read)


def text(longest: int) -> SettingType:
    """Lines of text for people."""

    def read(text: str) -> str:
        if len(text) > longest:
            raise ValueError(f"it is longer than {longest} characters")
        return "\n".join(map(line(longest).read, text.strip().splitlines()))

    return SettingType("text", read)


_UNPRINTED = ("Cc", "Cs", "Zl", "Zp")


def _page(text: str) -> str:
    if not re.match(r"(https?://[^/?#@{}]+)?/(?!/)", text):
        raise ValueError(f"{text!r} is neither a path that starts with one / nor an http or https address")
    _ = urlsplit(text).port
    if SLUG not in text:
        raise ValueError(f"{text!r} lacks {SLUG}, which stands for the slug, as in /article/{SLUG}")
    rest = text.replace(SLUG, "")
    if len(text) > 500 or re.search(r"[\s\x00-\x20\x7f\"<>\\^`{|}\ud800-\udfff]|%(?![0-9A-Fa-f]{2})", rest):
        raise ValueError(f"{text!r} is not an address: escape spaces and special characters as in %20")
    return quote(text, safe=string.punctuation)


def _location(text: str) -> str:
    if not re.fullmatch(r"/(?:[A-Za-z0-9_-]+/)+", text):
        raise ValueError(f"{text!r} is no path that begins and ends with /, such as /protected/")
    if text.split("/")[1] in ("v1", "media", "admin"):
        raise ValueError(f"{text} is a path of Kiosque: choose one that nobody asks for, such as /protected/")
    return text


def _languages(text: str) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(_words(text)))
    for tag in tags:
        if re.match(LANGUAGE, tag) is None:
            raise ValueError(f"{tag!r} is not a language tag, such as en or pt-BR")
    if not tags:
        raise ValueError("it names no language, such as en")
    return tags


def _country(text: str) -> str:
    if text and text not in CODES:
        raise ValueError(f"{text!r} is not a country code of ISO 3166, such as FR")
    return text


def _payments(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(_words(text)))
    for name in names:
        if name not in ("manual", "stripe", "test"):
            raise ValueError(f"{name!r} is not one of manual, stripe, test")
    if not names:
        raise ValueError("it names no way to pay, such as manual")
    if "stripe" in names and find_spec("stripe") is None:
        raise ValueError("Stripe needs its package: pip install 'kiosque-server[stripe]'")
    return names


def _stripe_key(text: str) -> str:
    if text.startswith("pk_"):
        raise ValueError("this is the publishable key; use a restricted one, which begins with rk_")
    if not re.fullmatch(r"(sk|rk)_(live|test)_\w+", text, re.ASCII):
        raise ValueError(
            "it is not a key of Stripe, which begins with rk_live_, rk_test_, sk_live_ or sk_test_"
        )
    return text


def _stripe_secrets(text: str) -> tuple[str, ...]:
    secrets = tuple(dict.fromkeys(_words(text)))
    if not all(re.fullmatch(r"whsec_\w+", secret, re.ASCII) for secret in secrets):
        raise ValueError("a signing secret of Stripe begins with whsec_")
    return secrets


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


NEW_FOLDER = SettingType("folder", lambda text: Path(text).absolute())
FOLDER = SettingType("folder", _folder)
DATABASE = SettingType("URL", _database, holds_password=True)
ADDRESS = SettingType("address:port", _address)
WEB_URL = SettingType("URL", _web_url)
MAIL_SERVER = SettingType("URL", _mail_server, holds_password=True)
SENDER = SettingType("address", _sender)
HOSTS = SettingType("list of hosts", lambda text: frozenset(host.lower() for host in _words(text)))
ORIGIN = SettingType("origin", _origin)
ORIGINS = SettingType("list of origins", lambda text: frozenset(map(_origin, _words(text))))
NETWORKS = SettingType("list of addresses", lambda text: tuple(map(_network, _words(text))))
HEADER_VALUE = SettingType("policy", _header_value)
LOCATION = SettingType("path", _location)
PAGE = SettingType("path or URL", _page)
LANGUAGES = SettingType("list of language tags", _languages)
COUNTRY = SettingType("ISO 3166 code", _country)
CURRENCY = SettingType("ISO 4217 code", _currency)
PAYMENTS = SettingType("list of providers", _payments)
STRIPE_KEY = SettingType("key", _stripe_key, is_secret=True)
STRIPE_SECRETS = SettingType("list of secrets", _stripe_secrets, is_secret=True)
