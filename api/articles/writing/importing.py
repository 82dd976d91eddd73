"""The door for imports: what another system wrote keeps its times and addresses, and comes in once.

Each rule compares a fingerprint of what it is given with the one stored, so a second run touches nothing
that is the same there, whatever was changed here since; what changed there replaces what is here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from api import times
from api.articles.authors import queries as author_queries
from api.articles.authors import rules as authors
from api.articles.authors.records import Author
from api.articles.comments import queries as comment_queries
from api.articles.comments import rules as comments
from api.articles.comments.records import Comment, CommentStatus
from api.articles.writing import publication, queries
from api.articles.writing import rules as articles
from api.articles.writing.drafts import ArticleDraft
from api.articles.writing.records import Article
from api.articles.writing.tables import article_slugs
from api.ids import new_id
from api.storage import Row, Transaction
from api.taxonomy.records import Term
from api.text import slugs
from api.times import Instant

Outcome = Literal["created", "updated", "unchanged"]
_WITHDRAWN = "withdrawn"  # in place of a fingerprint, so that the row is a changed one when it comes back


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one row, the id that it has here, and whether it was public here until now."""

    outcome: Outcome
    id: str
    withdrawn: bool = False


def put_author(
    tx: Transaction, *, source: str, external_id: str, name: str, slug: str | None = None
) -> tuple[Outcome, Author]:
    """A byline of another system; it is nobody's account."""
    fingerprint = _fingerprint(name, slug)
    known = author_queries.find_imported(tx, source=source, external_id=external_id)
    if known is None:
        author = Author(tx.new_id("aut"), name, authors.free_slug(tx, slug or name))
        origin = {"source": source, "external_id": external_id, "fingerprint": fingerprint}
        if not author_queries.insert_author(tx, author, **origin):
            return put_author(tx, source=source, external_id=external_id, name=name, slug=slug)
        return "created", author
    *columns, before = known
    author = Author(*columns)
    if before == fingerprint:
        return "unchanged", author
    author_queries.update_author(tx, author_id=author.id, name=name, fingerprint=fingerprint)
    return "updated", replace(author, name=name)


def find_article(tx: Transaction, *, source: str, external_id: str) -> Row | None:
    """id, slug, title, created_at and fingerprint of the article that an import brought."""
    return queries.find_imported(tx, source=source, external_id=external_id)


def withdraw_article(tx: Transaction, *, source: str, external_id: str) -> bool:
    """Make a draft of what an import brought; False if it was one already."""
    known = queries.find_imported(tx, source=source, external_id=external_id)
    if known is None or known.fingerprint == _WITHDRAWN:
        return False
    article = _found(tx, known.id)
    publication.withdraw(tx, article)
    queries.update_fingerprint(tx, article_id=article.id, fingerprint=_WITHDRAWN)
    return article.publish_at is not None


def put_article(
    tx: Transaction,
    *,
    source: str,
    external_id: str,
    draft: ArticleDraft,
    bylines: Sequence[Author],
    tags: Sequence[Term] = (),
    categories: Sequence[Term] = (),
    old_slugs: Sequence[str] = (),
    publish_at: Instant | None = None,
    created_at: Instant | None = None,
    updated_at: Instant | None = None,
    hidden_because: str | None = None,
) -> Imported:
    """An article of another system: `draft` is typeset before the transaction, its tags are not read.

    A slug that is taken gets a number behind it. `created_at` None: when it was published, else now.
    `publish_at` None: a draft, also where an earlier import or somebody here has published it.
    """
    fingerprint = _fingerprint(
        replace(draft, text=replace(draft.text, html="", words=""), tags=None, categories=None),
        [author.id for author in bylines],
        [term.id for term in tags],
        [term.id for term in categories],
        list(old_slugs),
        (publish_at or f"not public: {hidden_because}", created_at, updated_at),
    )
    withdrawn = False
    known = queries.find_imported(tx, source=source, external_id=external_id)
    if known is None:
        created_at = created_at or publish_at or tx.now
        article_id = new_id("art", times.moment(created_at))
        wanted = slugs.normal(draft.slug or "") or slugs.slug_from(draft.title)
        articles.store(
            tx,
            draft,
            article_id=article_id,
            slug=article_slugs.claim_free(tx, owner=article_id, slug=wanted, fallback=draft.type),
            bylines=bylines,
            tags=tags,
            categories=categories,
            publish_at=publish_at,
            created_at=created_at,
            updated_at=updated_at,
            source=source,
            external_id=external_id,
            fingerprint=fingerprint,
        )
        outcome: Outcome = "created"
        old = tuple(old_slugs)
    elif known.fingerprint == fingerprint:
        return Imported("unchanged", known.id)
    else:
        outcome, article_id = "updated", known.id
        before = _found(tx, article_id)
        revised = articles.revise(tx, before, replace(draft, slug=None), tags=tags, categories=categories)
        withdrawn = _is_withdrawn(before.publish_at, publish_at, tx.now)
        after = replace(
            revised,
            authors=tuple(bylines),
            publish_at=publish_at,
            listed_at=publish_at or before.created_at,
            updated_at=updated_at or tx.now,
        )
        articles.save(tx, before, after, text=draft.text, fingerprint=fingerprint)
        # Its address stays, so the one that it has there is an old one here.
        old = (*old_slugs, draft.slug or "")
    for slug in old:
        article_slugs.add_old(tx, owner=article_id, slug=slug)
    return Imported(outcome, article_id, withdrawn)


def put_comment(
    tx: Transaction,
    *,
    source: str,
    external_id: str,
    article_id: str,
    parent_external_id: str | None,
    author_name: str,
    body: str,
    body_html: str,
    status: CommentStatus,
    created_at: Instant | None = None,
) -> Imported:
    """A comment of another system; bring what it answers first, else it starts a thread of its own."""
    fingerprint = _fingerprint(author_name, body, status)
    known = comment_queries.find_imported(tx, source=source, external_id=external_id)
    if known is None:
        created_at = created_at or tx.now
        comment_id = new_id("cmt", times.moment(created_at))
        parent = _parent(tx, source, parent_external_id, article_id)
        comment = Comment(
            id=comment_id,
            article_id=article_id,
            parent_id=parent.id if parent else None,
            path=comments.path_under(parent, comment_id),
            account_id=None,
            author_name=author_name,
            body=body,
            body_html=body_html,
            status=status,
            created_at=created_at,
        )
        comments.store(tx, comment, source=source, external_id=external_id, fingerprint=fingerprint)
        return Imported("created", comment_id)
    before, stored = known
    if stored == fingerprint:
        return Imported("unchanged", before.id)
    comment_queries.update_comment(
        tx,
        comment_id=before.id,
        author_name=author_name,
        body=body,
        body_html=body_html,
        fingerprint=fingerprint,
    )
    comments.moderate(tx, before, status=status)
    return Imported("updated", before.id)


def _found(tx: Transaction, article_id: str) -> Article:
    article = queries.find_by_id(tx, article_id=article_id)
    assert article is not None  # noqa: S101  # found by its origin in this transaction, said to mypy
    return article


def _is_withdrawn(before: Instant | None, after: Instant | None, now: Instant) -> bool:
    return before is not None and (after is None or before <= now < after)


def _parent(tx: Transaction, source: str, external_id: str | None, article_id: str) -> Comment | None:
    found = comment_queries.find_imported(tx, source=source, external_id=external_id) if external_id else None
    return found[0] if found and found[0].article_id == article_id else None


def _fingerprint(*told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()
