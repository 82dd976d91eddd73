"""Comments as JSON."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from api.articles.comments.records import CommentDraft, CommentStatus, ShownComment
from api.articles.comments.rules import DEEPEST
from api.ids import PATTERN
from api.roles import ARTICLES_EDIT, ARTICLES_WRITE, CUSTOMER, Viewer, may
from api.text import markup, slugs
from api.text.fields import VISIBLE, SoughtSlug, Time, id_example, id_of
from api.web.paging import PageQuery
from api.web.views import view_of

_BODY_EXAMPLES = ["So *that* is why I saw no ferry."]

CommentText = Annotated[str, Meta(min_length=1, max_length=10_000, pattern=VISIBLE, examples=_BODY_EXAMPLES)]
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

    def cursor(self, row: ShownComment) -> str:
        """The path of the comment."""
        return row.path


class CommentsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """A page of comments, of one status or of any; `article` is a slug or an id."""

    prefix: ClassVar[str] = "cmt"
    status: CommentStatus | None = None
    article: SoughtSlug | None = None

    def filters(self) -> dict[str, Any]:
        """The filters that were sent, the slug in the form that is stored."""
        sent = super().filters()
        return sent if self.article is None else sent | {"article": slugs.composed(self.article)}


class CommentAuthorView(msgspec.Struct):
    """The author of a comment, by the name they had when they wrote it.

    `slug` is that of GET /v1/authors, null for who has published nothing; `staff`: any role but customer.
    """

    name: Annotated[str, Meta(examples=["Ada Brandt"])]
    slug: Annotated[str | None, Meta(examples=["ada-brandt"])]
    staff: Annotated[bool, Meta(examples=[True])]


class CommentedArticleView(msgspec.Struct):
    """The article of a comment; its slug and title are null for whoever may not see it any more."""

    id: Annotated[str, id_example("art")]
    slug: Annotated[str | None, Meta(examples=["fog-over-the-harbour"])]
    title: Annotated[str | None, Meta(examples=["Fog over the harbour"])]


class CommentView(msgspec.Struct, kw_only=True):
    """A comment: `body` is as it was written, `body_html` sanitised and without images.

    `parent` is the id of the nearest comment above it that is approved, or null.
    """

    id: Annotated[str, id_example("cmt")]
    article: CommentedArticleView
    parent: Annotated[str | None, Meta(examples=[None])]
    author: CommentAuthorView
    body: Annotated[str, Meta(examples=_BODY_EXAMPLES)]
    body_html: Annotated[str, Meta(examples=["<p>So <em>that</em> is why I saw no ferry.</p>\n"])]
    status: CommentStatus
    created_at: Time
    version: Annotated[int, Meta(examples=[1])]

    @classmethod
    def of(cls, comment: ShownComment, *, viewer: Viewer | None) -> CommentView:
        """`comment` as it is shown to `viewer`."""
        is_own = comment.is_on_own and may(viewer, ARTICLES_WRITE)
        is_visible = comment.is_article_public or is_own or may(viewer, ARTICLES_EDIT)
        slug, title = (comment.article_slug, comment.article_title) if is_visible else (None, None)
        role = comment.author_role
        return view_of(
            cls,
            comment,
            article=CommentedArticleView(comment.article_id, slug, title),
            parent=comment.parent_id,
            author=CommentAuthorView(
                comment.author_name, comment.author_slug, staff=role is not None and role != CUSTOMER
            ),
        )
