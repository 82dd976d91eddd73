"""The HTTP door to articles and their publication."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from api.articles.authors.rules import UnknownAuthor
from api.articles.writing import publication, visibility
from api.articles.writing import rules as articles
from api.articles.writing.schemas import (
    ArticleBody,
    ArticlePatch,
    ArticlesQuery,
    ArticleSummaryView,
    ArticleView,
    PublicationBody,
    RenderingBody,
    RenderingView,
)
from api.errors import NotAllowed, NotFound, NotSignedIn
from api.media.uses import UnknownMedia
from api.roles import ARTICLES_EDIT, ARTICLES_WRITE
from api.settings.public_site import PublicSite
from api.storage import Database
from api.text import markup
from api.text.slugs import SlugTaken
from api.web import conditional
from api.web.context import Request, Response
from api.web.credentials import check_access
from api.web.http_errors import InsufficientScope
from api.web.idempotency import forget, replayable
from api.web.operation import ANYONE, may, operation
from api.web.paging import Page, page
from api.web.patches import Patch
from api.web.responses import answer, created, moved, no_content


@dataclass(frozen=True, eq=False)
class Articles:
    """Articles and pages."""

    db: Database
    site: PublicSite

    @operation(
        ANYONE,
        query=ArticlesQuery,
        returns=Page[ArticleSummaryView],
        errors=(NotSignedIn, NotAllowed, InsufficientScope),
        kept=True,
    )
    def on_get(self, req: Request, resp: Response, query: ArticlesQuery) -> None:
        """List published articles, newest first; drafts and scheduled: authors their own, editors all."""
        viewer = req.context.viewer
        if query.status != "published":
            check_access(viewer, may(ARTICLES_WRITE, ARTICLES_EDIT))
        with self.db.read() as tx:
            rows = visibility.list_articles(tx, query.page(), viewer=viewer, **query.filters())
        page(req, resp, query, rows, view=partial(ArticleSummaryView.of, site=self.site))

    @operation(
        may(ARTICLES_WRITE),
        body=ArticleBody,
        long_text=True,
        returns=ArticleView,
        status=201,
        errors=(SlugTaken, UnknownAuthor, UnknownMedia),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, body: ArticleBody) -> None:
        """Create a draft of an article or page, by you or, as an editor, by `authors`."""
        if body.authors is not None:
            check_access(req.context.viewer, may(ARTICLES_EDIT))
        draft = body.draft()
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                article = articles.create(tx, draft, actor=req.context.viewer)
                view = ArticleView.to(req.context.viewer, article, site=self.site)
                created(resp, view, location=f"/v1/articles/{article.id}")


@dataclass(frozen=True, eq=False)
class Article:
    """One article or page."""

    db: Database
    site: PublicSite

    @operation(ANYONE, returns=ArticleView, errors=(NotFound,), moves=True, kept=True)
    def on_get(self, req: Request, resp: Response, article: str) -> None:
        """Read an article by its slug or id; a former slug redirects to the new one (308)."""
        with self.db.read() as tx:
            current = visibility.find(tx, ref=article, viewer=req.context.viewer)
        if current.goes_by(article):
            answer(resp, ArticleView.to(req.context.viewer, current, site=self.site))
        else:
            moved(resp, f"/v1/articles/{quote(current.slug, safe='')}")

    @operation(
        may(ARTICLES_WRITE, ARTICLES_EDIT),
        body=ArticlePatch,
        long_text=True,
        returns=ArticleView,
        errors=(NotFound, SlugTaken, UnknownAuthor, UnknownMedia, articles.ImageAddressRequired),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, article: str, body: Patch) -> None:
        """Change your article, or as an editor any; former slugs redirect to the new one."""
        viewer, changes = req.context.viewer, body.changes()
        if "authors" in changes:
            check_access(viewer, may(ARTICLES_EDIT))
        with self.db.read() as tx:
            before = visibility.find_for_change(tx, ref=article, viewer=viewer, lock=False)
        rendered = articles.changed_text(before, changes)  # between the transactions: it takes its time
        with self.db.write() as tx:
            before = visibility.find_for_change(tx, ref=article, viewer=viewer)
            conditional.check(req, resp, ArticleView.to(req.context.viewer, before, site=self.site))
            text = articles.changed_text(before, changes, rendered)
            after = articles.change(tx, before, articles.merge(before, changes, text=text), actor=viewer)
            answer(resp, ArticleView.to(req.context.viewer, after, site=self.site))

    @operation(may(ARTICLES_WRITE, ARTICLES_EDIT), status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, article: str) -> None:
        """Delete your article, or as an editor any, with its comments."""
        with self.db.write() as tx:
            before = visibility.find_for_change(tx, ref=article, viewer=req.context.viewer)
            conditional.check(req, resp, ArticleView.to(req.context.viewer, before, site=self.site))
            forget(tx, before.id, *articles.delete(tx, before, actor=req.context.viewer))
        no_content(resp)


@dataclass(frozen=True, eq=False)
class Publication:
    """The publication of an article."""

    db: Database
    site: PublicSite

    @operation(
        may(ARTICLES_WRITE, ARTICLES_EDIT),
        body=PublicationBody,
        returns=ArticleView,
        errors=(NotFound,),
        conditional=True,
    )
    def on_put(self, req: Request, resp: Response, article: str, body: PublicationBody) -> None:
        """Publish now, or at `publish_at`: a later time schedules it, an earlier one backdates it."""
        with self.db.write() as tx:
            before = visibility.find_for_change(tx, ref=article, viewer=req.context.viewer)
            conditional.check(req, resp, ArticleView.to(req.context.viewer, before, site=self.site))
            published = publication.publish(tx, before, publish_at=body.instant(), actor=req.context.viewer)
            answer(resp, ArticleView.to(req.context.viewer, published, site=self.site))

    @operation(may(ARTICLES_WRITE, ARTICLES_EDIT), status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, article: str) -> None:
        """Unpublish an article: it becomes a draft again."""
        with self.db.write() as tx:
            before = visibility.find_for_change(tx, ref=article, viewer=req.context.viewer)
            conditional.check(req, resp, ArticleView.to(req.context.viewer, before, site=self.site))
            publication.withdraw(tx, before, actor=req.context.viewer)
        no_content(resp)


class Renderings:
    """Previews."""

    @operation(may(ARTICLES_WRITE), body=RenderingBody, long_text=True, returns=RenderingView)
    def on_post(self, _req: Request, resp: Response, body: RenderingBody) -> None:
        """Render a text as the body of an article; nothing is stored."""
        answer(resp, RenderingView(markup.render(body.body, body.format)))
