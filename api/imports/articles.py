"""The import of articles and comments: each is created once, and updated when its source has changed."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from api.articles.authors.records import Author
from api.articles.comments import queries as comment_queries
from api.articles.comments import records as stored
from api.articles.comments import republishing as republished_comments
from api.articles.comments import rules as comments
from api.articles.comments.republishing import Republication as RepublishedComment
from api.articles.writing import publication, republishing
from api.articles.writing import queries as article_queries
from api.articles.writing.drafts import ArticleDraft, RichText, typeset
from api.articles.writing.records import Article as StoredArticle
from api.articles.writing.records import ArticleType
from api.articles.writing.republishing import Republication
from api.ids import indexable
from api.imports.addresses import OldAddresses
from api.imports.origins import queries as origins
from api.imports.origins import rules
from api.imports.origins.records import Key, Looks
from api.imports.records import REPEATED, Article, Comment, Withheld
from api.imports.report import DELETED, OTHER_SLUG, WITHDRAWN, Report
from api.imports.terms import Filed
from api.redirects.records import Target
from api.storage import Transaction
from api.taxonomy.records import Term
from api.text import markup, slugs
from api.text.images import ImageDraft
from api.times import Instant, instant

_Filed = TypeVar("_Filed", Author, Term)

WITHOUT_ARTICLE = "its article was deleted here"


def text_of(article: Article) -> RichText:
    """The article's text in all its forms."""
    return typeset(_source(article), "markdown" if article.format == "markdown" else "html")


def comment_html(comment: Comment) -> str:
    """The comment as safe HTML."""
    if comment.format == "markdown":
        return markup.render_comment(comment.body)
    return markup.sanitise_comment(_source(comment))


@dataclass(frozen=True, slots=True)
class _Place:
    """The article made of one in the source; `local_id` is None if it has been deleted here."""

    external_id: str
    local_id: str | None


