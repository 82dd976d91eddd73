"""Anchors: ids inside a text and the links to them, kept apart from the ids of the page that shows it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import unquote

from api.text import slugs

PREFIX = "text-"
"""Of every id: no page's own id or name in scripts begins like this, so that none is taken by an author."""

# What the sanitiser writes is regular: attributes are in double quotes, and every other `<` is escaped.
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*+)"')
_TAG = re.compile(r'<([a-z][a-z0-9]*+)((?: [a-z-]+="[^"]*+")++)>')
_HEADING = re.compile(r'<(h[1-6])((?: [a-z-]+="[^"]*+")*+)>(.*?)</\1>', re.DOTALL)
_NAMED = re.compile(r' (?:id|name)="([^"]*+)"')


def anchored(rendered: str, *, prefix: str = PREFIX) -> str:
    """Sanitised HTML with the prefix before each id, and before it in the links to it.

    Links to what the text does not hold stay: they lead to something on the page that shows it.
    """
    if not _NAMED.search(rendered):
        return rendered
    ids = _ids(rendered)
    return _TAG.sub(lambda tag: f"<{tag[1]}{_attributes(tag, ids, prefix)}>", rendered)


def with_heading_ids(rendered: str, text_of: Callable[[str], str]) -> str:
    """Sanitised HTML in which each heading has an id, made from its text as slugs are."""
    taken = {anchor.removeprefix(PREFIX) for anchor in _ids(rendered)}

    def with_id(heading: re.Match[str]) -> str:
        name, attributes, content = heading.groups()
        if _named(attributes):
            return heading[0]
        anchor = slugs.unique(slugs.normal(text_of(content)), "section", taken.__contains__)
        taken.add(anchor)
        return f'<{name}{attributes} id="{anchor}">{content}</{name}>'

    return _HEADING.sub(with_id, rendered)


def _ids(rendered: str) -> set[str]:
    return {html.unescape(anchor) for tag in _TAG.finditer(rendered) if (anchor := _named(tag[2]))}


def _named(attributes: str) -> str | None:
    """The id, or the name that old links use for one."""
    values = dict(_ATTRIBUTE.findall(attributes))
    return values.get("id") or values.get("name")


def _attributes(tag: re.Match[str], ids: set[str], prefix: str) -> str:
    values = dict(_ATTRIBUTE.findall(tag[2]))
    if "id" in values:
        values.pop("name", None)
    values = {"id" if name == "name" else name: value for name, value in values.items()}
    if anchor := values.get("id"):
        values["id"] = _prefixed(anchor, prefix)
    target = html.unescape(values.get("href", ""))
    if target.startswith("#") and {target[1:], unquote(target[1:])} & ids:
        values["href"] = f"#{_prefixed(values['href'][1:], prefix)}"
    if "headers" in values:
        values["headers"] = " ".join(_prefixed(anchor, prefix) for anchor in values["headers"].split())
    return "".join(f' {name}="{value}"' for name, value in values.items())


def _prefixed(anchor: str, prefix: str) -> str:
    return anchor if anchor.startswith(prefix) else prefix + anchor
