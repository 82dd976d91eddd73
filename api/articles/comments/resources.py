"""The HTTP door to comments: written under an article, moderated in one list."""

from __future__ import annotations

from api.accounts.roles import COMMENTS_MODERATE
from api.articles.comments import queries
from api.articles.comments import rules as comments
from api.articles.comments.schemas import CommentBody, CommentPatch, CommentsQuery, CommentView, ThreadQuery
from api.articles.writing import visibility as reading
from api.errors import NotAllowed, NotFound
from api.storage import Database
from api.text import markup
from api.web import conditional
from api.web.context import Request, Response
from api.web.idempotency import replayable
from api.web.operation import ANYONE, SIGNED_IN, may, operation
from api.web.paging import Page, page
from api.web.responses import answer, created, no_content


class ArticleComments:
    """/v1/articles/{article}/comments"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(ANYONE, query=ThreadQuery, returns=Page[CommentView], errors=(NotFound,), kept=True)
    def on_get(self, req: Request, resp: Response, article: str, query: ThreadQuery) -> None:
        """List approved comments as the threads read: each answer behind what it answers."""
        with self._db.read() as tx:
            under = reading.find(tx, name=article, viewer=req.context.viewer)
            rows = queries.list_thread(tx, query.page(), article_id=under.id)
        page(req, resp, query, rows, view=CommentView.of)

    @operation(
        SIGNED_IN,
        body=CommentBody,
        returns=CommentView,
        status=201,
        errors=(NotFound, comments.CommentsClosed, comments.UnknownParent),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, article: str, body: CommentBody) -> None:
        """Comment on a published article; shown when an editor approves it, an editor's own at once."""
        viewer, html = req.context.viewer, markup.render_comment(body.body)
        with self._db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                comment = comments.post(
                    tx,
                    article=reading.find(tx, name=article, viewer=viewer),
                    author=viewer,
                    body=body.body,
                    body_html=html,
                    parent_id=body.parent,
                )
                created(resp, CommentView.of(comment))


class Comments:
    """/v1/comments"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(may(COMMENTS_MODERATE), query=CommentsQuery, returns=Page[CommentView])
    def on_get(self, req: Request, resp: Response, query: CommentsQuery) -> None:
        """List the comments of all articles, newest first; `?status=pending` is what waits for you."""
        with self._db.read() as tx:
            rows = queries.list_newest(tx, query.page(), **query.filters())
        page(req, resp, query, rows, view=CommentView.of)


class Comment:
    """/v1/comments/{comment}"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(
        may(COMMENTS_MODERATE), body=CommentPatch, returns=CommentView, errors=(NotFound,), conditional=True
    )
    def on_patch(self, req: Request, resp: Response, comment: str, body: CommentPatch) -> None:
        """Approve a comment, or call it spam, trash or pending."""
        with self._db.write() as tx:
            found = comments.find(tx, comment_id=comment)
            conditional.check(req, resp, CommentView.of(found))
            moderated = comments.moderate(tx, comment=found, status=body.status or found.status)
            answer(resp, CommentView.of(moderated))

    @operation(SIGNED_IN, status=204, errors=(NotFound, NotAllowed), conditional=True)
    def on_delete(self, req: Request, resp: Response, comment: str) -> None:
        """Delete your own comment, or as an editor any; answers to it stay."""
        with self._db.write() as tx:
            found = comments.find_for_removal(tx, comment_id=comment, viewer=req.context.viewer)
            conditional.check(req, resp, CommentView.of(found))
            comments.remove(tx, comment=found)
        no_content(resp)
