"""The HTTP door to articles and their publication."""

from __future__ import annotations

from urllib.parse import quote

from falcon import HTTPPermanentRedirect

from api.accounts.roles import ARTICLES_WRITE
from api.articles.writing import publication
from api.articles.writing import rules as drafts
from api.articles.writing import visibility as reading
from api.articles.writing.schemas import ArticleBody, ArticlePatch, ArticleQuery, PublicationBody
from api.articles.writing.views import (
    ArticleSummaryView,
    ArticleView,
    article_view,
    summary_view,
)
from api.errors import NotAllowed, NotFound, NotSignedIn
from api.settings import Settings
from api.storage import Database
from api.text.slugs import SlugTaken
from api.web import conditional
from api.web.context import Request, Response
from api.web.credentials import check_access
from api.web.http_errors import InsufficientScope
from api.web.idempotency import replayable
from api.web.operation import ANYONE, may, operation
from api.web.paging import Page, page
from api.web.responses import answer, created, no_content


class Articles:
    """/v1/articles"""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._site = settings.url

    @operation(
        ANYONE,
        query=ArticleQuery,
        returns=Page[ArticleSummaryView],
        errors=(NotSignedIn, NotAllowed, InsufficientScope),
        kept=True,
    )
    def on_get(self, req: Request, resp: Response, query: ArticleQuery) -> None:
        """List what is published, newest first; drafts and scheduled: authors their own, editors all."""
        if query.status != "published":
            check_access(req.context.viewer, may(ARTICLES_WRITE))
        with self._db.read() as tx:
            rows = reading.browse(tx, query.page(), viewer=req.context.viewer, wanted=query.filter())
        page(req, resp, query, rows, view=lambda article: summary_view(article, self._site))

    @operation(
        may(ARTICLES_WRITE),
        body=ArticleBody,
        returns=ArticleView,
        status=201,
        errors=(SlugTaken,),
        idempotent=True,
    )
    def on_post(self, req: Request, resp: Response, body: ArticleBody) -> None:
        """Write a draft."""
        manuscript = body.manuscript()
        with self._db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                article = drafts.create(tx, manuscript=manuscript, author=req.context.viewer)
                created(resp, article_view(article, self._site), location=f"/v1/articles/{article.id}")


class Article:
    """/v1/articles/{article}"""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._site = settings.url

    @operation(ANYONE, returns=ArticleView, errors=(NotFound,), moves=True, kept=True)
    def on_get(self, req: Request, resp: Response, article: str) -> None:
        """Show an article by its slug or id; an old slug leads to the new one with 308."""
        with self._db.read() as tx:
            found = reading.find(tx, name=article, viewer=req.context.viewer)
        if not found.goes_by(article):
            raise HTTPPermanentRedirect(f"/v1/articles/{quote(found.slug, safe='')}")
        answer(resp, article_view(found, self._site))

    @operation(
        may(ARTICLES_WRITE),
        body=ArticlePatch,
        returns=ArticleView,
        errors=(NotFound, SlugTaken, drafts.ImageAddressRequired),
        conditional=True,
    )
    def on_patch(self, req: Request, resp: Response, article: str, body: ArticlePatch) -> None:
        """Change your article, or as an editor any; a new slug leaves the old one leading here."""
        viewer = req.context.viewer
        with self._db.read() as tx:
            before = drafts.find_for_change(tx, name=article, viewer=viewer, hold=False)
        prose = body.prose(before)  # rendered between the transactions: it takes its time
        with self._db.write() as tx:
            found = drafts.find_for_change(tx, name=article, viewer=viewer)
            conditional.check(req, resp, article_view(found, self._site))
            changed = drafts.rewrite(tx, article=found, manuscript=body.manuscript(found, prose))
            answer(resp, article_view(changed, self._site))

    @operation(may(ARTICLES_WRITE), status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, article: str) -> None:
        """Delete your article, or as an editor any, with its comments."""
        with self._db.write() as tx:
            found = drafts.find_for_change(tx, name=article, viewer=req.context.viewer)
            conditional.check(req, resp, article_view(found, self._site))
            drafts.delete(tx, article=found)
        no_content(resp)


class Publication:
    """/v1/articles/{article}/publication"""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._site = settings.url

    @operation(
        may(ARTICLES_WRITE), body=PublicationBody, returns=ArticleView, errors=(NotFound,), conditional=True
    )
    def on_put(self, req: Request, resp: Response, article: str, body: PublicationBody) -> None:
        """Publish now, or at `publish_at`: later schedules it, earlier dates it back."""
        with self._db.write() as tx:
            found = drafts.find_for_change(tx, name=article, viewer=req.context.viewer)
            conditional.check(req, resp, article_view(found, self._site))
            published = publication.publish(tx, article=found, publish_at=body.instant())
            answer(resp, article_view(published, self._site))

    @operation(may(ARTICLES_WRITE), status=204, errors=(NotFound,), conditional=True)
    def on_delete(self, req: Request, resp: Response, article: str) -> None:
        """Make it a draft again."""
        with self._db.write() as tx:
            found = drafts.find_for_change(tx, name=article, viewer=req.context.viewer)
            conditional.check(req, resp, article_view(found, self._site))
            publication.withdraw(tx, article=found)
        no_content(resp)
