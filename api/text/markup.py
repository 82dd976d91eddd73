"""Markdown and HTML rendered as sanitised HTML, once when written, so that pages can show it as it is."""

from __future__ import annotations

import ctypes
import html
import re
import zlib
from collections.abc import Set
from contextlib import ExitStack
from typing import Any, Literal

import nh3
from cmarkgfm import _cmark, cmark

from api.text import anchors, balance

Format = Literal["markdown", "html"]

TAGS = frozenset({
    "a", "abbr", "article", "aside", "audio", "b", "bdi", "bdo", "blockquote", "br", "caption", "center",
    "cite", "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img",
    "input", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section",
    "small", "source", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot",
    "th", "thead", "time", "tr", "tt", "u", "ul", "var", "video", "wbr",
})  # fmt: skip
_ALIGNED = {"align"}
_ATTRIBUTES = {
    "*": {"title", "lang", "dir", "class", "id"},
    "a": {"href", "hreflang", "name"},
    "audio": {"src", "controls", "loop", "preload"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height", "loading"},
    "input": {"checked"},
    "ins": {"cite", "datetime"},
    "ol": {"start", "reversed", "type"},
    "p": _ALIGNED,
    "q": {"cite"},
    "source": {"src", "type"},
    "table": _ALIGNED,
    "td": {"align", "colspan", "rowspan", "headers"},
    "th": {"align", "colspan", "rowspan", "headers", "scope", "abbr"},
    "time": {"datetime"},
    "video": {"src", "controls", "loop", "preload", "poster", "width", "height", "muted"},
}
_ALLOWED_CLASS = re.compile(
    r"language-[\w+#.-]+|align(?:left|right|center|none|wide|full)|has-text-align-[a-z]+"
    r"|footnotes|footnote-(?:ref|backref)"
)
_ANCHOR = re.compile(r"\S{1,200}")
_CITED = re.compile(r"(?:https?:/)?/", re.IGNORECASE)
_OPTIONS = cmark.Options.CMARK_OPT_UNSAFE  # raw HTML passes here; nh3 removes what is harmful
cmark.core_extensions_ensure_registered()
_EXTENSIONS = [
    cmark.find_syntax_extension(name) for name in ("table", "strikethrough", "autolink", "tasklist")
]
_WITH_FOOTNOTES = _OPTIONS | cmark.Options.CMARK_OPT_FOOTNOTES
_FEW_MARKS, _BETWEEN_MARKS = 20, 25
"""A text has footnotes if it has few marks, or so many characters to each: a mark of four becomes a link and
a link back, of 200."""
_library = ctypes.CDLL(_cmark.__file__)

# The output of nh3 is regular: attributes are in double quotes, and every other `<` is escaped.
_REST = r"[^\">]*+(?:\"[^\"]*+\"[^\">]*+)*+>"
_TAG = re.compile(rf"<{_REST}")
_WORD_INSIDE = "|".join(sorted(balance.INLINE - {"br", "img", "input"}))
_TAG_BETWEEN_WORDS = re.compile(rf"<(?!/?(?:{_WORD_INSIDE})[\s>]){_REST}")


def render(source: str, format: Format) -> str:
    """`source` as HTML that is safe to show: no scripts, no styles, no event handlers; headings have ids."""
    cleaned = _ARTICLE.clean(balance.tamed(_html(source, format), TAGS))
    if format == "markdown":
        cleaned = anchors.with_heading_ids(cleaned, text_of)
    return anchors.anchored(cleaned)


def render_comment(source: str) -> str:
    """Markdown from anybody as HTML: safe to show, no images, links that are useless to spammers."""
    return sanitise_comment(html_of(source))


def sanitise_comment(source: str) -> str:
    """HTML from anybody: as `render_comment`, for comments that are HTML already."""
    # Many comments are on one page: the ids of each have a prefix of their own.
    prefix = f"{anchors.PREFIX}{zlib.crc32(source.encode(errors='replace')):08x}-"
    return anchors.anchored(_COMMENT.clean(balance.tamed(source, TAGS)), prefix=prefix)


def html_of(markdown: str) -> str:
    """Markdown as unsafe HTML, to be sanitised before it is shown."""
    marks = markdown.count("[^")
    has_footnotes = 0 < marks <= max(_FEW_MARKS, len(markdown) // _BETWEEN_MARKS)
    options = _WITH_FOOTNOTES if has_footnotes else _OPTIONS
    with ExitStack() as memory:  # cmarkgfm's own function leaks 9 MB for every 170 kB of Markdown
        parser = cmark.parser_new(options)
        memory.callback(cmark.parser_free, parser)
        for extension in _EXTENSIONS:
            cmark.parser_attach_syntax_extension(parser, extension)
        cmark.parser_feed(parser, markdown)
        document = cmark.parser_finish(parser)
        memory.callback(_library.cmark_node_free, _address(document))
        rendered = _cmark.lib.cmark_render_html(document, options, cmark.parser_get_syntax_extensions(parser))
        memory.callback(_library.free, _address(rendered))
        # For the references &#xFFFE; and &#xFFFF; cmark writes bytes that are not UTF-8.
        decoded: str = _cmark.ffi.string(rendered).decode(errors="replace")
        return decoded


def text_of(rendered: str) -> str:
    """The text of HTML made by `render`, without tags, on one line."""
    text = _TAG.sub("", _TAG_BETWEEN_WORDS.sub(" ", rendered))
    return " ".join(html.unescape(text).split())


def _html(source: str, format: Format) -> str:
    return source if format == "html" else html_of(source)


def _address(pointer: Any) -> ctypes.c_void_p:
    return ctypes.c_void_p(int(_cmark.ffi.cast("uintptr_t", pointer)))


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name in ("id", "name"):
        return value if _ANCHOR.fullmatch(value) else None
    if name == "cite":  # nh3 looks at the scheme of links only
        return value if _CITED.match(value) else None
    if name != "class":
        return value
    return " ".join(word for word in value.split() if _ALLOWED_CLASS.fullmatch(word)) or None


def _cleaner(rel: str, without: Set[str] = frozenset()) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS - without),
        clean_content_tags=set(balance.HIDDEN),
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=rel,
    )


_ARTICLE = _cleaner("noopener")
# Whoever reads what waits for approval must load nothing from a stranger's server.
_COMMENT = _cleaner("nofollow ugc noopener", without={"img", "audio", "video", "source"})
