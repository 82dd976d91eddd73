"""HTML of the cards in Ghost's editors. It is sanitised later, like all HTML."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from api.imports import text
from api.text import markup

Payload = Mapping[str, Any]


def render(name: str, payload: Payload) -> str | None:
    """The HTML of a card, or None if its type is unknown."""
    card = _CARDS.get(name.removeprefix("card-"))
    return card(payload) if card else None


def link_to(payload: Payload) -> str:
    """A link to the address in a card of an unknown type, or empty."""
    address = next(
        filter(None, (_attribute(payload, key) for key in ("url", "src", "href", "buttonUrl"))), ""
    )
    return f'<p><a href="{address}">{address}</a></p>' if address else ""


def _text(payload: Payload, key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""


def _attribute(payload: Payload, key: str) -> str:
    return escape(_text(payload, key))


def _image(payload: Payload) -> str:
    image = f'<img src="{_attribute(payload, "src")}" alt="{_attribute(payload, "alt")}">'
    if href := _attribute(payload, "href"):
        image = f'<a href="{href}">{image}</a>'
    return _figure(image, payload)


def _gallery(payload: Payload) -> str:
    images = payload.get("images")
    shown = [image for image in images if isinstance(image, dict)] if isinstance(images, list) else []
    inside = "".join(f'<img src="{_attribute(i, "src")}" alt="{_attribute(i, "alt")}">' for i in shown)
    return _figure(inside, payload)


def _code(payload: Payload) -> str:
    language = _attribute(payload, "language")
    opening = f'<code class="language-{language}">' if language else "<code>"
    return _figure_if_captioned(f"<pre>{opening}{_attribute(payload, 'code')}</code></pre>", payload)


def _bookmark(payload: Payload) -> str:
    details = payload.get("metadata")
    details = details if isinstance(details, dict) else {}
    url = _attribute(payload, "url") or _attribute(details, "url")
    title = _attribute(details, "title") or url
    return _figure(f'<a href="{url}">{title}</a>', payload)


def _embed(payload: Payload) -> str:
    """A quote as it is; of a player the page that it shows."""
    html, url = _text(payload, "html"), _attribute(payload, "url")
    return _figure(f'<iframe src="{url}"></iframe>' if url and "<blockquote" not in html else html, payload)


def _player(tag: str) -> Callable[[Payload], str]:
    return lambda payload: _figure(f'<{tag} controls src="{_attribute(payload, "src")}"></{tag}>', payload)


def _callout(payload: Payload) -> str:
    emoji = _attribute(payload, "calloutEmoji")
    return f"<blockquote><p>{emoji + ' ' if emoji else ''}{_text(payload, 'calloutText')}</p></blockquote>"


def _toggle(payload: Payload) -> str:
    return f"<details><summary>{_text(payload, 'heading')}</summary>{_text(payload, 'content')}</details>"


def _button(payload: Payload) -> str:
    return f"<p>{_link(payload, 'buttonUrl', 'buttonText')}</p>"


def _file(payload: Payload) -> str:
    source = "src" if payload.get("src") else "fileSrc"
    title = next((key for key in ("fileTitle", "title", "fileName") if payload.get(key)), source)
    return f"<p>{_link(payload, source, title)}</p>"


def _header(payload: Payload) -> str:
    below = _text(payload, "subheader")
    return f"<h2>{_text(payload, 'header')}</h2>" + (f"<p>{below}</p>" if below else "")


def _markdown(payload: Payload) -> str:
    return markup.html_of(text.clean(_text(payload, "markdown")))


def _html(payload: Payload) -> str:
    return _text(payload, "html")


def _link(payload: Payload, url: str, label: str) -> str:
    return f'<a href="{_attribute(payload, url)}">{_attribute(payload, label)}</a>'


def _figure(inside: str, payload: Payload) -> str:
    caption = _text(payload, "caption")
    return f"<figure>{inside}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"


def _figure_if_captioned(inside: str, payload: Payload) -> str:
    return _figure(inside, payload) if payload.get("caption") else inside


_CARDS: dict[str, Callable[[Payload], str]] = {
    "audio": _player("audio"),
    "bookmark": _bookmark,
    "button": _button,
    "callout": _callout,
    "code": _code,
    "codeblock": _code,
    "code-block": _code,
    "embed": _embed,
    "file": _file,
    "gallery": _gallery,
    "header": _header,
    "horizontalrule": lambda _: "<hr>",
    "hr": lambda _: "<hr>",
    "html": _html,
    "image": _image,
    "markdown": _markdown,
    "paywall": lambda _: "",
    "toggle": _toggle,
    "video": _player("video"),
}
