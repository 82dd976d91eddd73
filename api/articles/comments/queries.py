"""The SQL of comments."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from api.articles.comments.records import Comment, CommentStatus
from api.articles.comments.tables import comments
from api.storage import Keyset, Prepared, Transaction, columns_of, row_of

_COMMENT = columns_of(comments, Comment)

_FIND = sa.select(*_COMMENT).where(comments.c.id == sa.bindparam("comment"))
_FIND_AND_LOCK = _FIND.with_for_update()


def find_comment(tx: Transaction, *, comment_id: str, lock: bool = False) -> Comment | None:
    """The comment of that id; with `lock` no other transaction changes it before this one ends."""
    row = tx.row(_FIND_AND_LOCK if lock else _FIND, comment=comment_id)
    return Comment(*row) if row else None


_THREAD = (
    sa.select(*_COMMENT)
    .where(
        comments.c.article_id == sa.bindparam("article"),
        comments.c.status == "approved",
        comments.c.path > sa.bindparam("after"),
    )
    .order_by(comments.c.path)
    .limit(sa.bindparam("most"))
)


def list_thread(tx: Transaction, page: Keyset[str], *, article_id: str) -> list[Comment]:
    """A page of the article's approved comments, in the order of their threads."""
    rows = tx.rows(_THREAD, article=article_id, after=page.position, most=page.most)
    return [Comment(*row) for row in rows]


_NEWEST = (
    sa.select(*_COMMENT)
    .where(comments.c.id < sa.bindparam("before"))
    .order_by(comments.c.id.desc())
    .limit(sa.bindparam("most"))
)
_NEWEST_OF_STATUS = _NEWEST.where(comments.c.status == sa.bindparam("status"))


def list_newest(tx: Transaction, page: Keyset[str], *, status: CommentStatus | None = None) -> list[Comment]:
    """Comments of all articles, newest first, of one status or of any."""
    filters = {} if status is None else {"status": status}
    statement = _NEWEST if status is None else _NEWEST_OF_STATUS
    rows = tx.rows(statement, before=page.position, most=page.most, **filters)
    return [Comment(*row) for row in rows]


_INSERT = Prepared(sa.insert(comments), *comments.columns.keys())


def insert_comment(tx: Transaction, comment: Comment) -> None:
    """Store a new comment."""
    tx.run(_INSERT, **row_of(comment))


_UPDATE = sa.update(comments).where(comments.c.id == sa.bindparam("comment"))


def update_comment(tx: Transaction, *, comment_id: str, **columns: Any) -> None:
    """Change columns of a comment."""
    tx.run(_UPDATE, comment=comment_id, **columns)


_DELETE = sa.delete(comments).where(comments.c.id == sa.bindparam("comment"))


def delete_comment(tx: Transaction, *, comment_id: str) -> None:
    """Remove a comment; answers to it stay where they are and answer nobody."""
    tx.run(_DELETE, comment=comment_id)
