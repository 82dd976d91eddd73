"""Addresses of pictures: those that a text shows, and the original of which one is a smaller variant."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from api.imports.text import plain
from api.media import uses

# The output of the sanitiser is regular: attributes are in double quotes, and every other `<` is escaped.
_TAG = re.compile(r'<(a|img|video)((?: [a-z-]+="[^"]*+")++)>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*+)"')
_ENDING = r"\.(?:jpe?g|png|gif|webp|avif)"
_PICTURE = re.compile(rf"{_ENDING}\Z", re.IGNORECASE)

_WORDPRESS = re.compile(rf"-(\d{{2,4}})x(\d{{2,4}})(?={_ENDING}\Z)", re.IGNORECASE)
_GHOST = re.compile(r"(?<=/content/images/)size/w(\d{1,4})(?:h(\d{1,4}))?/(?:format/[a-z0-9]+/)?")
_SHOPIFY = re.compile(
    r"_(?:(\d{1,4})?x(\d{1,4})?|pico|icon|thumb|small|compact|medium|large|grande|master)"
    rf"(?:_crop_[a-z]+)?(?:@[23]x)?(?={_ENDING}\Z)",
    re.IGNORECASE,
)
_RESIZING = {"width", "height", "crop", "w", "h", "fit", "resize", "quality", "strip", "ssl", "zoom"}
"""Parameters by which the servers of Shopify and WordPress.com make a variant."""


class Shown(NamedTuple):
    """A picture as a text names it."""

    address: str
    alt: str = ""


class Original(NamedTuple):
    """An address without what makes a smaller variant of it, and the pixels that the variant has at most."""

    address: str
    width: int = 0
    height: int = 0


def shown_in(body_html: str) -> Iterator[Shown]:
    """The pictures that a sanitised text shows or, larger, links to, except those of this site."""
    for tag in _TAG.finditer(body_html):
        values = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag[2])}
        match tag[1]:
            case "img":
                address = values.get("src")
            case "video":
                address = values.get("poster")
            case _:
                address = values.get("href")
                if address and not _PICTURE.search(_path(address)):
                    continue
        if address and uses.file_of(address) is None:
            yield Shown(address, plain(values.get("alt")))


def absolute(address: str, site: str) -> str:
    """The address with a scheme and a host, those of `site` if it names none; else it stays as it is."""
    address = address.strip().partition("#")[0]
    if address.startswith("//"):
        return f"https:{address}"
    if address.startswith("/") and site:
        return site.rstrip("/") + address
    return address


def original(address: str) -> Original:
    """The original of an absolute address; most are their own."""
    try:
        scheme, host, path, query, _ = urlsplit(address)
    except ValueError:
        return Original(address)
    host, width, height = host.lower(), 0, 0
    if "/content/images/size/" in path:
        pattern = _GHOST
    elif host == "cdn.shopify.com" or "/cdn/shop/" in path:
        pattern = _SHOPIFY
    else:
        pattern = _WORDPRESS
    if variant := pattern.search(path):
        path = path[: variant.start()] + path[variant.end() :]
        width, height = int(variant[1] or 0), int(variant[2] or 0)
    if pattern is _SHOPIFY or host.endswith((".wp.com", ".wordpress.com")):
        parameters = parse_qsl(query, keep_blank_values=True)
        width = width or next((int(value) for name, value in parameters if _is_width(name, value)), 0)
        query = urlencode([pair for pair in parameters if pair[0] not in _RESIZING])
    return Original(urlunsplit((scheme, host, path, query, "")), width, height)


def key_of(address: str) -> tuple[str, str]:
    """The host, and the rest, by which an absolute address is known whether it is read with TLS or not."""
    _, scheme, rest = address.partition("://")
    host, _, path = (rest if scheme else f"/{address}").partition("/")
    return host, unquote(path)


def name_of(address: str) -> str:
    """The file name at the end of an address."""
    return plain(unquote(_path(address).rpartition("/")[2]))[-200:].strip() or "picture"


def _is_width(name: str, value: str) -> bool:
    return name in ("width", "w") and value.isdecimal() and len(value) < 5


def _path(address: str) -> str:
    return re.split(r"[?#]", address, maxsplit=1)[0]
