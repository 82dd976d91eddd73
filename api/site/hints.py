"""Tells a browser what a page will load before it has the page: Link fields (RFC 8288), 103 (RFC 8297)."""

from __future__ import annotations

import contextlib
import re
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

from api.web.context import Request, Response
from api.web.middleware import FORWARDING

READ = 64 * 1024
"""Bytes of a page in which its <head> is looked for."""

MOST = 10
LONGEST = 500
"""Of links, and of the characters in the address of each."""

_PIECE = 4096
_SITE = "http://site"  # any: to resolve against, as RFC 3986 §5.2 does only from a whole URL
_IN_HEAD = frozenset(
    ("html", "head", "base", "link", "meta", "noscript", "script", "style", "template", "title")
)
# What these hold is text, or nothing that a browser with scripts loads.
_ASIDE = frozenset(("noscript", "template", "title"))
# A hint cannot say these everywhere, and without them it fetches what the page may not use.
_CONDITIONAL = frozenset(("disabled", "imagesrcset", "integrity", "media"))
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")


def announce(req: Request, resp: Response, *, file: str, size: int, modified: int) -> None:
    """Put what the page in `file` loads into Link, and ahead of the answer if the client understands that."""
    folder = req.path.rpartition("/")[0] + "/"
    try:
        links = _links(file, folder, size, modified)
    except OSError:
        return  # gone since it was found
    if not links:
        return
    resp.set_header("Link", links)
    send_early = req.env.get("wsgi.early_hints")
    if send_early is not None and _takes_early(req):
        with contextlib.suppress(OSError):  # the client has gone, as the answer will find out
            send_early([("Link", links)])


def _takes_early(req: Request) -> bool:
    """Many clients take a 103 for the answer: Python's http.client, so requests and urllib3 too. Browsers do
    not. Nor may a proxy be in between: behind nginx before 1.29, for one, the page would never arrive."""
    return (
        req.method == "GET"
        and req.get_header("Sec-Fetch-Mode") == "navigate"
        and all(req.get_header(name) is None for name in FORWARDING)
    )


@lru_cache(256)
def _links(file: str, folder: str, size: int, modified: int) -> str:
    """What the page loads, as the value of Link; `size` and `modified` tell its versions apart."""
    del size, modified
    with Path(file).open("rb") as page:
        text = page.read(READ).decode("utf-8", "replace")
    head = _Head(folder)
    with contextlib.suppress(AssertionError):  # html.parser gives up; what it has seen before holds
        for at in range(0, len(text), _PIECE):
            head.feed(text[at : at + _PIECE])
            if head.ended:
                break
    return ", ".join(head.links)


class _Head(HTMLParser):
    """Collects the links of a <head> up to its end, which need not be written."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.links: dict[str, None] = {}  # a set in the order of the page
        self.ended = False
        self._base = _SITE + folder
        self._is_based = False
        self._aside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ended |= tag not in _IN_HEAD
        if self.ended or self._aside:
            return
        attributes = dict(attrs)
        if tag in _ASIDE:
            self._aside = tag
        elif tag == "base" and "href" in attributes and not self._is_based:  # only the first counts
            self._is_based = True
            self._base = _joined(self._base, attributes["href"])
        elif tag == "link" and len(self.links) < MOST:
            path = _path(_joined(self._base, attributes.get("href")))
            link = _link(attributes, path) if path else None
            if link:
                self.links[link] = None

    def handle_endtag(self, tag: str) -> None:
        self.ended |= tag == "head"
        if tag == self._aside:
            self._aside = ""


def _joined(base: str, reference: str | None) -> str:
    """Where `reference` leads from `base`, as a browser reads it; nowhere, when that is another site."""
    reference = re.sub("[\t\n\r]", "", reference or "").strip(" \f")
    if not base or not reference or re.match(r"[/\\]{2}", reference):
        return ""
    try:
        return "" if urlsplit(reference).scheme else urljoin(base, reference)
    except ValueError:
        return ""


def _path(url: str) -> str | None:
    """Path and query of a URL of this site in characters that a header can hold."""
    _, _, path, query, _ = urlsplit(url)
    if not path or path.startswith("//") or "\\" in path:
        return None
    escaped = quote(path, safe="/%:@!$&'()*+,;=")  # what is escaped already stays as it is
    if query:
        escaped += "?" + quote(query, safe="/%:@!$&'()*+,;=?")
    return escaped if len(escaped) <= LONGEST else None


def _link(attributes: dict[str, str | None], path: str) -> str | None:
    """A <link> as RFC 8288 writes it, if it is one to load."""
    relations = (attributes.get("rel") or "").lower().split()
    destination = (attributes.get("as") or "").lower()
    media_type = attributes.get("type") or ""
    if "alternate" in relations or attributes.keys() & _CONDITIONAL:
        return None
    if "stylesheet" in relations:
        link = f"<{path}>; rel=preload; as=style"
    elif "modulepreload" in relations:
        link = f"<{path}>; rel=modulepreload"
    elif "preload" in relations and re.fullmatch("[a-z]+", destination):
        link = f"<{path}>; rel=preload; as={destination}"
        if _MEDIA_TYPE.fullmatch(media_type):
            link += f'; type="{media_type}"'
    else:
        return None
    if "crossorigin" in attributes:
        is_sent = (attributes["crossorigin"] or "").lower() == "use-credentials"
        link += "; crossorigin=use-credentials" if is_sent else "; crossorigin"
    return link
