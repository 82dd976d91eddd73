"""Articles written, changed and taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from api.accounts.roles import ARTICLES_EDIT, Viewer
from api.articles.authors import rules as authors
from api.articles.authors.records import Author
from api.articles.writing import addresses
from api.articles.writing import draft_queries as queries
from api.articles.writing import visibility as reading
from api.articles.writing.drafts import Manuscript, Picture, Prose
from api.articles.writing.records import Article, Image, status_at
from api.articles.writing.tables import article_words
from api.errors import Conflict, NotAllowed
from api.ids import new_id
from api.storage import Transaction
from api.taxonomy import rules as terms
from api.taxonomy.records import Term
from api.text import slugs
from api.times import Instant


class ImageAddressRequired(Conflict):
    """The article has no image whose text could be changed."""

    code, title = "image-address-required", "Image address required"
    remedy = "Send `image.url` too."


def find_for_change(tx: Transaction, *, name: str, viewer: Viewer, hold: bool = True) -> Article:
    """The article, if `viewer` may change it; else NotFound, or NotAllowed when it can be seen."""
    article = reading.find(tx, name=name, viewer=viewer, hold=hold)
    if not (viewer.may(ARTICLES_EDIT) or article.is_by(viewer.id)):
        raise NotAllowed("This article is another author's.")
    return article


def create(tx: Transaction, *, manuscript: Manuscript, author: Viewer) -> Article:
    """Store a draft by `author`. Raises SlugTaken."""
    article_id, slug = tx.new_id("art"), slugs.normal(manuscript.slug or "")
    if slug:
        addresses.claim(tx, article_id=article_id, slug=slug)
    else:
        slug = addresses.claim_free(
            tx, article_id=article_id, slug=slugs.slug_from(manuscript.title), fallback=manuscript.type
        )
    byline = authors.of_account(tx, account_id=author.id, name=author.name)
    return store(
        tx,
        article_id=article_id,
        slug=slug,
        manuscript=manuscript,
        bylines=(byline,),
        tags=terms.named(tx, "articles", "tag", manuscript.tags or ()),
        categories=terms.named(tx, "articles", "category", manuscript.categories or ()),
    )


def rewrite(tx: Transaction, *, article: Article, manuscript: Manuscript) -> Article:
    """Make the article what `manuscript` says; what is the same stays. Raises SlugTaken."""
    revised = revise(
        tx,
        article=article,
        manuscript=manuscript,
        tags=article.tags if manuscript.tags is None else terms.named(tx, "articles", "tag", manuscript.tags),
        categories=article.categories
        if manuscript.categories is None
        else terms.named(tx, "articles", "category", manuscript.categories),
    )
    if revised == article:
        return article
    return save(tx, before=article, after=replace(revised, updated_at=tx.now), prose=manuscript.prose)


def delete(tx: Transaction, *, article: Article) -> None:
    """Remove the article with its comments; its slugs are free again."""
    article_words.remove(tx, article.number)
    queries.delete_article(tx, article_id=article.id)


def store(
    tx: Transaction,
    *,
    article_id: str,
    slug: str,
    manuscript: Manuscript,
    bylines: Sequence[Author],
    tags: Sequence[Term],
    categories: Sequence[Term],
    publish_at: Instant | None = None,
    created_at: Instant | None = None,
    updated_at: Instant | None = None,
    **origin: str,
) -> Article:
    """Store a new article whose slug is claimed; `origin`: source, external_id, fingerprint."""
    created_at = created_at or tx.now
    listed_at = publish_at or created_at
    article = Article(
        number=queries.find_free_number(tx, listed_at=listed_at),
        id=article_id,
        type=manuscript.type,
        slug=slug,
        title=manuscript.title,
        status=status_at(publish_at, tx.now),
        excerpt=manuscript.excerpt,
        language=manuscript.language,
        image=_image(None, manuscript.image),
        format=manuscript.prose.format,
        featured=manuscript.featured,
        comment_policy=manuscript.comment_policy,
        comment_count=0,
        publish_at=publish_at,
        listed_at=listed_at,
        created_at=created_at,
        updated_at=updated_at or created_at,
        body=manuscript.prose.source,
        body_html=manuscript.prose.html,
        authors=tuple(bylines),
        tags=tuple(tags),
        categories=tuple(categories),
    )
    queries.insert_article(tx, article, **origin)
    _index(tx, article, manuscript.prose)
    return article


def revise(
    tx: Transaction,
    *,
    article: Article,
    manuscript: Manuscript,
    tags: Sequence[Term],
    categories: Sequence[Term],
) -> Article:
    """What the article would be; a new slug is claimed for it already. Raises SlugTaken."""
    slug = slugs.normal(manuscript.slug or "") or article.slug
    if slug != article.slug:
        addresses.claim(tx, article_id=article.id, slug=slug)
    return replace(
        article,
        type=manuscript.type,
        slug=slug,
        title=manuscript.title,
        excerpt=manuscript.excerpt,
        language=manuscript.language,
        image=_image(article.image, manuscript.image),
        format=manuscript.prose.format,
        featured=manuscript.featured,
        comment_policy=manuscript.comment_policy,
        body=manuscript.prose.source,
        body_html=manuscript.prose.html,
        tags=tuple(tags),
        categories=tuple(categories),
    )


def save(tx: Transaction, *, before: Article, after: Article, prose: Prose, **origin: str) -> Article:
    """Store what has become of an article, for readers and for the search."""
    moved: dict[str, int] = {}
    if after.listed_at != before.listed_at:
        after = replace(after, number=queries.find_free_number(tx, listed_at=after.listed_at))
        article_words.move(tx, before.number, to=after.number)
        moved["number"] = after.number
    queries.update_article(tx, after, **origin, **moved)
    if _found_by(before) != _found_by(after):
        _index(tx, after, prose)
    return after


def _image(now: Image | None, wanted: Picture | None) -> Image | None:
    if wanted is None:
        return None
    image_id = now.id if now is not None and now.url == wanted.url else new_id("img")
    return Image(image_id, wanted.url, wanted.alt)


def _found_by(article: Article) -> tuple[object, ...]:
    return article.title, article.tags, article.categories, article.body_html


def _index(tx: Transaction, article: Article, prose: Prose) -> None:
    names = [term.name for term in (*article.tags, *article.categories)]
    article_words.put(tx, article.number, title=article.title, tags=names, body=prose.words)
