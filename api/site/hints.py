"""Early hints: Link fields (RFC 8288) and 103 (RFC 8297) let browsers load what a page needs sooner."""

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
"""Bytes of a page that are searched for its <head>."""

MOST = 10
LONGEST = 500
"""The most links, and the most characters in the URL of each."""

_PIECE = 4096
_SITE = "http://site"  # any host: RFC 3986 §5.2 resolves only against a whole URL
_IN_HEAD = frozenset(
    ("html", "head", "base", "link", "meta", "noscript", "script", "style", "template", "title")
)
# The content of these is text, or is not loaded by browsers that run scripts.
_ASIDE = frozenset(("noscript", "template", "title"))
# Hints do not support these everywhere, and without them would fetch what the page may not use.
_CONDITIONAL = frozenset(("disabled", "imagesrcset", "integrity", "media"))
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")


def announce(
    req: Request, resp: Response, *, file: str, size: int, modified: int, behind_proxy: bool
) -> None:
    """Send the links of the page in `file` in Link, and before the answer if the client understands 103."""
    folder = req.path.rpartition("/")[0] + "/"
    try:
        links = _links(file, folder, size, modified)
    except OSError:
        return  # deleted since it was found
    if not links:
        return
    resp.set_header("Link", links)
    send_early = req.env.get("wsgi.early_hints")
    if send_early is not None and not behind_proxy and _takes_early(req):
        with contextlib.suppress(OSError):  # the client has disconnected, which the answer will notice
            send_early([("Link", links)])


def _takes_early(req: Request) -> bool:
    """Many clients mistake a 103 for the answer: Python's http.client, and so requests and urllib3. Browsers
    do not. Proxies are excluded, because behind some (nginx before 1.29) the page would never arrive."""
    return (
        req.method == "GET"
        and req.get_header("Sec-Fetch-Mode") == "navigate"
        and all(req.get_header(name) is None for name in FORWARDING)
    )


@lru_cache(256)
def _links(file: str, folder: str, size: int, modified: int) -> str:
    """The page's links as the value of Link; `size` and `modified` identify the version in the cache."""
    del size, modified
    with Path(file).open("rb") as page:
        text = page.read(READ).decode("utf-8", "replace")
    head = _Head(folder)
    with contextlib.suppress(AssertionError):  # html.parser gave up; the links before that point are valid
        for at in range(0, len(text), _PIECE):
            head.feed(text[at : at + _PIECE])
            if head.ended:
                break
    return ", ".join(head.links)


class _Head(HTMLParser):
    """Collects the links of a <head>, whose end tag may be omitted."""

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
    """`reference` resolved against `base` as in a browser; empty for another site."""
    reference = re.sub("[\t\n\r]", "", reference or "").strip(" \f")
    if not base or not reference or re.match(r"[/\\]{2}", reference):
        return ""
    try:
        return "" if urlsplit(reference).scheme else urljoin(base, reference)
    except ValueError:
        return ""


def _path(url: str) -> str | None:
    """Path and query of a URL of this site, escaped for a header."""
    _, _, path, query, _ = urlsplit(url)
    if not path or path.startswith("//") or "\\" in path:
        return None
    escaped = quote(path, safe="/%:@!$&'()*+,;=")  # % is safe, so that escapes stay as they are
    if query:
        escaped += "?" + quote(query, safe="/%:@!$&'()*+,;=?")
    return escaped if len(escaped) <= LONGEST else None


def _link(attributes: dict[str, str | None], path: str) -> str | None:
    """A <link> in the syntax of RFC 8288, if it is one that pages load."""
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
