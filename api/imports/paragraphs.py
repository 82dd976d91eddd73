"""The paragraphs that WordPress adds when it shows a page: classic bodies have only blank lines."""

import re
from collections.abc import Iterator

_FLOW = {
    *(
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "details",
        "div",
        "fieldset",
        "figure",
        "footer",
        "form",
    ),
    *("header", "li", "main", "nav", "section", "td", "th"),
}
"""Elements that may hold paragraphs."""
_VERBATIM = {"pre", "script", "style", "textarea"}
_VOID = {"hr"}
_SIBLINGS = {"dd", "dt", "li", "p", "td", "th", "tr"}
"""Elements that end where the next of their kind begins."""
_OTHERS = {
    *(
        "address",
        "audio",
        "caption",
        "dl",
        "dt",
        "figcaption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "iframe",
        "object",
    ),
    *("ol", "p", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "video"),
}
_NAMES = "|".join(sorted(_FLOW | _VERBATIM | _VOID | _OTHERS))
_TAG = re.compile(rf"<(?P<closing>/?)(?P<name>{_NAMES})(?=[\s/>])[^<>]*+>", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[^\S\n]*+\n\s*+")
_ALONE = re.compile(r"(?:\s*+(?:<!--(?:(?!-->).)*+-->|\[/?\w[^\]]*+\]))++\s*+", re.DOTALL)
"""Comments and shortcodes, which are no text."""
_DEEPEST = 100


def paragraphed(body: str) -> str:
    """The body with `<p>` around text between blank lines, in blocks too."""
    if "<!-- wp:" in body or not body:
        return body
    written, around = list[str](), list[str]()
    for piece, tag in _pieces(body):
        if tag is None:
            written.append(_text(piece, around[-1] if around else ""))
            continue
        name = tag["name"].lower()
        if name not in _VERBATIM | _VOID:
            _follow(around, name, is_closing=bool(tag["closing"]))
        written.append(piece)
    return "".join(written)


def _pieces(body: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Text, block tags, and verbatim elements as a whole, in turn."""
    begin = at = 0
    unending = set[str]()
    while tag := _TAG.search(body, at):
        name, end = tag["name"].lower(), tag.end()
        if name in _VERBATIM:
            closed = None
            if not tag["closing"] and name not in unending:
                closed = re.compile(rf"</{name}\s*+>", re.IGNORECASE).search(body, end)
            if closed is None:  # part of the text
                unending.add(name)
                at = end
                continue
            end = closed.end()
        yield body[begin : tag.start()], None
        yield body[tag.start() : end], tag
        begin = at = end
    yield body[begin:], None


def _follow(around: list[str], name: str, *, is_closing: bool) -> None:
    """Keep the list of open elements."""
    if is_closing:
        for depth in range(len(around) - 1, max(-1, len(around) - _DEEPEST), -1):
            if around[depth] == name:
                del around[depth:]
                return
        return
    if around and (around[-1] == "p" or (around[-1] == name and name in _SIBLINGS)):
        around.pop()
    around.append(name)


def _text(text: str, around: str) -> str:
    """The text between two block tags, as it is shown in the element `around` it."""
    core = text.strip()
    if not core or (around and around != "p" and around not in _FLOW):
        return text
    chunks = [_broken(chunk) for chunk in _BLANK_LINE.split(core)]
    if around == "p":
        core = "</p>\n\n<p>".join(chunks)
    elif around and len(chunks) == 1:
        core = chunks[0]
    else:
        core = "\n\n".join(chunk if _ALONE.fullmatch(chunk) else f"<p>{chunk}</p>" for chunk in chunks)
    begin = len(text) - len(text.lstrip())
    return text[:begin] + core + text[len(text.rstrip()) :]


def _broken(chunk: str) -> str:
    """Line breaks count."""
    return "<br />\n".join(line.rstrip() for line in chunk.split("\n"))
