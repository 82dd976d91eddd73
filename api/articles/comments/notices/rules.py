"""Mails about comments: moderators get one digest in a quarter of an hour, authors each answer once."""

from __future__ import annotations

from typing import Any

from api import times
from api.accounts import letters, pages
from api.articles.comments import queries as comments
from api.articles.comments.notices import queries
from api.articles.comments.records import Comment, ShownComment
from api.mail.records import Request
from api.mail.writing import Link
from api.settings.public_site import PublicSite
from api.storage import Keyset, Transaction
from api.text.markup import text_of

DIGEST_AFTER = 900
"""Seconds that a digest waits for more comments."""

_WRITTEN_SOON = 60
"""Seconds before it is due from which a digest may miss a comment whose transaction has not ended."""

MOST_LISTED = 20
"""Comments in one digest."""

NEWS_FOR = 30
"""Days in which an answer is news: less than mails are kept, so that none is written about it twice."""

_EXCERPT = 200  # characters


def note_waiting(tx: Transaction, *, language: str) -> None:
    """Have a digest sent to each moderator for whom none waits, in `language` unless they have their own."""
    since = times.later(tx.now, seconds=_WRITTEN_SOON - DIGEST_AFTER)
    due_at = times.later(tx.now, seconds=DIGEST_AFTER)
    for moderator in queries.list_without_digest(tx, since=since):
        letters.post(tx, moderator, "comment-waits", language=language, due_at=due_at)


def compose_digest(tx: Transaction, request: Request, *, site: PublicSite) -> dict[str, Any] | None:
    """The facts of a digest; None if nothing waits, or the account moderates nothing any more.

    Of digests that two transactions asked for at once, the later is sent.
    """
    moderator = queries.find_moderator(tx, account_id=request.account_id or "")
    until = times.later(tx.now, seconds=_WRITTEN_SOON - DIGEST_AFTER)
    if moderator is None or queries.has_later_digest(
        tx, account_id=moderator.id, mail_id=request.mail.id, until=until
    ):
        return None
    newest = Keyset("cmt_~", MOST_LISTED)
    waiting = comments.list_newest(tx, newest, account_id=moderator.id, status="pending")
    if not waiting:
        return None
    letters.readdress(tx, request, moderator)
    return {"link": pages.link(site, pages.LOGIN), "comments": [_facts(comment) for comment in waiting[::-1]]}


def note_answer(tx: Transaction, comment: Comment, *, language: str) -> None:
    """Have the author of the comment that this approved one answers written to, once."""
    if comment.parent_id is None or comment.created_at < times.later(tx.now, days=-NEWS_FOR):
        return
    answered = queries.find_answered(tx, comment_id=comment.id)
    if answered and not queries.has_notice(tx, account_id=answered.id, comment_id=comment.id):
        facts = {"comment": comment.id}
        letters.post(tx, answered, "comment-answered", language=language, facts=facts)


def compose_answer(tx: Transaction, request: Request, *, site: PublicSite) -> dict[str, Any] | None:
    """The facts of the mail about an answer; None unless it is shown, and its reader still gets mail."""
    comment_id = request.facts["comment"]
    comment = comments.find_comment(tx, comment_id=comment_id)
    if comment is None or comment.status != "approved" or not comment.is_article_public:
        return None
    answered = queries.find_answered(tx, comment_id=comment_id)
    if answered is None or answered.id != request.account_id:
        return None
    letters.readdress(tx, request, answered)
    return {"link": Link(site.article_url(comment.article_slug)), **_facts(comment)}


def forget_texts(tx: Transaction) -> None:
    """Delete the texts of mails about comments that nothing has sent: any may name who is erased."""
    queries.delete_texts(tx)


def _facts(comment: ShownComment) -> dict[str, str]:
    text = text_of(comment.body_html)
    excerpt = text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…"
    return {"author": comment.author_name, "article": comment.article_title, "excerpt": excerpt}
