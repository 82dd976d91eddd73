"""The SQL of comments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace

from api.accounts.profiles.tables import accounts
from api.articles.authors.queries import SIGNS_PUBLIC
from api.articles.authors.tables import authors
from api.articles.comments.records import Comment, ShownComment
from api.articles.comments.tables import IS_WAITING, comments
from api.articles.writing.tables import article_authors, article_slugs, articles
from api.storage import Among, Keyset, Prepared, Transaction, columns_of, row_of

_COMMENT = columns_of(comments, Comment)
_OF_VIEWER = (
    sa.select(article_authors.c.article_id)
    .join_from(article_authors, authors)
    .where(authors.c.account_id == sa.bindparam("viewer", type_=sa.Text))
)
_AUTHOR = sa.select(authors.c.slug).where(authors.c.account_id == comments.c.account_id, SIGNS_PUBLIC)
_ROLE = sa.select(accounts.c.role).where(accounts.c.id == comments.c.account_id)
_SHOWN = sa.select(
    *columns_of(
        comments,
        ShownComment,
        article_slug=articles.c.slug,
        article_title=articles.c.title,
        is_article_public=sa.func.coalesce(articles.c.publish_at <= sa.bindparam("now"), sa.false()),
        is_on_own=_OF_VIEWER.where(article_authors.c.article_id == comments.c.article_id).exists(),
        author_slug=_AUTHOR.scalar_subquery(),
        author_role=_ROLE.scalar_subquery(),
    )
).join_from(comments, articles)

_FIND = _SHOWN.where(comments.c.id == sa.bindparam("comment"))
_FIND_AND_LOCK = _FIND.with_for_update(of=comments)


def find_comment(
    tx: Transaction, *, comment_id: str, account_id: str | None = None, lock: bool = False
) -> ShownComment | None:
    """The comment of that id, as it is shown to the account.

    With `lock` no other transaction changes it before this one ends.
    """
    statement = _FIND_AND_LOCK if lock else _FIND
    return next(iter(_shown(tx, statement, viewer=account_id, comment=comment_id)), None)


_THREAD = (
    _SHOWN.where(
        comments.c.article_id == sa.bindparam("article"),
        comments.c.status == "approved",
        comments.c.path > sa.bindparam("after"),
    )
    .order_by(comments.c.path)
    .limit(sa.bindparam("most"))
)


def list_thread(
    tx: Transaction, page: Keyset[str], *, article_id: str, account_id: str | None
) -> list[ShownComment]:
    """A page of the article's approved comments, in the order of their threads."""
    return _shown(tx, _THREAD, viewer=account_id, article=article_id, after=page.position, most=page.most)


_NEWEST = (
    _SHOWN.where(comments.c.id < sa.bindparam("before"))
    .order_by(comments.c.id.desc())
    .limit(sa.bindparam("most"))
)
_CONDITIONS = {
    "status": comments.c.status == sa.bindparam("status"),
    "by": comments.c.account_id == sa.bindparam("by"),
    "on": comments.c.article_id.in_(_OF_VIEWER),
    "article": comments.c.article_id
    == sa.func.coalesce(
        sa.select(article_slugs.owner)
        .where(article_slugs.slug == sa.bindparam("article", type_=sa.Text))
        .scalar_subquery(),
        sa.bindparam("article", type_=sa.Text),
    ),
}


def list_newest(
    tx: Transaction, page: Keyset[str], *, account_id: str, only: str | None = None, **filters: str
) -> list[ShownComment]:
    """Comments of all articles, newest first; `only` those "by" the account, or "on" its articles."""
    names = (*filters, *([only] if only else []))
    statement = _NEWEST.where(*(_CONDITIONS[name] for name in names))
    values = {**filters, "by": account_id} if only == "by" else filters
    return _shown(tx, statement, viewer=account_id, before=page.position, most=page.most, **values)


_IDS_BY = sa.select(comments.c.id).where(comments.c.account_id == sa.bindparam("author"))


