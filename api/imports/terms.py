"""The authors, tags and categories of a run, each looked up once and counted."""

from __future__ import annotations

from api.articles.authors import rules as authors
from api.articles.authors.records import Author
from api.ids import indexable
from api.imports import records
from api.imports.addresses import OldAddresses
from api.imports.origins import queries as origins
from api.imports.origins import rules
from api.imports.origins.records import Key, Looks
from api.imports.records import Category, Export, Tag
from api.imports.report import Report
from api.redirects.records import Target
from api.storage import Transaction
from api.taxonomy import rules as terms
from api.taxonomy.records import Kind, Term


class Filed:
    """The authors and terms here, by those of the source."""

    def __init__(self, tx: Transaction, source: str, report: Report, addresses: OldAddresses) -> None:
        self._tx = tx
        self._source = source
        self._report = report
        self._addresses = addresses
        self._known = terms.ids(tx, "articles")
        self._authors: dict[str, Author] = {}
        self._tags: dict[Tag, Term] = {}
        self._categories: dict[str, Term] = {}

    def author(self, author: records.Author) -> Author:
        """The author, linked to no account, under the current name in the source."""
        if author.external_id not in self._authors:
            self._authors[author.external_id] = self._followed(author)
        return self._authors[author.external_id]

    def tag(self, tag: Tag) -> Term:
        """The tag of that name."""
        if tag not in self._tags:
            term = self._counted("tag", "tags", tag.name, tag.slug, None)
            self._addresses.keep(tag.addresses, Target("tag", term.id), tag.name)
            self._tags[tag] = term
        return self._tags[tag]

    def category(self, category: Category) -> Term:
        """The category, with its ancestors."""
        if category.external_id not in self._categories:
            parent = self.category(category.parent) if category.parent else None
            term = self._counted("category", "categories", category.name, category.slug, parent)
            self._addresses.keep(category.addresses, Target("category", term.id), term.name)
            self._categories[category.external_id] = term
        return self._categories[category.external_id]

    def bring_the_rest(self, export: Export) -> None:
        """Also the authors and terms that no article of this file uses."""
        for author in export.authors:
            self.author(author)
        for category in export.categories:
            self.category(category)
        for tag in export.tags:
            self.tag(tag)

    def _followed(self, author: records.Author) -> Author:
        key, looks = (
            Key("author", self._source, indexable(author.external_id)),
            Looks(author.name, author.slug),
        )
        if author.slug:  # of Ghost, where the owner of every blog is user 1; WordPress has logins
            key, origin = rules.identify(self._tx, key, looks)
        else:
            origin = origins.find(self._tx, key)
        local_id, outcome = rules.follow(
            self._tx,
            key,
            origin,
            fingerprint=rules.fingerprint(author.name, author.slug),
            looks=looks,
            create=lambda: authors.create(self._tx, name=author.name, slug=author.slug).id,
            change=lambda id_: authors.rename(self._tx, authors.find(self._tx, ref=id_), name=author.name),
        )
        self._report.count("authors", outcome)
        return authors.find(self._tx, ref=local_id)

    def _counted(self, kind: Kind, plural: str, name: str, slug: str | None, parent: Term | None) -> Term:
        term = terms.one(self._tx, "articles", kind, name, parent=parent, slug=slug)
        self._report.count(plural, "unchanged" if term.id in self._known else "created")
        self._known.add(term.id)
        return term
