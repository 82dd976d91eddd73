"""Comments: written by anyone signed in, shown once an editor or the article's author has approved them."""

from __future__ import annotations

from collections.abc import Mapping

from api.accounts.limits.records import Limit
from api.accounts.limits.rules import Limits
from api.accounts.profiles.queries import find_account
from api.articles.comments import queries
from api.articles.comments.notices import rules as notices
from api.articles.comments.records import Comment, CommentDraft, CommentStatus, ShownComment
from api.articles.writing import queries as article_queries
from api.articles.writing.records import Article
from api.errors import Conflict, InvalidToken, NotFound, TooMany
from api.events import rules as events
from api.events.records import EventType
from api.roles import ARTICLES_WRITE, COMMENTS_MODERATE, CUSTOMER, Viewer
from api.storage import Keyset, Transaction

DEEPEST = 32
"""Levels of a thread; an answer to the last is set beside it."""

HOURLY = Limit("comment", 10, 3_600)
"""By account, for customers."""

MOST_WAITING = 20
"""Comments of one account that may wait for approval."""

NOTED_AT_ONCE = 200
"""Events in one statement, so that an account with many comments is erased in little memory."""

_ID_LENGTH = 26


class CommentsClosed(Conflict):
    """The article is closed for comments, or is not published."""

    code, title = "comments-closed", "Comments closed"
    remedy = "Its author or an editor can publish it and set `comment_policy` to open."


class UnknownParent(Conflict):
    """There is no approved comment with that id on this article."""

    code, title = "unknown-parent", "Unknown parent"
    remedy = "Reply to a comment that GET …/comments lists, or leave `parent` out."


def check(tx: Transaction, *, article: Article, parent_id: str | None) -> Comment | None:
    """The comment to be answered, if any. Raises CommentsClosed, UnknownParent."""
    if article.status != "published" or article.comment_policy != "open":
        raise CommentsClosed
    return _parent(tx, article, parent_id) if parent_id else None


def check_limits(tx: Transaction, limits: Limits, *, article: Article, actor: Viewer) -> None:
    """TooMany if a comment by `actor` would be one too many; changes nothing."""
    if actor.role == CUSTOMER:
        limits.check(tx, HOURLY, subject=actor.id)
    _check_waiting(tx, limits, article=article, actor=actor)


def use_limits(tx: Transaction, limits: Limits, *, article: Article, actor: Viewer) -> None:
    """Count a comment by `actor`, one at a time, or TooMany."""
    if actor.role == CUSTOMER:
        limits.use(tx, HOURLY, subject=actor.id)
    _check_waiting(tx, limits, article=article, actor=actor)


def create(
    tx: Transaction, draft: CommentDraft, *, article: Article, actor: Viewer, language: str
) -> ShownComment:
    """Store a comment by `actor`, pending unless they are staff or wrote the article.

    `language` is that of mails about it to accounts without one of their own.
    """
    parent = check(tx, article=article, parent_id=draft.parent_id)
    author = find_account(tx, account_id=actor.id, lock=True)
    if author is None or author.erased_at is not None:  # since the token was checked
        raise InvalidToken
    comment_id = tx.new_id("cmt")
    comment = Comment(
        id=comment_id,
        article_id=article.id,
        parent_id=draft.parent_id,
        path=path_under(parent, comment_id),
        account_id=actor.id,
        author_name=author.name,
        body=draft.body,
        body_html=draft.body_html,
        status="approved" if _is_trusted(actor, article) else "pending",
        created_at=tx.now,
        version=1,
    )
    stored = store(tx, comment, actor=actor)
    if comment.status == "pending":
        notices.note_waiting(tx, language=language)
    else:
        notices.note_answer(tx, comment, language=language)
    return stored


def store(tx: Transaction, comment: Comment, *, actor: Viewer | None = None) -> ShownComment:
    """Store and count a new comment, whatever its article says to it."""
    queries.insert_comment(tx, comment)
    _count(tx, comment.article_id, None, comment.status)
    stored = find(tx, ref=comment.id, viewer=actor)
    kinds: list[EventType] = ["comment.created"]
    if stored.status == "approved":
        kinds.append("comment.approved")
    events.note_each(tx, ((kind, stored) for kind in kinds), actor=actor)
    return stored


def find(tx: Transaction, *, ref: str, viewer: Viewer | None = None, lock: bool = False) -> ShownComment:
    """The comment of that id, or NotFound; with `lock` it stays as it is until the transaction ends."""
    comment = queries.find_comment(tx, comment_id=ref, account_id=viewer.id if viewer else None, lock=lock)
    if comment is None:
        raise NotFound
    return comment


