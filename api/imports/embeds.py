"""Links in place of what no article can hold here, players, forms and scripts; and images that load late."""

import html
import re
from collections.abc import Iterator

from api.imports import text
from api.imports.notes import RowNotes

# Possessive throughout, so that no input causes backtracking.
_ATTRIBUTES = r"(?:[\s/]++|[^\s\"'<>/=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'<>`]++))?+)*+"
_TAG = re.compile(
    r"<!--|<(?P<closing>/?)(?P<name>applet|audio|button|embed|form|iframe|img|input|noscript|object|p|pre|script"
    rf"|select|textarea|video)(?=[\s/>])(?P<attributes>{_ATTRIBUTES})>",
    re.IGNORECASE,
)
_CONCERNED = (
    re.compile(
        r"<(?:applet|audio|button|embed|form|iframe|input|noscript|object|script|select|textarea|video)[\s/>]",
        re.IGNORECASE,
    ),
    re.compile(r"-(?<=\sdata-)(?:src|lazy-src|original|orig-file)=", re.IGNORECASE),
)
"""Most bodies embed nothing, and are not read tag by tag; a sign at the beginning is found fast."""
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>`]++)))?+")
_WITH_CONTENT = {"applet", "button", "iframe", "noscript", "object", "pre", "script", "select", "textarea"}
_EMBEDDED = {"applet", "embed", "iframe", "object", "script"}
_CONTROLS = {"button", "input", "select", "textarea"}
_LATE = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
_LOADER = re.compile(r"/(?:widgets|embeds?|async|analytics|adsbygoogle|gtm|all)\.js\b")
"""A script that only decorates a quote which stands beside it."""
_ADDRESS_INSIDE = re.compile(
    r"(?:src|data|href|value)\s*=\s*[\"']?((?:https?:)?//[^\s\"'<>]+)", re.IGNORECASE
)


def linked(body: str, notes: RowNotes) -> str:
    """The body with a link for everything that it embeds, each counted in the notes."""
    return "".join(_Body(body, notes).pieces()) if any(sought.search(body) for sought in _CONCERNED) else body


class _Body:
    def __init__(self, body: str, notes: RowNotes) -> None:
        self._body = body
        self._notes = notes
        self._unending: set[str] = set()
        self._in_paragraph = False

    def pieces(self) -> Iterator[str]:
        at = 0
        while tag := _TAG.search(self._body, at):
            yield self._body[at : tag.start()]
            at, piece = self._piece(tag)
            yield piece
        yield self._body[at:]

    def _piece(self, tag: re.Match[str]) -> tuple[int, str]:
        """Where reading goes on, and what stands in the place of the element."""
        name = (tag["name"] or "<!--").lower()
        if name == "<!--":
            end = self._body.find("-->", tag.end())
            end = len(self._body) if end < 0 else end + 3
            return end, self._body[tag.start() : end]
        if tag["closing"]:
            self._in_paragraph = self._in_paragraph and name != "p"
            return tag.end(), "" if name in _EMBEDDED | _CONTROLS | {"form", "noscript"} else tag[0]
        attributes = _attributes_of(tag["attributes"])
        content, end = self._content(name, tag.end()) if name in _WITH_CONTENT else ("", tag.end())
        if name == "pre":
            return end, self._body[tag.start() : end]
        if name == "p":
            self._in_paragraph = True
            return end, tag[0]
        return end, self._instead(name, tag[0], attributes, content)

    def _instead(self, name: str, written: str, attributes: dict[str, str], content: str) -> str:
        if name == "img":
            return _shown(written, attributes)
        if name in ("audio", "video"):
            return (
                written
                if "controls" in attributes
                else f"{written[: len(name) + 1]} controls{written[len(name) + 1 :]}"
            )
        if name == "noscript":
            return content if self._is_needed(content) else ""
        if name in _CONTROLS:
            return written if attributes.get("type", "").lower() == "checkbox" else ""
        return self._link(name, attributes, content)

    def _content(self, name: str, start: int) -> tuple[str, int]:
        """What is inside, and where the element ends; one that is never closed holds nothing."""
        if name in self._unending:
            return "", start
        end = re.compile(rf"</{name}(?=[\s/>])[^>]*+>", re.IGNORECASE).search(self._body, start)
        if end is None:
            self._unending.add(name)
            return "", start
        return self._body[start : end.start()], end.end()

    def _is_needed(self, content: str) -> bool:
        """Whether an image for browsers without scripts stands nowhere else in the body."""
        addresses = _ADDRESS_INSIDE.findall(content)
        return any(self._body.count(address) < 2 for address in addresses[:9])

    def _link(self, name: str, attributes: dict[str, str], content: str) -> str:
        inside = _ADDRESS_INSIDE.search(content)
        candidates = (*map(attributes.get, ("src", "data", "action", *_LATE)), inside[1] if inside else None)
        url = next(filter(None, map(_address, candidates)), None)
        if url is None or (name == "script" and _LOADER.search(url)):
            self._notes.warn(f"<{name}> was left out")
            return ""
        self._notes.warn(f"<{name}> became a link")
        label = html.escape(text.plain(attributes.get("title")) or url)
        link = f'<a href="{html.escape(url)}">{label}</a>'
        return link if self._in_paragraph else f"<p>{link}</p>"


def _attributes_of(written: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(double or single or bare)
        for name, double, single, bare in _ATTRIBUTE.findall(written)
    }


def _address(written: str | None) -> str | None:
    address = (written or "").strip()
    return text.web_address(f"https:{address}" if address.startswith("//") else address)


def _shown(written: str, attributes: dict[str, str]) -> str:
    """The image, from the address that a script would load."""
    if attributes.get("src", "data:").startswith("data:") and (
        late := next(filter(None, map(_address, map(attributes.get, _LATE))), None)
    ):
        return f'<img src="{html.escape(late)}" alt="{html.escape(attributes.get("alt", ""))}">'
    return written
