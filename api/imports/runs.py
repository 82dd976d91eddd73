"""Records to rules: one file in one transaction, and everything in it counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, groupby
from math import inf
from operator import attrgetter
from pathlib import Path
from tempfile import gettempdir
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from api.articles.authors.records import Author
from api.articles.writing import importing
from api.articles.writing.drafts import RichText
from api.ids import indexable
from api.imports import formats, records
from api.imports.errors import ImportRefused
from api.imports.filing import Files
from api.imports.manuscripts import comment_html, draft_of, text_of
from api.imports.merchandise import item_draft
from api.imports.records import Article, Comment, Export, Format, Item, Rows, Withheld
from api.imports.spool import Spool
from api.shop import money
from api.shop.items import importing as imported
from api.shop.items.records import ItemDraft
from api.storage import Database, Transaction
from api.text import slugs
from api.times import Instant, instant

NAMES: dict[Format, str] = {
    "wxr": "WordPress export",
    "woocommerce-csv": "WooCommerce products",
    "ghost-json": "Ghost export",
}

WITHDRAWN = "not public there, so it is withdrawn here"

Row = TypeVar("Row")


class Progress(Protocol):
    """Shows how far a loop is; gives back what it is given."""

    def __call__(self, doing: str, rows: Iterable[Row], count: int) -> Iterable[Row]: ...


@dataclass(slots=True)
class Report:
    """What became of a file: (kind, outcome) → how many, and (kind, reason) → what it was called."""

    name: str
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    skipped: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    noted: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))


def run(db: Database, path: Path, *, currency: str, dry_run: bool, progress: Progress) -> Report:
    """Bring in everything in the file, or raise ImportRefused and bring in nothing."""
    try:
        return _bring_in(db, path, currency, dry_run=dry_run, progress=progress)
    except OSError as error:  # not the database's, which are of its own kind
        sentence = f"It cannot be read by way of {gettempdir()}, where its rows wait: {error.strerror}."
        raise ImportRefused(str(path), None, None, sentence) from error


def _bring_in(db: Database, path: Path, currency: str, *, dry_run: bool, progress: Progress) -> Report:
    export = formats.read(path, currency_exponent=money.exponent(currency))
    articles, comments, items = _prepared(export, currency, progress)

    def write() -> Report:
        report = _reported(export)
        with db.rehearse() if dry_run else db.write() as tx:
            run = _Run(tx, export, report)
            for withheld in export.withheld:
                run.withdraw(withheld)
            for article, text in progress("articles", articles, len(articles)):
                run.put_article(article, text)
            for comment, html in progress("comments", comments, len(comments)):
                run.put_comment(comment, html)
            for item, draft in progress("items", items, len(items)):
                run.put_item(item, draft, currency)
            run.put_the_rest()
        return report

    return db.attempt(write, patience=inf)  # however long it took: whoever was in the way is through


def _reported(export: Export) -> Report:
    """What reading alone has left out or changed."""
    report = Report(NAMES[export.format])
    for skipped in export.skipped:
        report.skipped[skipped.kind, skipped.reason].append(skipped.label)
    for warned in export.warnings:
        report.noted[warned.kind, warned.reason].append(warned.label)
    return report


def _prepared(
    export: Export, currency: str, progress: Progress
) -> tuple[Rows[tuple[Article, RichText]], Rows[tuple[Comment, str]], Rows[tuple[Item, ItemDraft]]]:
    """Every text rendered: that takes its time, and writers should not wait for it."""
    rows = progress("texts", export.articles, len(export.articles))
    threads = groupby(export.comments, attrgetter("article_external_id"))
    comments = chain.from_iterable(_parents_first(thread) for _, thread in threads)
    return (
        Spool(tuple[Article, RichText], ((article, text_of(article)) for article in rows)),
        Spool(tuple[Comment, str], ((comment, comment_html(comment)) for comment in comments)),
        Spool(tuple[Item, ItemDraft], ((item, item_draft(item, currency)) for item in export.items)),
    )


class _Run:
    """One import, and what it has met so far."""

    def __init__(self, tx: Transaction, export: Export, report: Report) -> None:
        self._tx = tx
        self._export = export
        # Two sites number their posts alike; one site keeps its numbers when it moves to https.
        site = urlsplit(export.site or "")
        self._source = indexable(f"{export.source} {site.netloc}{site.path}".strip("/ ").lower())
        self._done = report.done
        self._skipped = report.skipped
        self._noted = report.noted
        self._files = Files(tx, report.done)
        self._bylines: dict[str, Author] = {}
        self._articles: dict[str, tuple[str, str]] = {}

    def withdraw(self, row: Withheld) -> None:
        """Take back what an earlier run made of a row that is not to come in."""
        if row.kind == "article":
            key = self._key_of(row)
            withdrawn = importing.withdraw_article(self._tx, source=self._source, external_id=key)
        else:
            key = indexable(row.external_id)
            withdrawn = imported.withdraw(self._tx, source="woocommerce", external_id=key)
        if withdrawn:
            self._noted[row.kind, WITHDRAWN].append(row.title)

    def put_article(self, article: Article, text: RichText) -> None:
        key = self._key_of(article)
        put = importing.put_article(
            self._tx,
            source=self._source,
            external_id=key,
            draft=draft_of(article, text),
            bylines=[self._byline(author) for author in article.authors],
            tags=[self._files.tag(tag.name, tag.slug) for tag in article.tags],
            categories=[self._files.category(category) for category in article.categories],
            old_slugs=article.old_slugs,
            publish_at=_publish_at(article, self._tx.now),
            created_at=instant(article.created_at) if article.created_at else None,
            updated_at=instant(article.updated_at) if article.updated_at else None,
            hidden_because=article.hidden_because,
        )
        self._articles[article.external_id] = key, put.id
        if article.hidden_because is not None:
            self._noted["draft", article.hidden_because].append(article.title)
        if put.withdrawn:
            self._noted[article.type, WITHDRAWN].append(article.title)
        self._done["pages" if article.type == "page" else "articles", put.outcome] += 1

    def put_comment(self, comment: Comment, html: str) -> None:
        key, article_id = self._articles[comment.article_external_id]
        parent = comment.parent_external_id
        put = importing.put_comment(
            self._tx,
            source=self._source,
            external_id=indexable(f"{key}/{comment.external_id}"),
            article_id=article_id,
            parent_external_id=indexable(f"{key}/{parent}") if parent else None,
            author_name=comment.author_name,
            body=comment.body,
            body_html=html,
            status=comment.status,
            created_at=instant(comment.created_at) if comment.created_at else None,
        )
        self._done["comments", put.outcome] += 1

    def put_item(self, item: Item, draft: ItemDraft, currency: str) -> None:
        put = imported.put_imported(
            self._tx,
            source=item.source,
            external_id=indexable(item.external_id),
            draft=draft,
            currency=currency,
            old_slugs=item.old_slugs,
            created_at=instant(item.created_at) if item.created_at else None,
        )
        if put.reason is None:
            self._done["items", put.did] += 1
        else:
            self._skipped["item", put.reason].append(item.name)
        if put.withdrawn:
            self._noted["item", WITHDRAWN].append(item.name)

    def put_the_rest(self) -> None:
        """Authors and terms that nothing of this file uses; its own menus and lists may."""
        if not self._export.articles:
            return
        for author in self._export.authors:
            self._byline(author)
        for category in self._export.categories:
            self._files.category(category)
        for tag in self._export.tags:
            self._files.tag(tag.name, tag.slug)

    def _byline(self, told: records.Author) -> Author:
        if told.external_id not in self._bylines:
            outcome, self._bylines[told.external_id] = importing.put_author(
                self._tx,
                source=self._source,
                external_id=indexable(told.external_id),
                name=told.name,
                slug=told.slug,
            )
            self._done["authors", outcome] += 1
        return self._bylines[told.external_id]

    def _key_of(self, article: Article | Withheld) -> str:
        """The source's id, unless that names something else here: another title, address and time."""
        key = indexable(article.external_id)
        known = importing.find_article(self._tx, source=self._source, external_id=key)
        created_at = instant(article.created_at) if article.created_at else None
        if (
            known is None
            or known.title == article.title
            or known.created_at == created_at
            or known.slug == slugs.normal(article.slug or "")
        ):
            return key
        return indexable(f"{key} of {created_at or article.title}")


def _publish_at(article: Article, now: Instant) -> Instant | None:
    if article.status == "draft":
        return None
    moment = article.publish_at or article.created_at
    return instant(moment) if moment else now


def _parents_first(comments: Iterable[Comment]) -> list[Comment]:
    """In the order that lets each find what it answers, the earlier first."""
    waiting = {comment.external_id: comment for comment in comments}
    ordered: dict[str, Comment] = {}
    for comment in waiting.values():
        line = [comment]
        while (
            parent := waiting.get(line[-1].parent_external_id or "")
        ) and parent.external_id not in ordered:
            line.append(parent)
        ordered.update((above.external_id, above) for above in reversed(line))
    return list(ordered.values())
