"""The newest rows in any of several states: the index is sorted by state, so each state is read as far as
one page needs, and a list costs the same however many rows it leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import product
from typing import Any

import sqlalchemy as sa


def is_among_newest(
    table: sa.Table,
    *,
    states: Mapping[str, Sequence[str]],
    parameters: Collection[str],
    only: Callable[[sa.FromClause], sa.ColumnElement[bool]] | None = None,
    besides: Sequence[sa.Select[Any]] = (),
) -> sa.ColumnElement[bool]:
    """Whether a row is among the `most` newest before the id `before`, in each of the states.

    `states` are the columns of the index before the id, with every value; for those in `parameters` the value
    is a parameter with the column's name. `only` is a condition on them, `besides` select ids of other rows.
    """
    values = [[sa.bindparam(name)] if name in parameters else every for name, every in states.items()]
    newest = [
        _newest(table.alias(), dict(zip(states, state, strict=True)), only) for state in product(*values)
    ]
    return table.c.id.in_(sa.union_all(*newest, *besides))


def _newest(
    rows: sa.FromClause,
    state: Mapping[str, Any],
    only: Callable[[sa.FromClause], sa.ColumnElement[bool]] | None,
) -> sa.Select[Any]:
    ids = (
        sa.select(rows.c.id)
        .where(rows.c.id < sa.bindparam("before"), *(rows.c[name] == value for name, value in state.items()))
        .where(only(rows) if only else sa.true())
        .order_by(rows.c.id.desc())
        .limit(sa.bindparam("most"))
    )
    return sa.select(ids.subquery().c.id)
