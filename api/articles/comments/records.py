"""Comments as they are written, and as the queries return them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from api.roles import Role
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
    version: int


class ShownComment(Comment, frozen=True):
    """A comment with what is shown of its article and its author.

    `parent_id` is the nearest comment above it that is approved; `author_slug` leads to what the author has
    published. `is_on_own`: the viewer is an author of the article.
    """

    article_slug: str
    article_title: str
    is_article_public: bool
    is_on_own: bool
    author_slug: str | None
    author_role: Role | None
