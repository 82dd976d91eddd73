"""Comments as JSON."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from api.articles.comments.records import Comment, CommentDraft, CommentStatus
from api.articles.comments.rules import DEEPEST
from api.ids import PATTERN
from api.text import markup
from api.text.fields import VISIBLE, Time, id_example, id_of
from api.web.paging import PageQuery
from api.web.views import view_of

_BODY_EXAMPLES = ["So *that* is why I saw no ferry."]

CommentText = Annotated[str, Meta(min_length=1, max_length=200_000, pattern=VISIBLE, examples=_BODY_EXAMPLES)]
CommentId = Annotated[str, Meta(pattern=id_of("cmt"))]
ThreadCursor = Annotated[str, Meta(pattern=rf"^({PATTERN}){{1,{DEEPEST}}}\Z")]
"""A position in a thread: the ids, without their prefix, from its first comment down."""


class CommentBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A comment in Markdown, on the article or in answer to the comment `parent`."""

    body: CommentText
    parent: Annotated[CommentId | None, Meta(examples=[None])] = None

    def draft(self) -> CommentDraft:
        """The comment asked for, rendered."""
        return CommentDraft(body=self.body, body_html=markup.render_comment(self.body), parent_id=self.parent)


class CommentPatch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A decision about a comment."""

    status: CommentStatus | UnsetType = UNSET


class ThreadQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """A page of a thread."""

    after: ThreadCursor | None = None

    def position(self) -> str:
        """The start of the page: "" sorts before every path."""
        return self.after or ""

    def cursor(self, row: Comment) -> str:
        """The path of the comment."""
        return row.path


class CommentsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """A page of comments, of one status or of any."""

    prefix: ClassVar[str] = "cmt"
    status: CommentStatus | None = None


class CommentAuthorView(msgspec.Struct):
    """The author of a comment, by the name they had when they wrote it."""

    name: Annotated[str, Meta(examples=["Ada Brandt"])]


class CommentView(msgspec.Struct, kw_only=True):
    """A comment; `article` and `parent` are ids, `body` is as it was written, `body_html` sanitised."""

    id: Annotated[str, id_example("cmt")]
    article: Annotated[str, id_example("art")]
    parent: Annotated[str | None, Meta(examples=[None])]
    author: CommentAuthorView
    body: Annotated[str, Meta(examples=_BODY_EXAMPLES)]
    body_html: Annotated[str, Meta(examples=["<p>So <em>that</em> is why I saw no ferry.</p>\n"])]
    status: CommentStatus
    created_at: Time

    @classmethod
    def of(cls, comment: Comment) -> CommentView:
        """`comment` as it is shown."""
        return view_of(
            cls,
            comment,
            article=comment.article_id,
            parent=comment.parent_id,
            author=CommentAuthorView(comment.author_name),
        )