class Articles:
    """The articles and comments of a run."""

    def __init__(
        self, tx: Transaction, source: str, filed: Filed, report: Report, addresses: OldAddresses
    ) -> None:
        self._tx = tx
        self._source = source
        self._filed = filed
        self._report = report
        self._addresses = addresses
        self._places: dict[str, _Place] = {}
        self._lost: set[ArticleType] = set()
        self._old_slugs: list[tuple[str, tuple[str, ...]]] = []

    def bring(self, article: Article, text: RichText) -> None:
        """Create the article, or update it if it has changed in the source."""
        draft = self._draft(article, text, undated=self._tx.now)
        looks = _looks_of(article)
        key, origin = rules.identify(self._tx, self._key_of(article), looks)
        if origin is not None and origin.is_deleted:
            self._places[article.external_id] = _Place(key.external_id, None)
            self._report.skip(article.type, DELETED, article.title)
            return
        local_id, outcome = rules.follow(
            self._tx,
            key,
            origin,
            fingerprint=_fingerprint(article, draft),
            looks=replace(looks, slug=looks.slug or slugs.slug_from(article.title)),
            create=lambda: self._create(article, draft),
            change=lambda id_: self._change(article, id_, text),
        )
        self._places[article.external_id] = _Place(key.external_id, local_id)
        self._report.count("pages" if article.type == "page" else "articles", outcome)
        if outcome != "unchanged":
            self._old_slugs += [(local_id, article.old_slugs)] if article.old_slugs else []
            self._addresses.keep(article.addresses, Target("article", local_id), article.title)
        if article.hidden_because is not None:
            self._report.note("draft", article.hidden_because, article.title)

    def withdraw(self, row: Withheld) -> None:
        """Unpublish what an earlier run made of a row that is withheld now."""
        key, origin = rules.identify(self._tx, self._key_of(row), _looks_of(row))
        if origin is None or origin.is_deleted or origin.fingerprint == rules.WITHDRAWN:
            return
        article = self._stored(origin.local_id)
        publication.withdraw(self._tx, article)
        rules.note_withdrawal(self._tx, key, origin)
        if article.status != "draft":
            self._report.note(row.kind, WITHDRAWN, row.title)

    def close(self) -> None:
        """Do what is done once, after every article: former slugs come after those that articles have now."""
        republishing.note_losses(self._tx, self._lost)
        for local_id, old_slugs in self._old_slugs:
            republishing.add_old_slugs(self._tx, article_id=local_id, old_slugs=old_slugs)

    def bring_comment(self, comment: Comment, body_html: str) -> None:
        """Create the comment, or update it if it has changed in the source, after its parent."""
        place = self._places[comment.article_external_id]
        key = self._comment_key(place, comment.external_id)
        origin = origins.find(self._tx, key)
        if place.local_id is None or (origin is not None and origin.is_deleted):
            reason = WITHOUT_ARTICLE if place.local_id is None else DELETED
            self._report.skip("comment", reason, comment.author_name)
            return
        article_id, new = place.local_id, _republished_comment(comment, body_html)
        _, outcome = rules.follow(
            self._tx,
            key,
            origin,
            fingerprint=rules.fingerprint(comment.author_name, comment.body, comment.status),
            create=lambda: (
                republished_comments.create(
                    self._tx, new, article_id=article_id, parent=self._parent(comment, place)
                ).id
            ),
            change=lambda id_: republished_comments.change(
                self._tx, comments.find(self._tx, ref=id_, lock=True), new
            ),
        )
        self._report.count("comments", outcome)

    def _draft(self, article: Article, text: RichText, *, undated: Instant) -> Republication:
        """The article with its dates; if it is public without one, it is dated `undated`."""
        image, moment = article.image, article.publish_at or article.created_at
        return Republication(
            draft=ArticleDraft(
                title=article.title,
                text=text,
                type=article.type,
                slug=article.slug,
                excerpt=article.excerpt or None,
                language=article.language,
                image=ImageDraft(image.url, image.alt) if image else None,
                featured=article.featured,
                comment_policy=article.comment_policy,
            ),
            bylines=_each_once(map(self._filed.author, article.authors)),
            tags=_each_once(map(self._filed.tag, article.tags)),
            categories=_each_once(map(self._filed.category, article.categories)),
            publish_at=None if article.status == "draft" else _instant(moment) or undated,
            created_at=_instant(article.created_at),
            updated_at=_instant(article.updated_at),
        )

    def _create(self, article: Article, draft: Republication) -> str:
        stored = republishing.create(self._tx, draft)
        if stored.status == "published":  # it may push out of the feed what is dated later than itself
            self._lost.add(stored.type)
        if article.slug and stored.slug != article.slug:
            self._report.note(article.type, OTHER_SLUG, f"{article.slug} → {stored.slug}")
        return stored.id

    def _change(self, article: Article, local_id: str, text: RichText) -> None:
        before = self._stored(local_id)
        draft = self._draft(article, text, undated=before.publish_at or self._tx.now)
        after = republishing.change(self._tx, before, draft)
        if before.status == "published":
            self._lost.add(before.type)
        if before.status != after.status and (after.status == "draft" or before.status == "published"):
            self._report.note(article.type, WITHDRAWN, article.title)

    def _stored(self, local_id: str) -> StoredArticle:
        article = article_queries.find_by_id(self._tx, article_id=local_id)
        assert article is not None  # noqa: S101  # its origin says so in this transaction
        return article

    def _parent(self, comment: Comment, place: _Place) -> stored.Comment | None:
        if comment.parent_external_id is None:
            return None
        origin = origins.find(self._tx, self._comment_key(place, comment.parent_external_id))
        parent = comment_queries.find_comment(self._tx, comment_id=origin.local_id) if origin else None
        return parent if parent and parent.article_id == place.local_id else None

    def _key_of(self, row: Article | Withheld) -> Key:
        return Key("article", self._source, indexable(row.external_id.partition(REPEATED)[0]))

    def _comment_key(self, place: _Place, external_id: str) -> Key:
        return Key("comment", self._source, indexable(f"{place.external_id}/{external_id}"))


def _each_once(things: Iterable[_Filed]) -> list[_Filed]:
    """Two names there may be one here: "politica" and "política"."""
    return list({thing.id: thing for thing in things}.values())


def _looks_of(row: Article | Withheld) -> Looks:
    return Looks(row.title, slugs.normal(row.slug or ""), _instant(row.created_at))


def _instant(moment: datetime | None) -> Instant | None:
    return instant(moment) if moment else None


def _republished_comment(comment: Comment, body_html: str) -> RepublishedComment:
    return RepublishedComment(
        author_name=comment.author_name,
        body=comment.body,
        body_html=body_html,
        status=comment.status,
        created_at=_instant(comment.created_at),
    )


def _fingerprint(article: Article, draft: Republication) -> str:
    """Of everything except what depends on the time or on the other files of the same site."""
    same = replace(
        article,
        addresses=tuple(address for address in article.addresses if "?" not in address),
        external_id=article.external_id.partition(REPEATED)[0],
        status="draft" if article.status == "draft" else "published",
        authors=(),
        tags=(),
        categories=(),
    )
    linked = [[thing.id for thing in things] for things in (draft.bylines, draft.tags, draft.categories)]
    return rules.fingerprint(same, linked)


def _source(row: Article | Comment) -> str:
    return _paragraphs(row.body) if row.format == "text" else row.body


def _paragraphs(text: str) -> str:
    """Plain text as HTML: a blank line between paragraphs, and lines kept."""
    paragraphs = (html.escape(part).replace("\n", "<br>") for part in text.split("\n\n") if part.strip())
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
