"""The building blocks of tables, and the mapping between their columns and the fields of records."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import sqlalchemy as sa
from msgspec import structs

Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text compared by code point, so that both databases sort, page and compare alike."""

Integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64 bits on both databases."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def one_of(column: str, values: Any) -> sa.CheckConstraint:
    """The constraint that `column` has one of `values`, a Literal, so that an enumeration is written once.

    For IN and a list SQLite would build a table of the list at each check.
    """
    listed = " OR ".join(f"{column} = '{value}'" for value in get_args(values))
    return sa.CheckConstraint(listed, name=column)


def columns_of(
    table: sa.FromClause, record: type[msgspec.Struct], **others: sa.ColumnElement[Any]
) -> list[sa.ColumnElement[Any]]:
    """The columns for the fields of `record`, in their order, so that `record(*row)` fits.

    A field has the column of its name, or the one that `others` gives it.
    """
    return [others[field] if field in others else table.c[field] for field in record.__struct_fields__]


def row_of(record: msgspec.Struct, **others: Any) -> dict[str, Any]:
    """The values of a record by column, and `others`."""
    row = structs.asdict(record)
    row.update(others)
    return row
