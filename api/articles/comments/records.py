"""Comments as the queries return them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from api.times import Instant

CommentStatus = Literal["pending", "approved", "spam", "trash"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
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
