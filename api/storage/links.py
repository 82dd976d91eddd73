"""Links from things of one kind to others: a table with an order, and copies of columns for its index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from api.storage.statements import Prepared
from api.storage.transaction import Transaction


class Links:
    """The links of a table from its column `owner` to its column `other`.

    Its further columns, except the position, are copies of the owner's, so that an index can contain them.
    """

    def __init__(self, owner: sa.Column[str], other: sa.Column[str]) -> None:
        self.table, self.owner, self.other = owner.table, owner, other
        of_owner = owner == sa.bindparam("thing")
        self._insert = Prepared(sa.insert(self.table), *self.table.columns.keys())
        self._update = sa.update(self.table).where(of_owner)
        self._delete = sa.delete(self.table).where(of_owner)

    def insert(self, tx: Transaction, owner: str, others: Iterable[str], **copies: Any) -> None:
        """Link a thing without links to `others`, in their order."""
        tx.run_many(
            self._insert,
            [
                {self.owner.name: owner, self.other.name: other, "position": position, **copies}
                for position, other in enumerate(others)
            ],
        )

    def replace(self, tx: Transaction, owner: str, others: Iterable[str], **copies: Any) -> None:
        """Link a thing to `others`, in their order, and to nothing else."""
        tx.run(self._delete, thing=owner)
        self.insert(tx, owner, others, **copies)

    def update(self, tx: Transaction, owner: str, **copies: Any) -> None:
        """Change the copied columns in the links of a thing."""
        tx.run(self._update, thing=owner, **copies)

    def lead_to(self, other: sa.ScalarSelect[Any]) -> sa.ColumnElement[bool]:
        """Whether a thing, in a statement that selects things, is linked to `other`."""
        link = self.table.alias()
        (things,) = (key.column for key in self.owner.foreign_keys)
        return (
            sa.exists()
            .where(link.c[self.owner.name] == things, link.c[self.other.name] == other)
            .correlate(things.table)
        )
