"""HTML of Mobiledoc 0.3, the documents of Ghost's former editor, for posts exported without HTML."""

import json
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

from api.imports.ghost import cards

_BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside", "pull-quote", "ul", "ol"}
_INLINE = {"a", "b", "code", "del", "em", "i", "mark", "s", "strong", "sub", "sup", "u"}


def to_html(document: str, unknown: Callable[[str], None]) -> str:
    """The document as HTML; `unknown` is called with each card that is left out. ValueError if broken."""
    try:
        parsed = json.loads(document)
        return _Document(parsed, unknown).html()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a Mobiledoc document") from error


class _Document:
    def __init__(self, document: dict[str, Any], unknown: Callable[[str], None]) -> None:
        self._markups = document.get("markups") or []
        self._atoms = document.get("atoms") or []
        self._cards = document.get("cards") or []
        self._sections = document["sections"]
        self._unknown = unknown

    def html(self) -> str:
        return "\n".join(filter(None, map(self._section, self._sections)))

    def _section(self, section: Sequence[Any]) -> str:
        match section:
            case [1, tag, markers, *_]:
                return self._block(tag, self._markers(markers))
            case [2, source, *_]:
                return cards.render("image", {"src": source}) or ""
            case [3, tag, items, *_]:
                return self._block(tag, "".join(f"<li>{self._markers(markers)}</li>" for markers in items))
            case [10, index, *_]:
                return self._card(*self._cards[index][:2])
        self._unknown(f"section {section[0]}")
        return ""

    def _block(self, tag: str, inside: str) -> str:
        if tag not in _BLOCKS:
            self._unknown(f"section {tag}")
        if tag in {"aside", "pull-quote"}:
            tag = "blockquote"
        name = tag if tag in _BLOCKS else "p"
        return f"<{name}>{inside}</{name}>" if inside else ""

    def _card(self, name: str, payload: dict[str, Any]) -> str:
        rendered = cards.render(name, payload)
        if rendered is None:
            self._unknown(name)
            return cards.link_to(payload)
        return rendered

    def _markers(self, markers: Iterable[Sequence[Any]]) -> str:
        written, still_open = [], list[str]()
        for kind, opening, closing, value in markers:
            for index in opening:
                tag, attributes = self._markup(self._markups[index])
                still_open.append(tag)
                written.append(f"<{tag}{attributes}>")
            written.append(escape(value, quote=False) if kind == 0 else self._atom(self._atoms[value]))
            written += [f"</{still_open.pop()}>" for _ in range(min(closing, len(still_open)))]
        return "".join(written) + "".join(f"</{tag}>" for tag in reversed(still_open))

    def _markup(self, markup: Sequence[Any]) -> tuple[str, str]:
        tag, pairs = markup[0], markup[1] if len(markup) > 1 else []
        named = dict(zip(pairs[::2], pairs[1::2], strict=False))
        if tag not in _INLINE:
            self._unknown(f"markup {tag}")
            return "span", ""
        return tag, f' href="{escape(str(named["href"]))}"' if tag == "a" and "href" in named else ""

    def _atom(self, atom: Sequence[Any]) -> str:
        if atom[0] == "soft-return":
            return "<br>"
        self._unknown(f"atom {atom[0]}")
        return escape(str(atom[1]), quote=False)
