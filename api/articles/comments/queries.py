"""The SQL of comments."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from api.articles.comments.records import Comment
from api.articles.comments.tables import comments
from api.storage import Keyset, Prepared, Row, Transaction

_COLUMNS = (
    comments.c.id,
    comments.c.article_id,
    comments.c.parent_id,
    comments.c.path,
    comments.c.account_id,
    comments.c.author_name,
    comments.c.body,
    comments.c.body_html,
    comments.c.status,
    comments.c.created_at,
)
_BY_ID = sa.select(*_COLUMNS).where(comments.c.id == sa.bindparam("comment"))
_HOLD = _BY_ID.with_for_update()
_THREAD = (
    sa.select(*_COLUMNS)
    .where(
        comments.c.article_id == sa.bindparam("article"),
        comments.c.status == "approved",
        comments.c.path > sa.bindparam("after"),
    )
    .order_by(comments.c.path)
    .limit(sa.bindparam("most"))
)
_NEWEST = (
    sa.select(*_COLUMNS)
    .where(comments.c.id < sa.bindparam("before"))
    .order_by(comments.c.id.desc())
    .limit(sa.bindparam("most"))
)
_NEWEST_OF_STATUS = _NEWEST.where(comments.c.status == sa.bindparam("standing"))
_INSERT = Prepared(sa.insert(comments), *comments.columns.keys())
_UPDATE = sa.update(comments).where(comments.c.id == sa.bindparam("comment"))
_DELETE = sa.delete(comments).where(comments.c.id == sa.bindparam("comment"))
_IMPORTED = Prepared(
    sa.select(*_COLUMNS, comments.c.fingerprint).where(
        comments.c.source == sa.bindparam("origin"), comments.c.external_id == sa.bindparam("key")
    )
)


def find_comment(tx: Transaction, *, comment_id: str, hold: bool = False) -> Comment | None:
    """The comment of that id; with `hold` no other transaction changes it before this one ends."""
    row = tx.row(_HOLD if hold else _BY_ID, comment=comment_id)
    return _comment(row) if row else None


def list_thread(tx: Transaction, page: Keyset[str], *, article_id: str) -> list[Comment]:
    """A page of the article's approved comments, in the order of their threads."""
    return [
        _comment(row) for row in tx.rows(_THREAD, article=article_id, after=page.position, most=page.most)
    ]


def list_newest(tx: Transaction, page: Keyset[str], *, status: str | None = None) -> list[Comment]:
    """Comments of all articles, newest first; `status` None: whatever it is."""
    if status is None:
        rows = tx.rows(_NEWEST, before=page.position, most=page.most)
    else:
        rows = tx.rows(_NEWEST_OF_STATUS, before=page.position, standing=status, most=page.most)
    return [_comment(row) for row in rows]


def insert_comment(
    tx: Transaction,
    comment: Comment,
    *,
    source: str | None = None,
    external_id: str | None = None,
    fingerprint: str | None = None,
) -> None:
    """Store a new comment."""
    tx.run(
        _INSERT,
        id=comment.id,
        article_id=comment.article_id,
        parent_id=comment.parent_id,
        path=comment.path,
        account_id=comment.account_id,
        author_name=comment.author_name,
        body=comment.body,
        body_html=comment.body_html,
        status=comment.status,
        created_at=comment.created_at,
        source=source,
        external_id=external_id,
        fingerprint=fingerprint,
    )


def update_comment(tx: Transaction, *, comment_id: str, **columns: Any) -> None:
    """Change columns of a comment."""
    tx.run(_UPDATE, comment=comment_id, **columns)


def delete_comment(tx: Transaction, *, comment_id: str) -> None:
    """Remove a comment; answers to it stay where they are and answer nobody."""
    tx.run(_DELETE, comment=comment_id)


def find_imported(tx: Transaction, *, source: str, external_id: str) -> tuple[Comment, str] | None:
    """The comment that an earlier import brought, and its fingerprint."""
    row: Row | None = tx.row(_IMPORTED, origin=source, key=external_id)
    return (_comment(row), row.fingerprint) if row else None


def _comment(row: Row) -> Comment:
    columns = row._asdict()
    columns.pop("fingerprint", None)
    return Comment(**columns)
