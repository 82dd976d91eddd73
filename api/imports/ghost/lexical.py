"""HTML of Lexical, the documents of Ghost's current editor, for posts exported without HTML."""

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from api.imports.ghost import cards

MAX_DEPTH = 64
_FORMATS = (
    (1, "strong"),
    (2, "em"),
    (4, "s"),
    (8, "u"),
    (16, "code"),
    (32, "sub"),
    (64, "sup"),
    (128, "mark"),
)
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}

Node = Mapping[str, Any]


def to_html(document: str, unknown: Callable[[str], None]) -> str:
    """The document as HTML; `unknown` is called with each node type left out. ValueError if broken."""
    try:
        root: Node = json.loads(document)["root"]
        nodes = _nodes(root)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a Lexical document") from error
    return "\n".join(filter(None, (_render(node, unknown, 0) for node in nodes)))


def _render(node: Node, unknown: Callable[[str], None], depth: int) -> str:
    kind = str(node.get("type", "")).removeprefix("extended-")
    if depth > MAX_DEPTH:
        unknown("nesting past 64")
        return ""

    def inside() -> str:
        return "".join(_render(child, unknown, depth + 1) for child in _nodes(node))

    match kind:
        case "text":
            return _formatted(node)
        case "linebreak":
            return "<br>"
        case "tab":
            return "\t"
        case "paragraph":
            return f"<p>{content}</p>" if (content := inside()) else ""
        case "heading":
            tag = node.get("tag") if node.get("tag") in _HEADINGS else "h2"
            return f"<{tag}>{inside()}</{tag}>"
        case "quote" | "aside":
            return f"<blockquote><p>{inside()}</p></blockquote>"
        case "list":
            tag = "ol" if node.get("listType") == "number" or node.get("tag") == "ol" else "ul"
            return f"<{tag}>{inside()}</{tag}>"
        case "listitem":
            return f"<li>{inside()}</li>"
        case "link" | "autolink":
            return f'<a href="{escape(str(node.get("url") or ""))}">{inside()}</a>'
    card = cards.render(kind, node)
    if card is None:
        unknown(kind or "node without type")
        return inside() or cards.link_to(node)
    return card


def _nodes(node: Node) -> list[Node]:
    children = node.get("children")
    return [child for child in children if isinstance(child, dict)] if isinstance(children, list) else []


def _formatted(node: Node) -> str:
    content = escape(str(node.get("text") or ""), quote=False)
    format_ = node.get("format")
    bits = format_ if isinstance(format_, int) else 0
    for bit, tag in _FORMATS:
        if bits & bit:
            content = f"<{tag}>{content}</{tag}>"
    return content
