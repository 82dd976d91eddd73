"""Comments first published elsewhere: by a name, at their time, moderated already."""

from __future__ import annotations

from msgspec import Struct

from api import times
from api.articles.comments import rules
from api.articles.comments.records import Comment, CommentStatus
from api.ids import new_id
from api.storage import Transaction
from api.times import Instant


class Republication(Struct, frozen=True, kw_only=True):
    """A comment as it was there; `created_at` None: now."""

    author_name: str
    body: str
    body_html: str
    status: CommentStatus
    created_at: Instant | None = None
    account_id: str | None = None


def create(tx: Transaction, new: Republication, *, article_id: str, parent: Comment | None) -> Comment:
    """Store a new comment on the article, in answer to `parent`."""
    created_at = new.created_at or tx.now
    comment_id = new_id("cmt", times.moment(created_at))
    comment = Comment(
        id=comment_id,
        article_id=article_id,
        parent_id=parent.id if parent else None,
        path=rules.path_under(parent, comment_id),
        account_id=new.account_id,
        author_name=new.author_name,
        body=new.body,
        body_html=new.body_html,
        status=new.status,
        created_at=created_at,
        version=1,
    )
    rules.store(tx, comment)
    return comment


def change(tx: Transaction, before: Comment, new: Republication) -> None:
    """Make the comment what `new` says; its time and its place in the thread stay."""
    texts = {"author_name": new.author_name, "body": new.body, "body_html": new.body_html}
    rules.change(tx, before, status=new.status, texts=texts)
