"""Articles first published elsewhere: they keep the dates, bylines and addresses that they had there."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from api import times
from api.articles.authors.records import Author
from api.articles.writing import queries
from api.articles.writing import rules as articles
from api.articles.writing.drafts import ArticleDraft
from api.articles.writing.records import Article, status_at
from api.articles.writing.tables import article_slugs
from api.ids import new_id
from api.storage import Transaction
from api.taxonomy.records import Term
from api.text import slugs
from api.times import Instant


class Republication(Struct, frozen=True, kw_only=True):
    """A draft, whose own tags and categories are not read, and all that the article brings.

    Its slug is a wish: a taken one gets a number. Without `publish_at` it is not published; without
    `created_at` it was created when it was published, or now.
    """

    draft: ArticleDraft
    bylines: Sequence[Author] = ()
    tags: Sequence[Term] = ()
    categories: Sequence[Term] = ()
    publish_at: Instant | None = None
    created_at: Instant | None = None
    updated_at: Instant | None = None


def create(tx: Transaction, new: Republication) -> Article:
    """Store a new article."""
    draft = new.draft
    created_at = new.created_at or new.publish_at or tx.now
    article_id = new_id("art", times.moment(created_at))
    slug = slugs.normal(draft.slug or "") or slugs.slug_from(draft.title)
    article = articles.store(
        tx,
        draft,
        article_id=article_id,
        slug=article_slugs.claim_free(tx, owner=article_id, slug=slug, fallback=draft.type),
        bylines=new.bylines,
        tags=new.tags,
        categories=new.categories,
        publish_at=new.publish_at,
        created_at=created_at,
        updated_at=new.updated_at,
    )
    if article.status == "published":  # it may push out of the feed what is dated later than itself
        queries.note_loss(tx, type=article.type)
    return article


def change(tx: Transaction, before: Article, new: Republication) -> Article:
    """Make the article what `new` says, public or not; its slug stays, and the other leads to it too."""
    draft = replace(new.draft, slug=None)
    after = replace(
        articles.revise(tx, before, draft, tags=new.tags, categories=new.categories),
        status=status_at(new.publish_at, tx.now),
        authors=tuple(new.bylines),
        publish_at=new.publish_at,
        listed_at=new.publish_at or before.created_at,
        updated_at=new.updated_at or tx.now,
    )
    if before.status == "published":
        queries.note_loss(tx, type=before.type)
    after = articles.save(tx, before, after, text=draft.text)
    add_old_slugs(tx, article_id=after.id, old_slugs=[new.draft.slug or ""])
    return after


def add_old_slugs(tx: Transaction, *, article_id: str, old_slugs: Sequence[str]) -> None:
    """Let slugs that are free lead to the article too."""
    for slug in old_slugs:
        article_slugs.add_old(tx, owner=article_id, slug=slug)