def list_ids_by(tx: Transaction, *, account_id: str) -> list[str]:
    """The ids of all comments of an account."""
    return [row.id for row in tx.rows(_IDS_BY, author=account_id)]


_BY_IDS = _SHOWN.where(Among(comments.c.id, "ids"))


def list_by_id(tx: Transaction, *, ids: Sequence[str]) -> list[ShownComment]:
    """The comments of these ids, as nobody in particular sees them."""
    return _shown(tx, _BY_IDS, viewer=None, ids=ids)


_WAITING = (
    sa.select(comments.c.id)
    .where(comments.c.account_id == sa.bindparam("account"), IS_WAITING)
    .limit(sa.bindparam("most"))
    .subquery()
)
_COUNT_WAITING = sa.select(sa.func.count()).select_from(_WAITING)


def count_waiting(tx: Transaction, *, account_id: str, most: int) -> int:
    """The comments of an account that wait for approval, counted up to `most`."""
    return int(tx.value(_COUNT_WAITING, account=account_id, most=most))


_above = comments.alias("above")
_ABOVE = (
    sa.select(comments.c.id.label("reply"), _above.c.id, _above.c.parent_id, _above.c.status)
    .join_from(comments, _above, comments.c.parent_id == _above.c.id)
    .where(Among(comments.c.id, "ids"))
    .cte("ancestors", recursive=True)
)
_ANCESTORS = _ABOVE.union_all(
    sa.select(_ABOVE.c.reply, _above.c.id, _above.c.parent_id, _above.c.status)
    .join_from(_ABOVE, _above, _ABOVE.c.parent_id == _above.c.id)
    .where(_ABOVE.c.status != "approved")
)
_NEAREST = sa.select(_ANCESTORS.c.reply, _ANCESTORS.c.id).where(_ANCESTORS.c.status == "approved")


def _shown(tx: Transaction, statement: sa.Select[Any], **values: Any) -> list[ShownComment]:
    """The comments of these rows, each under the nearest comment above it that is approved."""
    found = [ShownComment(*row) for row in tx.rows(statement, now=tx.now, **values)]
    replies = [comment.id for comment in found if comment.parent_id]
    nearest = dict(map(tuple, tx.rows(_NEAREST, ids=replies))) if replies else {}
    return [replace(comment, parent_id=nearest.get(comment.id)) for comment in found]


_INSERT = Prepared(sa.insert(comments), *comments.columns.keys())


def insert_comment(tx: Transaction, comment: Comment) -> None:
    """Store a new comment."""
    tx.run(_INSERT, **row_of(comment))


_UPDATE = (
    sa.update(comments).where(comments.c.id == sa.bindparam("comment")).values(version=comments.c.version + 1)
)


def update_comment(tx: Transaction, *, comment_id: str, **columns: Any) -> None:
    """Change columns of a comment."""
    tx.run(_UPDATE, comment=comment_id, **columns)


_FORGET_AUTHOR = (
    sa.update(comments)
    .where(comments.c.account_id == sa.bindparam("author"))
    .values(account_id=None, author_name=sa.bindparam("new_name"))
)


def forget_author(tx: Transaction, *, account_id: str, name: str) -> None:
    """Replace the name at all comments of the account, which are nobody's from now on."""
    tx.run(_FORGET_AUTHOR, author=account_id, new_name=name)


_IS_DELETED = _above.c.id == sa.bindparam("comment")
_MOVE_REPLIES = (
    sa.update(comments)
    .where(comments.c.parent_id == sa.bindparam("comment"))
    .values(parent_id=sa.select(_above.c.parent_id).where(_IS_DELETED).scalar_subquery())
)
_DELETE = sa.delete(comments).where(comments.c.id == sa.bindparam("comment"))


def delete_comment(tx: Transaction, *, comment_id: str) -> None:
    """Remove a comment; answers to it stay where they are, as answers to what it answered."""
    tx.run(_MOVE_REPLIES, comment=comment_id)
    tx.run(_DELETE, comment=comment_id)
