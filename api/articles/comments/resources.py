"""The HTTP door to comments: written under an article, moderated in one list."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts.roles import COMMENTS_MODERATE, COMMENTS_WRITE
from api.articles.comments import queries
from api.articles.comments import rules as comments
from api.articles.comments.schemas import CommentBody, CommentPatch, CommentsQuery, CommentView, ThreadQuery
from api.articles.writing import visibility
from api.errors import NotFound
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.idempotency import replayable
from api.web.operation import ANYONE, may, operation
from api.web.paging import Page, page
from api.web.responses import answer, created, no_content


@dataclass(frozen=True, eq=False)
class ArticleComments:
    """The comments on one article."""

    db: Database

    @operation(ANYONE, query=ThreadQuery, returns=Page[CommentView], errors=(NotFound,), kept=True)
    def on_get(self, req: Request, resp: Response, article: str, query: ThreadQuery) -> None:
        """List approved comments in thread order: each reply after the comment that it answers."""
        with self.db.read() as tx:
            article_id = visibility.find(tx, ref=article, viewer=req.context.viewer).id
            rows = queries.list_thread(tx, query.page(), article_id=article_id)
        page(req, resp, query, rows, view=CommentView.of)

    @operation(
        may(COMMENTS_WRITE),
        body=CommentBody,
        returns=CommentView,
        status=201,
        errors=(NotFound, comments.CommentsClosed, comments.UnknownParent),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, article: str, body: CommentBody) -> None:
        """Comment on a published article; it appears once an editor approves it, an editor's own at once."""
        viewer, draft = req.context.viewer, body.draft()
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                commented = visibility.find(tx, ref=article, viewer=viewer)
                comment = comments.create(tx, draft, article=commented, actor=viewer)
                created(resp, CommentView.of(comment))


@dataclass(frozen=True, eq=False)
class Comments:
    """The comments on all articles."""

    db: Database

    @operation(may(COMMENTS_MODERATE), query=CommentsQuery, returns=Page[CommentView])
    def on_get(self, req: Request, resp: Response, query: CommentsQuery) -> None:
        """List the comments of all articles, newest first; `?status=pending` awaits moderation."""
        with self.db.read() as tx:
            rows = queries.list_newest(tx, query.page(), **query.filters())
        page(req, resp, query, rows, view=CommentView.of)


@dataclass(frozen=True, eq=False)
class Comment:
    """One comment."""

    db: Database

    @operation(
        may(COMMENTS_MODERATE), body=CommentPatch, returns=CommentView, errors=(NotFound,), conditional=True
    )
    def on_patch(self, req: Request, resp: Response, comment: str, body: CommentPatch) -> None:
        """Approve a comment, or mark it as spam, trash or pending."""
        with self.db.write() as tx:
            before = comments.find(tx, ref=comment, lock=True)
            conditional.check(req, resp, CommentView.of(before))
            answer(resp, CommentView.of(comments.moderate(tx, before, status=body.status or before.status)))

    @operation(may(COMMENTS_WRITE, COMMENTS_MODERATE), status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, comment: str) -> None:
        """Delete your own comment, or as an editor any; replies to it stay."""
        with self.db.write() as tx:
            before = comments.find_for_removal(tx, ref=comment, viewer=req.context.viewer)
            conditional.check(req, resp, CommentView.of(before))
            comments.delete(tx, before)
        no_content(resp)
