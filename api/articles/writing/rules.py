"""Articles written, changed and taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from api.articles.announcements import rules as announcements
from api.articles.authors import rules as authors
from api.articles.authors.records import Author
from api.articles.writing import drafts, queries
from api.articles.writing.drafts import ArticleDraft, RichText
from api.articles.writing.records import Article, status_at
from api.articles.writing.tables import article_slugs, article_words
from api.errors import Conflict, UnknownField
from api.events import rules as events
from api.media import uses as media
from api.roles import ARTICLES_EDIT, Viewer
from api.storage import Transaction
from api.taxonomy import rules as terms
from api.taxonomy.records import Term
from api.text import slugs
from api.text.images import Image, ImageDraft
from api.times import Instant


class ImageAddressRequired(Conflict):
    """The article has no image whose `alt` could be changed, or would have one without an address."""

    code, title = "image-address-required", "Image address required"
    remedy = "Send `image.url` too, or null as `image` to remove it."


def create(tx: Transaction, draft: ArticleDraft, *, actor: Viewer) -> Article:
    """Store an article by `actor`, not yet published. Raises SlugTaken, UnknownAuthor."""
    article_id, slug = tx.new_id("art"), slugs.normal(draft.slug or "")
    if slug:
        article_slugs.claim(tx, owner=article_id, slug=slug, may_take=_may_take(tx, actor))
    else:
        slug = article_slugs.claim_free(
            tx, owner=article_id, slug=slugs.slug_from(draft.title), fallback=draft.type
        )
    if draft.authors is None:
        bylines: Sequence[Author] = [authors.of_account(tx, account_id=actor.id, name=actor.name)]
    else:
        bylines = authors.with_slugs(tx, draft.authors)
    return store(
        tx,
        draft,
        article_id=article_id,
        slug=slug,
        bylines=bylines,
        tags=terms.named(tx, "articles", "tag", draft.tags or ()),
        categories=terms.named(tx, "articles", "category", draft.categories or ()),
        actor=actor,
    )


def changed_text(article: Article, changes: Mapping[str, Any], rendered: RichText | None = None) -> RichText:
    """The text of the article with these changes; `rendered` if it is that of just such an article."""
    source, format = changes.get("body", article.body), changes.get("format", article.format)
    if rendered is not None and (rendered.source, rendered.format) == (source, format):
        return rendered
    if (source, format) == (article.body, article.format):
        return drafts.text_of(article)
    return drafts.typeset(source, format)


def merge(article: Article, changes: Mapping[str, Any], *, text: RichText) -> ArticleDraft:
    """The article with these changes. Raises ImageAddressRequired."""
    image = article.image
    draft = ArticleDraft(
        title=article.title,
        text=text,
        type=article.type,
        excerpt=article.excerpt,
        language=article.language,
        image=image.draft() if image else None,
        featured=article.featured,
        comment_policy=article.comment_policy,
    )
    changes = {name: value for name, value in changes.items() if name not in ("body", "format")}
    for field in changes.keys() & {"authors", "tags", "categories"}:
        changes[field] = tuple(changes[field] or ())
    if changes.get("image") is not None:
        changes["image"] = _merged_image(image, changes["image"])
    return replace(draft, **changes)


def change(tx: Transaction, before: Article, draft: ArticleDraft, *, actor: Viewer | None = None) -> Article:
    """Make the article what `draft` says; what is the same stays. Raises SlugTaken, UnknownAuthor."""
    tags, categories = before.tags, before.categories
    if draft.tags is not None:
        tags = terms.named(tx, "articles", "tag", draft.tags)
    if draft.categories is not None:
        categories = terms.named(tx, "articles", "category", draft.categories, present=before.categories)
    after = revise(tx, before, draft, tags=tags, categories=categories, actor=actor)
    if draft.authors is not None:
        after = replace(after, authors=authors.with_slugs(tx, draft.authors))
    if after == before:
        return before
    return save(tx, before, replace(after, updated_at=tx.now), text=draft.text, actor=actor)


def delete(tx: Transaction, article: Article, *, actor: Viewer | None = None) -> list[str]:
    """Remove the article with its comments, whose ids are returned; its slugs are free again."""
    if article.status == "published":
        queries.note_loss(tx, type=article.type)
    article_words.remove(tx, article.number)
    comment_ids = queries.lock_comments(tx, article_id=article.id)
    queries.delete_article(tx, article_id=article.id)
    media.forget(tx, article.id)
    events.note_deleted(tx, "comment", comment_ids, actor=actor)
    events.note_deleted(tx, "article", [article.id], actor=actor)
    return comment_ids


def store(
    tx: Transaction,
    draft: ArticleDraft,
    *,
    article_id: str,
    slug: str,
    bylines: Sequence[Author],
    tags: Sequence[Term],
    categories: Sequence[Term],
    publish_at: Instant | None = None,
    created_at: Instant | None = None,
    updated_at: Instant | None = None,
    actor: Viewer | None = None,
) -> Article:
    """Store a new article whose slug is claimed."""
    created_at = created_at or tx.now
    listed_at = publish_at or created_at
    article = Article(
        number=queries.find_free_number(tx, listed_at=listed_at),
        id=article_id,
        slug=slug,
        status=status_at(publish_at, tx.now),
        comment_count=0,
        publish_at=publish_at,
        listed_at=listed_at,
        created_at=created_at,
        updated_at=updated_at or created_at,
        authors=tuple(bylines),
        tags=tuple(tags),
        categories=tuple(categories),
        **_written(tx, draft, image=None, actor=actor),
    )
    queries.insert_article(tx, article)
    _note_media(tx, article)
    _index(tx, article, draft.text)
    events.note(tx, "article.created", article, actor=actor)
    return article


def revise(
    tx: Transaction,
    article: Article,
    draft: ArticleDraft,
    *,
    tags: Sequence[Term],
    categories: Sequence[Term],
    actor: Viewer | None = None,
) -> Article:
    """The article as it would be; a new slug is claimed for it already. Raises SlugTaken."""
    slug = slugs.normal(draft.slug or "") or article.slug
    if slug != article.slug:
        article_slugs.claim(tx, owner=article.id, slug=slug, may_take=_may_take(tx, actor))
    written = _written(tx, draft, image=article.image, actor=actor)
    return replace(article, slug=slug, tags=tuple(tags), categories=tuple(categories), **written)


def save(
    tx: Transaction, before: Article, after: Article, *, text: RichText, actor: Viewer | None = None
) -> Article:
    """Store what has become of an article, for readers and for the search."""
    after, moved = replace(after, version=before.version + 1), dict[str, int]()
    if after.listed_at != before.listed_at:
        after = replace(after, number=queries.find_free_number(tx, listed_at=after.listed_at))
        article_words.move(tx, before.number, to=after.number)
        moved["number"] = after.number
    if after.publish_at != before.publish_at:
        announcements.announce_due(tx, before)
        moved["unannounced"] = int(after.status == "scheduled")
    queries.update_article(tx, after, **moved)
    _note_media(tx, after)
    if _searched(before) != _searched(after):
        _index(tx, after, text)
    announcements.note_change(tx, before, after, actor=actor)
    return after


def _may_take(tx: Transaction, actor: Viewer | None) -> Callable[[str], bool]:
    """Whether `actor` may end the redirect to an article: while it is published, only its editors may."""

    def may_take(article_id: str) -> bool:
        other = queries.find_by_id(tx, article_id=article_id)
        if other is None or other.status != "published":
            return True
        return actor is not None and (actor.may(ARTICLES_EDIT) or other.is_by(actor.id))

    return may_take


def _merged_image(image: Image | None, changes: Mapping[str, Any]) -> ImageDraft:
    url, picture = changes.get("url"), changes.get("media")
    if url is not None and picture is not None:
        raise UnknownField.at("/image/url", media.TWO_SOURCES)
    if picture is not None:
        return ImageDraft(None, changes.get("alt"), picture)
    if url is not None:
        return ImageDraft(url, changes.get("alt", image.alt if image else "") or "")
    if image is None:
        raise ImageAddressRequired
    draft = image.draft()
    if ("url" in changes and draft.url) or ("media" in changes and draft.media):
        raise ImageAddressRequired  # its one source is cleared
    return replace(draft, alt=changes["alt"] or "") if "alt" in changes else draft


def _written(
    tx: Transaction, draft: ArticleDraft, *, image: Image | None, actor: Viewer | None
) -> dict[str, Any]:
    """The fields of an article that its draft says; an image that stays keeps its id. Raises UnknownMedia."""
    shown = (image,) if image else ()
    drafts = [("/image", draft.image)] if draft.image else []
    images = media.images_of(tx, drafts, shown=shown, actor=actor)
    return {
        "type": draft.type,
        "title": draft.title,
        "excerpt": draft.excerpt,
        "language": draft.language,
        "image": images[0] if images else None,
        "format": draft.text.format,
        "featured": draft.featured,
        "comment_policy": draft.comment_policy,
        "body": draft.text.source,
        "body_html": draft.text.html,
    }


def _note_media(tx: Transaction, article: Article) -> None:
    media.note(tx, article.id, (article.image,) if article.image else (), article.body_html)


def _searched(article: Article) -> tuple[object, ...]:
    return article.title, article.tags, article.categories, article.body_html


def _index(tx: Transaction, article: Article, text: RichText) -> None:
    names = [term.name for term in (*article.tags, *article.categories)]
    article_words.put(tx, article.number, title=article.title, tags=names, body=text.words)
