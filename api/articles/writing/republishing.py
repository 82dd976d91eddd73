"""Articles first published elsewhere: they keep the dates, bylines and addresses that they had there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from api import times
from api.articles.authors.records import Author
from api.articles.writing import queries
from api.articles.writing import rules as articles
from api.articles.writing.drafts import ArticleDraft
from api.articles.writing.records import Article, ArticleType, status_at
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
    """Store a new article; `note_losses` follows."""
    draft = new.draft
    created_at = new.created_at or new.publish_at or tx.now
    article_id = new_id("art", times.moment(created_at))
    slug = slugs.normal(draft.slug or "") or slugs.slug_from(draft.title)
    return articles.store(
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


def change(tx: Transaction, before: Article, new: Republication) -> Article:
    """Make the article what `new` says, public or not; its slug stays, and the other leads to it too.

    `note_losses` follows.
    """
    draft = replace(new.draft, slug=None)
    after = replace(
        articles.revise(tx, before, draft, tags=new.tags, categories=new.categories),
        status=status_at(new.publish_at, tx.now),
        authors=tuple(new.bylines),
        publish_at=new.publish_at,
        listed_at=new.publish_at or before.created_at,
        updated_at=new.updated_at or tx.now,
    )
    after = articles.save(tx, before, after, text=draft.text)
    add_old_slugs(tx, article_id=after.id, old_slugs=[new.draft.slug or ""])
    return after


def note_losses(tx: Transaction, types: Iterable[ArticleType]) -> None:
    """Note that articles of these types were public before they changed, or were published."""
    for type_ in types:
        queries.note_loss(tx, type=type_)


def add_old_slugs(tx: Transaction, *, article_id: str, old_slugs: Sequence[str]) -> None:
    """Let slugs that are free lead to the article too."""
    for slug in old_slugs:
        article_slugs.add_old(tx, owner=article_id, slug=slug)
