"""The rules of Atom (RFC 4287), JSON Feed 1.1 and the protocol of sitemaps, each an assertion."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs

from api.settings.types import LANGUAGE

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XML = "{http://www.w3.org/XML/1998/namespace}"
_URI = jsonschema_rs.Draft202012Validator({"format": "uri"}, validate_formats=True)
_FEED_ONCE = ("id", "title", "updated", "subtitle")
_ENTRY_ONCE = ("id", "title", "updated", "published", "summary", "content")


def check_atom(document: bytes) -> None:
    """RFC 4287 §3 and §4."""
    feed = ElementTree.fromstring(document)
    assert feed.tag == f"{ATOM}feed"
    _check_element(feed, _FEED_ONCE, required=("id", "title", "updated"))
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        _check_element(entry, _ENTRY_ONCE, required=("id", "title", "updated"))
        assert feed.find(f"{ATOM}author") is not None or entry.find(f"{ATOM}author") is not None
        assert entry.find(f"{ATOM}content").get("type") == "html"
        assert _instant(entry.findtext(f"{ATOM}updated")) <= _instant(feed.findtext(f"{ATOM}updated"))
    _check_unique([entry.findtext(f"{ATOM}id") for entry in entries])


def check_json_feed(feed: Any) -> None:
    """JSON Feed 1.1."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"].strip()
    assert re.match(LANGUAGE, feed["language"])
    _check_urls(feed, "home_page_url", "feed_url")
    for item in feed["items"]:
        assert item["id"]
        assert isinstance(item["content_html"], str)
        assert item["title"].strip()
        _check_urls(item, "url", "image")
        assert _instant(item["date_published"]) <= _instant(item["date_modified"])
        assert all(author["name"].strip() for author in item["authors"])
        _check_unique(item["tags"])
        assert re.match(LANGUAGE, item.get("language", "en"))
    _check_unique([item["id"] for item in feed["items"]])


def check_sitemap(document: bytes) -> None:
    """The protocol of sitemaps.org: at most 50,000 addresses and 50 MiB, each with a date of W3C's form."""
    places = ElementTree.fromstring(document)
    assert places.tag == f"{SITEMAP}urlset"
    assert 0 < len(places) <= 50_000
    assert len(document) <= 50 * 2**20
    for place in places:
        assert {child.tag for child in place} <= {f"{SITEMAP}loc", f"{SITEMAP}lastmod"}
        address = place.findtext(f"{SITEMAP}loc")
        assert _URI.is_valid(address)
        assert len(address) < 2_048
        _instant(place.findtext(f"{SITEMAP}lastmod") or "2026-01-01T00:00:00.000Z")
    _check_unique([place.findtext(f"{SITEMAP}loc") for place in places])


def _check_element(element: ElementTree.Element, once: tuple[str, ...], *, required: tuple[str, ...]) -> None:
    for name in once:
        found = element.findall(f"{ATOM}{name}")
        assert len(found) <= 1, f"{name} is there {len(found)} times"
        assert found or name not in required, f"{name} is missing"
    for name in ("updated", "published"):
        if (text := element.findtext(f"{ATOM}{name}")) is not None:
            assert _instant(text).year > 1970
    assert _URI.is_valid(element.findtext(f"{ATOM}id"))
    assert re.match(LANGUAGE, element.get(f"{XML}lang", "en"))
    for author in element.findall(f"{ATOM}author"):
        assert author.findtext(f"{ATOM}name").strip()
    assert all(category.get("term") for category in element.findall(f"{ATOM}category"))
    links = [(link.get("rel"), link.get("type"), link.get("href")) for link in element.findall(f"{ATOM}link")]
    assert all(_URI.is_valid(href) for _, _, href in links)
    _check_unique([(rel, media_type) for rel, media_type, _ in links])


def _check_urls(thing: dict[str, Any], *names: str) -> None:
    assert all(_URI.is_valid(thing[name]) for name in names if name in thing)


def _check_unique(values: list[Any]) -> None:
    assert len(values) == len(set(values))


def _instant(text: str) -> datetime:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text), text
    return datetime.fromisoformat(text)
