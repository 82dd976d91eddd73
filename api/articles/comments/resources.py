"""The HTTP door to comments: written under an article, moderated in one list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from api.accounts.limits.rules import Limits
from api.articles.comments import queries
from api.articles.comments import rules as comments
from api.articles.comments.schemas import CommentBody, CommentPatch, CommentsQuery, CommentView, ThreadQuery
from api.articles.writing import visibility
from api.errors import NotFound, TooMany
from api.roles import ARTICLES_WRITE, COMMENTS_MODERATE, COMMENTS_WRITE, ME_READ
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.idempotency import forget, is_replay, replayable
from api.web.operation import ANYONE, may, operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.responses import answer, created, no_content


@dataclass(frozen=True, eq=False)
class ArticleComments:
    """The comments on one article."""

    db: Database
    limits: Limits
    language: str

    @operation(ANYONE, query=ThreadQuery, returns=Page[CommentView], errors=(NotFound,), kept=True)
    def on_get(self, req: Request, resp: Response, article: str, query: ThreadQuery) -> None:
        """List approved comments in thread order: each reply after the comment that it answers."""
        viewer = req.context.viewer
        with self.db.read() as tx:
            article_id = visibility.find(tx, ref=article, viewer=viewer).id
            account_id = viewer.id if viewer else None
            rows = queries.list_thread(tx, query.page(), article_id=article_id, account_id=account_id)
        page(req, resp, query, rows, view=partial(CommentView.of, viewer=viewer))

    @operation(
        may(COMMENTS_WRITE),
        body=CommentBody,
        returns=CommentView,
        status=201,
        errors=(NotFound, TooMany, comments.CommentsClosed, comments.UnknownParent),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, article: str, body: CommentBody) -> None:
        """Comment on a published article: shown when it is approved, staff's and the author's at once."""
        viewer = req.context.viewer
        with self.db.read() as tx:
            if not is_replay(tx, req):
                commented = visibility.find(tx, ref=article, viewer=viewer)
                comments.check_limits(tx, self.limits, article=commented, actor=viewer)
                comments.check(tx, article=commented, parent_id=body.parent)
        draft = body.draft()  # between the transactions: rendering takes its time
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                commented = visibility.find(tx, ref=article, viewer=viewer)
                comments.use_limits(tx, self.limits, article=commented, actor=viewer)
                comment = comments.create(tx, draft, article=commented, actor=viewer, language=self.language)
                created(resp, CommentView.of(comment, viewer=viewer))


@dataclass(frozen=True, eq=False)
class MyComments:
    """The comments that the viewer has written."""

    db: Database

    @operation(may(ME_READ), query=page_of("cmt"), returns=Page[CommentView])
    def on_get(self, req: Request, resp: Response, query: PageQuery) -> None:
        """List your comments, newest first, whether or not they are shown."""
        viewer = req.context.viewer
        with self.db.read() as tx:
            rows = queries.list_newest(tx, query.page(), account_id=viewer.id, only="by")
        page(req, resp, query, rows, view=partial(CommentView.of, viewer=viewer))


@dataclass(frozen=True, eq=False)
class Comments:
    """The comments on all articles."""

    db: Database

    @operation(may(COMMENTS_MODERATE, ARTICLES_WRITE), query=CommentsQuery, returns=Page[CommentView])
    def on_get(self, req: Request, resp: Response, query: CommentsQuery) -> None:
        """List the comments of all articles, or as an author of your own, newest first."""
        viewer = req.context.viewer
        with self.db.read() as tx:
            rows = comments.list_queue(tx, query.page(), viewer=viewer, **query.filters())
        page(req, resp, query, rows, view=partial(CommentView.of, viewer=viewer))


@dataclass(frozen=True, eq=False)
class Comment:
    """One comment."""

    db: Database
    language: str

    @operation(
        may(COMMENTS_MODERATE, ARTICLES_WRITE),
        body=CommentPatch,
        returns=CommentView,
        errors=(NotFound,),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, comment: str, body: CommentPatch) -> None:
        """Approve a comment, or mark it as spam, trash or pending."""
        viewer = req.context.viewer
        with self.db.write() as tx:
            before = comments.find_for_moderation(tx, ref=comment, viewer=viewer)
            conditional.check(req, resp, CommentView.of(before, viewer=viewer))
            after = comments.moderate(
                tx, before, status=body.status or before.status, language=self.language, actor=viewer
            )
            answer(resp, CommentView.of(after, viewer=viewer))

    @operation(may(COMMENTS_WRITE, COMMENTS_MODERATE), status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, comment: str) -> None:
        """Delete your own comment, one on your article, or as an editor any; replies stay."""
        viewer = req.context.viewer
        with self.db.write() as tx:
            before = comments.find_for_removal(tx, ref=comment, viewer=viewer)
            conditional.check(req, resp, CommentView.of(before, viewer=viewer))
            comments.delete(tx, before, actor=viewer)
            forget(tx, before.id)
        no_content(resp)
