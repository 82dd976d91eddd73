"""WordPress's own shortcodes as HTML, made of what the file holds; others are shown as text."""

import html
import re
from collections.abc import Callable, Mapping, Sequence

from api.imports import text
from api.imports.notes import RowNotes
from api.imports.records import Image

_ATTRIBUTE = re.compile(r"([\w-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\]]++))")
_OPENING = r"(?<!\[)\[(?P<name>{names})(?P<attributes>(?:\s[^\[\]]*+)?)\]"
_SINGLE = re.compile(_OPENING.format(names="gallery|playlist|audio|video"))
_AROUND = re.compile(_OPENING.format(names="caption|wp_caption|embed"))
_ENDS = {name: re.compile(rf"\[/{name}\]") for name in ("caption", "wp_caption", "embed", "audio", "video")}
_IMAGE = re.compile(r"\s*+((?:<a\s[^>]*+>\s*+)?<img\s[^>]*+>(?:\s*+</a>)?)", re.IGNORECASE)
_LINE_WITH_ADDRESS = re.compile(r"^[^\S\n]*+(https?://[^\s<>\"'\[\]]++)[^\S\n]*+$", re.MULTILINE)
_VERBATIM = re.compile(r"<(?:pre|code|script|style|textarea)[\s>]", re.IGNORECASE)
_ALIGNED = re.compile(r"align(?:left|right|center|none)")


class Shortcodes:
    """The shortcodes of one file. `attached`: ids of images by the id of the post that they belong to."""

    def __init__(
        self, images: Mapping[str, Image], attached: Mapping[str, Sequence[str]], shown: set[str]
    ) -> None:
        self._images = images
        self._attached = attached
        self._shown = shown

    def rendered(self, body: str, post_id: str, notes: RowNotes) -> str:
        """The body with its shortcodes as HTML, and a link for each address on a line of its own."""
        if "[" in body:
            body = _replaced(body, _AROUND, self._around)
            body = _replaced(body, _SINGLE, lambda name, own, _: self._single(name, own, post_id, notes))
        return _with_links(body)

    def _around(self, name: str, attributes: dict[str, str], inside: str) -> str | None:
        if name == "embed":
            address = text.web_address(inside)
            return _link(address) if address else None
        image = _IMAGE.match(inside)
        if image is None:
            return None
        caption = attributes.get("caption") or inside[image.end() :].strip()
        aligned = _ALIGNED.fullmatch(attributes.get("align", ""))
        opening = f'<figure class="{aligned[0]}">' if aligned else "<figure>"
        return f"{opening}{image[1]}<figcaption>{caption}</figcaption></figure>"

    def _single(self, name: str, attributes: dict[str, str], post_id: str, notes: RowNotes) -> str | None:
        if name in ("gallery", "playlist"):
            return self._gallery(name, attributes, post_id, notes)
        address = next(filter(None, map(text.web_address, map(attributes.get, _SOURCES))), None)
        if address is None:
            return None
        poster = text.web_address(attributes.get("poster"))
        shown_before = f' poster="{html.escape(poster)}"' if poster and name == "video" else ""
        return f'<{name} controls src="{html.escape(address)}"{shown_before}></{name}>'

    def _gallery(self, name: str, attributes: dict[str, str], post_id: str, notes: RowNotes) -> str | None:
        listed = attributes.get("ids") or attributes.get("include")
        listed_ids = re.findall(r"\d+", listed) if listed else [*self._attached.get(post_id, ())]
        ids = [id_ for id_ in dict.fromkeys(listed_ids) if id_ in self._images]
        self._shown.update(listed_ids)
        if missing := len(listed_ids) - len(ids):
            notes.warn(f"{missing} of the files in its {name} are not in this file")
        if not ids:
            return None
        if name == "playlist":
            kind = "video" if attributes.get("type") == "video" else "audio"
            players = (
                f'<{kind} controls src="{html.escape(self._images[id_].url)}"></{kind}>' for id_ in ids
            )
            return f"<figure>{''.join(players)}</figure>"
        shown = (self._images[id_] for id_ in ids)
        images = (f'<img src="{html.escape(one.url)}" alt="{html.escape(one.alt)}">' for one in shown)
        return f"<figure>{''.join(images)}</figure>"


_SOURCES = ("src", "mp3", "m4a", "ogg", "wav", "flac", "mp4", "m4v", "webm", "ogv", "wmv", "flv")


def _replaced(
    body: str, opening: re.Pattern[str], render: Callable[[str, dict[str, str], str], str | None]
) -> str:
    """The body with each shortcode rendered; one that cannot be stays as it is."""
    written, at, unending = list[str](), 0, set[str]()
    while shortcode := opening.search(body, at):
        name, end, inside = shortcode["name"], shortcode.end(), ""
        if name in _ENDS and name not in unending:
            closing = _ENDS[name].search(body, end)
            if closing and not opening.search(body, end, closing.start()):
                inside, end = body[end : closing.start()], closing.end()
            elif closing is None:
                unending.add(name)
        rendered = render(name, _attributes_of(shortcode["attributes"]), inside)
        end = shortcode.end() if rendered is None else end
        written += [
            body[at : shortcode.start()],
            body[shortcode.start() : end] if rendered is None else rendered,
        ]
        at = end
    return "".join(written) + body[at:]


def _attributes_of(written: str) -> dict[str, str]:
    pairs = (
        (name.lower(), double or single or bare) for name, double, single, bare in _ATTRIBUTE.findall(written)
    )
    return {name: html.unescape(value) for name, value in pairs}


def _with_links(body: str) -> str:
    """WordPress makes players of addresses on a line of their own; here they can be clicked."""
    if "://" not in body or _VERBATIM.search(body):
        return body
    return _LINE_WITH_ADDRESS.sub(lambda line: _link(html.unescape(line[1])), body)


def _link(address: str) -> str:
    return f'<a href="{html.escape(address)}">{html.escape(address)}</a>'