def find_for_moderation(tx: Transaction, *, ref: str, viewer: Viewer) -> ShownComment:
    """The comment, locked, if `viewer` moderates it; else NotFound, or NotAllowed when it can be seen."""
    comment = find(tx, ref=ref, viewer=viewer, lock=True)
    if viewer.may(COMMENTS_MODERATE) or (comment.is_on_own and viewer.may(ARTICLES_WRITE)):
        return comment
    if comment.account_id == viewer.id or (comment.status == "approved" and comment.is_article_public):
        raise viewer.lacking(COMMENTS_MODERATE, "This comment is on an article of another author.")
    raise NotFound


def find_for_removal(tx: Transaction, *, ref: str, viewer: Viewer) -> ShownComment:
    """The comment, locked, if `viewer` wrote or moderates it; raises as `find_for_moderation` does."""
    comment = find(tx, ref=ref, viewer=viewer, lock=True)
    return comment if comment.account_id == viewer.id else find_for_moderation(tx, ref=ref, viewer=viewer)


def list_queue(tx: Transaction, page: Keyset[str], *, viewer: Viewer, **filters: str) -> list[ShownComment]:
    """Comments newest first: for moderators those on all articles, for authors those on their own.

    `filters` are a status, and an article by slug or id.
    """
    only = None if viewer.may(COMMENTS_MODERATE) else "on"
    return queries.list_newest(tx, page, account_id=viewer.id, only=only, **filters)


def moderate(
    tx: Transaction, comment: Comment, *, status: CommentStatus, language: str, actor: Viewer | None = None
) -> ShownComment:
    """Approve a comment, or take it out of sight; `language` as in `create`."""
    if status == comment.status:
        return find(tx, ref=comment.id, viewer=actor)
    after = change(tx, comment, status=status, actor=actor)
    if status == "approved":
        notices.note_answer(tx, after, language=language)
    return after


def change(
    tx: Transaction,
    before: Comment,
    *,
    status: CommentStatus,
    texts: Mapping[str, str] = {},
    actor: Viewer | None = None,
) -> ShownComment:
    """Give a comment this status, and perhaps other texts."""
    queries.update_comment(tx, comment_id=before.id, status=status, **texts)
    _count(tx, before.article_id, before.status, status)
    after = find(tx, ref=before.id, viewer=actor)
    approved = status == "approved" != before.status
    events.note(tx, "comment.approved" if approved else "comment.updated", after, actor=actor)
    return after


def forget_author(tx: Transaction, *, account_id: str, name: str) -> None:
    """Replace the name at all comments of the account, which are nobody's from now on."""
    ids = queries.list_ids_by(tx, account_id=account_id)
    queries.forget_author(tx, account_id=account_id, name=name)
    notices.forget_texts(tx)
    for start in range(0, len(ids), NOTED_AT_ONCE):
        shown = queries.list_by_id(tx, ids=ids[start : start + NOTED_AT_ONCE])
        events.note_each(tx, (("comment.updated", comment) for comment in shown))


def delete(tx: Transaction, comment: Comment, *, actor: Viewer | None = None) -> None:
    """Remove a comment for good. Answers to it are other people's words: they stay, in their place."""
    _count(tx, comment.article_id, comment.status, None)
    queries.delete_comment(tx, comment_id=comment.id)
    events.note_deleted(tx, "comment", [comment.id], actor=actor)


def path_under(parent: Comment | None, comment_id: str) -> str:
    """The path of a comment in its thread; below 32 levels it stands beside the comment that it answers."""
    path = parent.path if parent else ""
    if len(path) >= DEEPEST * _ID_LENGTH:
        path = path[:-_ID_LENGTH]
    return path + comment_id.partition("_")[2]


def _is_trusted(actor: Viewer, article: Article) -> bool:
    return actor.role != CUSTOMER or article.is_by(actor.id)


def _check_waiting(tx: Transaction, limits: Limits, *, article: Article, actor: Viewer) -> None:
    if not limits.are_on or _is_trusted(actor, article):
        return
    if queries.count_waiting(tx, account_id=actor.id, most=MOST_WAITING) == MOST_WAITING:
        raise TooMany(
            f"{MOST_WAITING} of your comments are waiting for approval.", retry_after=HOURLY.seconds
        )


def _parent(tx: Transaction, article: Article, parent_id: str) -> Comment:
    parent = queries.find_comment(tx, comment_id=parent_id)
    if parent is None or parent.article_id != article.id or parent.status != "approved":
        raise UnknownParent.at("/parent", "This article has no approved comment of that id.")
    return parent


def _count(
    tx: Transaction, article_id: str, before: CommentStatus | None, after: CommentStatus | None
) -> None:
    """Keep the article's count in step: counting for each list would cost more with each comment."""
    more = (after == "approved") - (before == "approved")
    if more:
        article_queries.update_comment_count(tx, article_id=article_id, more=more)
