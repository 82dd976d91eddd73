"""Balanced HTML for the parser: allowed tags only, closed in order, nested at most 100 deep.

HTML's algorithm for broken nesting takes quadratic time on deep trees and keeps repeating open formatting
elements: 200 kB of `<div>` or `>` would keep a thread busy for minutes. This does not make markup safe to
show; the sanitiser does, which runs afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Container

DEEPEST = 100

VOID = frozenset({"br", "hr", "img", "wbr", "col", "input", "source"})
HIDDEN = frozenset({
    "iframe", "math", "noembed", "noframes", "noscript", "object", "script", "select", "style", "svg",
    "template", "textarea", "title", "xmp",
})  # fmt: skip
"""Elements whose content is not shown, or not parsed as HTML."""
INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img", "input",
    "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip

_CLOSES = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "tr": (frozenset({"tr", "caption", "colgroup"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"table", "tr"})),
    "th": (frozenset({"td", "th"}), frozenset({"table", "tr"})),
    "thead": (frozenset({"thead", "tbody", "tfoot", "caption", "colgroup"}), frozenset({"table"})),
    "tbody": (frozenset({"thead", "tbody", "tfoot", "caption", "colgroup"}), frozenset({"table"})),
    "tfoot": (frozenset({"thead", "tbody", "tfoot", "caption", "colgroup"}), frozenset({"table"})),
}
"""Start tag → the open elements that it closes, and those at which the search for them stops."""
_NOTHING: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())

# Possessive throughout, so that no input causes backtracking.
_ATTRIBUTES = r"(?:[\s/]++|[^\s\"'<>/=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'<>`]++))?+)*+"
_TAG = re.compile(rf"<(/?)([a-zA-Z][a-zA-Z0-9]*+)(?=[\s/>])({_ATTRIBUTES})>|<")


def tamed(html: str, allowed: Container[str]) -> str:
    """`html` with only `allowed` tags, balanced; other tags are removed and their content stays."""
    html = _without_comments(html)
    out: list[str] = []
    stack: list[str] = []
    unending: set[str] = set()
    position = 0
    while tag := _TAG.search(html, position):
        out.append(html[position : tag.start()])
        position = tag.end()
        closing, name = tag[1], (tag[2] or "").lower()
        if not name:
            out.append("&lt;")
        elif name in HIDDEN:
            position = position if closing else _after(html, name, position, unending)
        elif name not in allowed:
            continue
        elif closing:
            _close(name, stack, out)
        elif name in VOID:
            out.append(f"<{name}{tag[3]}>")
        else:
            _end_implied(name, stack, out)
            if len(stack) < DEEPEST:
                stack.append(name)
                out.append(f"<{name}{tag[3]}>")
    out.append(html[position:])
    out.extend(f"</{name}>" for name in reversed(stack))
    return "".join(out)


def _without_comments(html: str) -> str:
    before, *parts = html.split("<!--")
    return before + "".join(part.partition("-->")[2] for part in parts)


def _after(html: str, name: str, position: int, unending: set[str]) -> int:
    """The end of a hidden element; one that is never closed hides nothing."""
    if name in unending:
        return position
    end = re.compile(rf"</{name}(?=[\s/>])[^>]*+>", re.IGNORECASE).search(html, position)
    if end is None:
        unending.add(name)
        return position
    return end.end()


def _close(name: str, stack: list[str], out: list[str]) -> None:
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth] == name:
            _cut(stack, depth, out)
            return
        if stack[depth] in ("td", "th") and name not in ("table", "thead", "tbody", "tfoot", "tr"):
            return


def _end_implied(name: str, stack: list[str], out: list[str]) -> None:
    ended, stop = _CLOSES.get(name, _NOTHING)
    if name not in INLINE:
        _end_paragraph(stack, out)
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth] in stop or not ended:
            return
        if stack[depth] in ended:
            _cut(stack, depth, out)
            return


def _end_paragraph(stack: list[str], out: list[str]) -> None:
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth] == "p":
            _cut(stack, depth, out)
            return
        if stack[depth] not in INLINE:
            return


def _cut(stack: list[str], depth: int, out: list[str]) -> None:
    out.extend(f"</{name}>" for name in reversed(stack[depth:]))
    del stack[depth:]
