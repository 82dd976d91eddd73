"""The paragraphs that WordPress adds when it shows a page: classic bodies have only blank lines."""

import re

_BLOCK = (
    "address|article|aside|audio|blockquote|caption|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|"
    "header|hr|iframe|li|main|nav|object|ol|p|pre|script|section|style|summary|table|tbody|td|tfoot|th|thead|tr|ul|"
    "video"
)
_BLOCK_TAG = re.compile(rf"<(?P<closing>/?)(?:{_BLOCK})\b[^<>]*?(?P<empty>/?)>", re.IGNORECASE)
_VOID_TAG = re.compile(r"<(?:hr)\b", re.IGNORECASE)
_BEGINS_WITH_BLOCK = re.compile(rf"</?(?:{_BLOCK})\b|<!--|\[/?\w+[^\]]*\]\s*$", re.IGNORECASE)
_VERBATIM = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2\s*>)", re.IGNORECASE | re.DOTALL)


def paragraphed(body: str) -> str:
    """The body with `<p>` around text between blank lines, outside of block elements."""
    if "<!-- wp:" in body or not body:
        return body
    verbatim: list[str] = []

    def set_aside(match: re.Match[str]) -> str:
        verbatim.append(match[0])
        return f"\n\n<pre {len(verbatim) - 1}>\n\n"

    chunks = re.split(r"\n\s*\n", _VERBATIM.sub(set_aside, body))
    depth, written = 0, []
    for chunk in (piece.strip() for piece in chunks):
        if not chunk:
            continue
        if placeholder := re.fullmatch(r"<pre (\d+)>", chunk):
            written.append(verbatim[int(placeholder[1])])
            continue
        loose = depth == 0 and not _BEGINS_WITH_BLOCK.match(chunk)
        depth = max(0, depth + _opened(chunk))
        written.append(_paragraph(chunk) if loose else chunk)
    return "\n\n".join(written)


def _opened(chunk: str) -> int:
    """The number of block elements that begin here and end in a later chunk."""
    tags = (tag for tag in _BLOCK_TAG.finditer(chunk) if not tag["empty"] and not _VOID_TAG.match(tag[0]))
    return sum(-1 if tag["closing"] else 1 for tag in tags)


def _paragraph(chunk: str) -> str:
    """Line breaks count, as far as the first block element that the text runs into."""
    block = _BLOCK_TAG.search(chunk)
    loose, rest = (chunk[: block.start()], chunk[block.start() :]) if block else (chunk, "")
    broken = re.sub(r"\s*\n", "<br />\n", loose.strip())
    return f"<p>{broken}</p>" + (f"\n{rest}" if rest else "")
