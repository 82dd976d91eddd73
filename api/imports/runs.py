"""The run of an import: one file in one transaction, from the reader to the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from itertools import chain, groupby
from math import inf
from operator import attrgetter
from pathlib import Path
from tempfile import gettempdir
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from api.articles.writing.drafts import RichText
from api.audit import rules as audit
from api.audit.records import SHELL
from api.errors import DomainError, Unavailable
from api.ids import indexable
from api.imports import formats
from api.imports.addresses import OldAddresses
from api.imports.articles import Articles, comment_html, text_of
from api.imports.errors import ImportRefused
from api.imports.items import Items, description_html, fitting_skus
from api.imports.records import Article, Comment, Export, Format, Item
from api.imports.report import Report
from api.imports.sources import Cleaned, Readable, cleaned, opened
from api.imports.spool import Spool
from api.imports.terms import Filed
from api.shop import money
from api.storage import CONTRADICTIONS, Database, Transaction

NAMES: dict[Format, str] = {
    "wxr": "WordPress export",
    "woocommerce-csv": "WooCommerce products",
    "ghost-json": "Ghost export",
    "ghost-members-csv": "Ghost members",
}

CONTRADICTED = (
    "One of its rows does not go together with what is stored here, and Kiosque has not noticed it in time. "
    "Please report this, if you can with the part of the file that it happens with."
)

Row = TypeVar("Row")


class Progress(Protocol):
    """A display of progress, around the rows of a loop."""

    def __call__(self, doing: str, rows: Iterable[Row], count: int) -> Iterable[Row]: ...


def note_at_shell(tx: Transaction, report: Report) -> None:
    """Store in the audit that a command has imported a file."""
    audit.note(tx, "import", SHELL, command="kiosque import", format=report.name)


def run(
    db: Database,
    path: Path,
    *,
    currency: str,
    dry_run: bool,
    progress: Progress,
    lenient: bool = False,
    with_people: bool = False,
    at_end: Callable[[Transaction, Report], None] = note_at_shell,
) -> Report:
    """Import everything in the file, or raise ImportRefused and import nothing.

    `lenient`: characters that no file may contain are dropped. `with_people`: those with an account there get
    one here. `at_end` is called once everything is stored, in the same transaction.
    """
    try:
        with cleaned(path) if lenient else nullcontext(path) as source:
            return _bring_in(
                db,
                source,
                currency,
                dry_run=dry_run,
                progress=progress,
                with_people=with_people,
                at_end=at_end,
            )
    except Unavailable:
        raise
    except DomainError as error:
        reasons = "; ".join(field.detail for field in error.errors) or error.detail
        raise ImportRefused(str(path), reasons) from error
    except CONTRADICTIONS as error:
        raise ImportRefused(str(path), CONTRADICTED) from error
    except OSError as error:  # not the database's, which are of its own kind
        sentence = f"Rows cannot be buffered in {gettempdir()}: {error.strerror}."
        raise ImportRefused(str(path), sentence) from error


def _bring_in(
    db: Database,
    source: Readable,
    currency: str,
    *,
    dry_run: bool,
    progress: Progress,
    with_people: bool,
    at_end: Callable[[Transaction, Report], None],
) -> Report:
    export = formats.read(source, currency_exponent=money.exponent(currency))
    if export.format == "ghost-members-csv" and not with_people:
        with opened(source) as (_, name):
            raise ImportRefused(
                name, "This file is a list of Ghost members: --people makes accounts of them."
            )
    ready = _Ready(export, progress)

    def write() -> Report:
        report = _reported(export)
        if isinstance(source, Cleaned) and source.dropped:
            reason = "characters that no file may contain were dropped"
            report.note("file", reason, f"{source.dropped} of them")
        with db.rehearse() if dry_run else db.write() as tx:
            addresses = OldAddresses(tx, report)
            filed = Filed(tx, _source(export), report, addresses)
            articles = Articles(tx, _source(export), filed, report, addresses)
            items = Items(tx, currency, report, addresses, fitting_skus(export.items))
            for row in export.withheld:
                (articles if row.kind == "article" else items).withdraw(row)
            for article, text in progress("articles", ready.articles, len(ready.articles)):
                articles.bring(article, text)
            articles.close()
            for comment, html in progress("comments", ready.comments, len(ready.comments)):
                articles.bring_comment(comment, html)
            for item, description in progress("items", ready.items, len(ready.items)):
                items.bring(item, description)
            if with_people:
                _bring_people(tx, export, report)
            if export.articles or not export.items:
                filed.bring_the_rest(export)
            addresses.store()
            at_end(tx, report)
        return report

    return db.attempt(write, patience=inf)  # however long it took: whoever was in the way is through


def _bring_people(tx: Transaction, export: Export, report: Report) -> None:
    from api.imports import people  # loads mails and passwords, which other imports do without

    for person in export.people:
        people.bring(tx, person, report)


def _reported(export: Export) -> Report:
    """A report with the notes of the reader."""
    report = Report(NAMES[export.format])
    for skipped in export.skipped:
        report.skip(skipped.kind, skipped.reason, skipped.label)
    for warned in export.warnings:
        report.note(warned.kind, warned.reason, warned.label)
    return report


def _source(export: Export) -> str:
    """The site, without its scheme: ids are unique within a site, which may move to https."""
    site = urlsplit(export.site or "")
    return indexable(f"{export.source} {site.netloc}{site.path}".strip("/ ").lower())


class _Ready:
    """The rows with their texts rendered before the transaction, since other writers wait for its end."""

    def __init__(self, export: Export, progress: Progress) -> None:
        rows = progress("texts", export.articles, len(export.articles))
        threads = groupby(export.comments, attrgetter("article_external_id"))
        comments = chain.from_iterable(_parents_first(thread) for _, thread in threads)
        self.articles = Spool(tuple[Article, RichText], ((row, text_of(row)) for row in rows))
        self.comments = Spool(tuple[Comment, str], ((row, comment_html(row)) for row in comments))
        self.items = Spool(tuple[Item, str | None], ((row, description_html(row)) for row in export.items))


def _parents_first(comments: Iterable[Comment]) -> list[Comment]:
    """In an order in which each follows the comment that it replies to."""
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
