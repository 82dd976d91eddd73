"""The slugs of one kind of thing: each leads to one thing, which keeps those that it had before."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from api.storage.statements import Prepared
from api.storage.tables import Text, metadata
from api.storage.transaction import Transaction
from api.text import slugs
from api.text.slugs import SlugTaken


class SlugBook:
    """The table `name` of slugs, with the id of the thing that each leads to in the column `key`."""

    def __init__(self, name: str, things: sa.Table, *, key: str, noun: str) -> None:
        # A slug is claimed before its thing is stored: whoever comes second waits, and takes another.
        owner = sa.ForeignKey(f"{things.name}.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED")
        self.table = sa.Table(
            name,
            metadata,
            sa.Column("slug", Text, primary_key=True),
            sa.Column(key, Text, owner, nullable=False, index=True),
            sqlite_strict=True,
        )
        self.slug, self.owner = self.table.c.slug, self.table.c[key]
        self._noun = noun
        is_slug = self.slug == sa.bindparam("wanted")
        self._find = (
            sa.select(self.owner, things.c.slug).join_from(self.table, things, isouter=True).where(is_slug)
        )
        # Both databases know this form; a second claim waits here until the first transaction has ended.
        self._insert = Prepared(
            sa.text(f"INSERT INTO {name} (slug, {key}) VALUES (:wanted, :thing) ON CONFLICT DO NOTHING")  # noqa: S608
        )
        self._take = (
            sa.update(self.table)
            .where(is_slug, self.owner == sa.bindparam("before"))
            .values({key: sa.bindparam("thing")})
        )
        self._free = sa.delete(self.table).where(self.owner == sa.bindparam("thing"))

    def claim(
        self, tx: Transaction, *, owner: str, slug: str, may_take: Callable[[str], bool] = lambda _: True
    ) -> None:
        """Make a slug that somebody asked for lead to `owner`; SlugTaken when another has it.

        One that another thing had and no longer has may be taken over, if `may_take` agrees for that thing.
        """
        if self._add(tx, owner, slug):
            return
        row = tx.row(self._find, wanted=slug)
        before, present = row or ("", slug)
        if before == owner:
            return
        if (
            present == slug
            or not may_take(before)
            or not tx.run(self._take, wanted=slug, before=before, thing=owner)
        ):
            raise SlugTaken.at("/slug", f"Another {self._noun} has the slug {slug}.")

    def claim_free(self, tx: Transaction, *, owner: str, slug: str, fallback: str) -> str:
        """Make `slug`, or the first with a number that leads and led nowhere else, lead to `owner`."""
        free = slug or fallback
        while not self._add(tx, owner, free):
            free = slugs.unique(slug, fallback, lambda taken: tx.row(self._find, wanted=taken) is not None)
        return free

    def add_old(self, tx: Transaction, *, owner: str, slug: str) -> None:
        """Let a slug from elsewhere lead to `owner` too, if it is free."""
        if old := slugs.normal(slug):
            self._add(tx, owner, old)

    def free(self, tx: Transaction, *, owner: str) -> None:
        """Let no slug lead to `owner` any more."""
        tx.run(self._free, thing=owner)

    def _add(self, tx: Transaction, owner: str, slug: str) -> bool:
        return tx.run(self._insert, wanted=slug, thing=owner) == 1
