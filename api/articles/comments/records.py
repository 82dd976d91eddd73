"""Comments as they are written, and as the queries return them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from api.times import Instant

CommentStatus = Literal["pending", "approved", "spam", "trash"]


class CommentDraft(Struct, frozen=True, kw_only=True):
    """A comment in Markdown and rendered, perhaps in answer to another."""

    body: str
    body_html: str
    parent_id: str | None = None


class Comment(Struct, frozen=True):
    """A reader's answer to an article, or to another comment."""

    id: str
    article_id: str
    parent_id: str | None
    path: str
    account_id: str | None
    author_name: str
    body: str
    body_html: str
    status: CommentStatus
    created_at: Instant
