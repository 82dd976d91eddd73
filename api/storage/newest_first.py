"""The newest rows in several states: one index holds them state by state, newest last, and each is read as
far as one page needs, however many rows are in others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import product
from typing import Any

import sqlalchemy as sa


def is_among_newest(
    table: sa.Table, *, states: Mapping[str, Sequence[str]], given: Collection[str]
) -> sa.ColumnElement[bool]:
    """Whether a row is one of the `most` newest below the id `before` of any state that is looked for.

    `states` are the columns of the index before the id, with every value; of those `given` the value is a
    parameter of the column's name.
    """
    values = [[sa.bindparam(name)] if name in given else every for name, every in states.items()]
    newest = [_newest(table.alias(), dict(zip(states, state, strict=True))) for state in product(*values)]
    return table.c.id.in_(sa.union_all(*newest))


def _newest(rows: sa.FromClause, state: Mapping[str, Any]) -> sa.Select[Any]:
    found = (
        sa.select(rows.c.id)
        .where(rows.c.id < sa.bindparam("before"), *(rows.c[name] == value for name, value in state.items()))
        .order_by(rows.c.id.desc())
        .limit(sa.bindparam("most"))
    )
    return sa.select(found.subquery().c.id)
