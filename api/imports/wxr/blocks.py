"""Blocks of WordPress's editor whose content stands elsewhere: reusable blocks, footnotes, dynamic blocks."""

import html
import json
import re
from collections.abc import Mapping

from api.imports.notes import MAX_BODY_BYTES, RowNotes
from api.imports.wxr.rows import Post

_WITHOUT_CONTENT = re.compile(
    r"<!-- wp:(?P<name>[a-z][a-z0-9-]*+(?:/[a-z0-9-]++)?+)\s++(?P<settings>\{(?:(?!-->).)*?\}\s++)?+/-->",
    re.DOTALL,
)
_SHOWS_NOTHING = {"more", "nextpage", "spacer", "separator"}
_DEEPEST = 5


class Blocks:
    """The reusable blocks of a file, by id."""

    def __init__(self) -> None:
        self._bodies: dict[str, str] = {}
        self._room = 0  # for what blocks in blocks may grow to
        self.used: set[str] = set()

    def add(self, post: Post) -> None:
        """A row of the type wp_block; one that is not public shows nothing in WordPress either."""
        if post.status == "publish" and not post.password:
            self._bodies.setdefault(post.id, post.body)

    def __contains__(self, id_: str) -> bool:
        return id_ in self._bodies

    def put_in(self, body: str, post: Post, notes: RowNotes) -> str:
        """The body of this post with the content of its blocks."""
        self._room = MAX_BODY_BYTES
        return self._filled(body, post, notes, 0) if "/-->" in body else body

    def _filled(self, body: str, post: Post, notes: RowNotes, depth: int) -> str:
        def content(block: re.Match[str]) -> str:
            name, id_ = block["name"].removeprefix("core/"), _ref(block["settings"])
            if name == "footnotes":
                return footnotes(post)
            if name != "block":
                if name not in _SHOWS_NOTHING:
                    notes.skip_part("block", name, "WordPress generates it, so it was left out")
                return ""
            if id_ not in self._bodies or depth >= _DEEPEST or self._room <= 0:
                notes.warn("a reusable block is not in this file")
                return ""
            self.used.add(id_)
            self._room -= len(self._bodies[id_]) + len(block[0])
            return self._filled(self._bodies[id_], post, notes, depth + 1)

        return _WITHOUT_CONTENT.sub(content, body)


def footnotes(post: Post) -> str:
    """The list of footnotes, which are in post meta."""
    try:
        notes = json.loads(post.first("footnotes") or "[]")
    except ValueError:
        notes = []
    lines = [
        f'<li id="{html.escape(str(note.get("id", "")))}">{note.get("content", "")}'
        f' <a href="#{html.escape(str(note.get("id", "")))}-link">↩︎</a></li>'
        for note in (notes if isinstance(notes, list) else ())
        if isinstance(note, Mapping)
    ]
    return f"<ol>{''.join(lines)}</ol>" if lines else ""


def _ref(settings: str | None) -> str:
    try:
        value = json.loads(settings or "{}")
    except ValueError:
        return ""
    return str(value.get("ref", ""))
