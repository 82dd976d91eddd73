"""The SQL of fulfilments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from api.shop.fulfilments.records import Fulfilment, FulfilmentLine
from api.shop.fulfilments.tables import fulfilment_lines, fulfilments
from api.shop.orders.tables import order_lines
from api.storage import Keyset, Prepared, Row, Transaction, row_of

_INSERT = Prepared(sa.insert(fulfilments), *fulfilments.c.keys())
_INSERT_LINES = sa.insert(fulfilment_lines)


def insert_fulfilment(
    tx: Transaction, fulfilment: Fulfilment, *, order_id: str, units: Mapping[int, int], actor_id: str | None
) -> None:
    """Store a new fulfilment; `units` by position of the order's line; no actor: the server's own."""
    tx.run(_INSERT, **row_of(fulfilment, order_id=order_id, by_account=actor_id))
    tx.run_many(
        _INSERT_LINES,
        [
            {"fulfilment_id": fulfilment.id, "order_id": order_id, "position": position, "quantity": sent}
            for position, sent in units.items()
        ],
    )


_LIST = (
    sa.select(fulfilments.c.id, fulfilments.c.carrier, fulfilments.c.tracking, fulfilments.c.created_at)
    .where(fulfilments.c.order_id == sa.bindparam("order"), fulfilments.c.id < sa.bindparam("before"))
    .order_by(fulfilments.c.id.desc())
    .limit(sa.bindparam("most"))
)
_LINES = (
    sa.select(fulfilment_lines.c.fulfilment_id, order_lines.c.sku, fulfilment_lines.c.quantity)
    .join_from(fulfilment_lines, order_lines)
    .where(fulfilment_lines.c.fulfilment_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(fulfilment_lines.c.position)
)


_ONE = sa.select(
    fulfilments.c.id, fulfilments.c.carrier, fulfilments.c.tracking, fulfilments.c.created_at
).where(fulfilments.c.id == sa.bindparam("ref"), fulfilments.c.order_id == sa.bindparam("order"))


def find_fulfilment(tx: Transaction, *, ref: str, order_id: str) -> Fulfilment | None:
    """The fulfilment of that id, if it is of that order."""
    row = tx.row(_ONE, ref=ref, order=order_id)
    return _whole(tx, [row])[0] if row else None


_UPDATE = (
    sa.update(fulfilments)
    .where(fulfilments.c.id == sa.bindparam("ref"))
    .values(carrier=sa.bindparam("new_carrier"), tracking=sa.bindparam("new_tracking"))
)


def update_fulfilment(tx: Transaction, fulfilment: Fulfilment) -> None:
    """Store its carrier and tracking."""
    new = {"new_carrier": fulfilment.carrier, "new_tracking": fulfilment.tracking}
    tx.run(_UPDATE, ref=fulfilment.id, **new)


def list_fulfilments(tx: Transaction, page: Keyset[str], *, order_id: str) -> list[Fulfilment]:
    """A page of the order's fulfilments, newest first."""
    rows = tx.rows(_LIST, order=order_id, before=page.position, most=page.most)
    return _whole(tx, rows) if rows else []


def _whole(tx: Transaction, rows: Sequence[Row]) -> list[Fulfilment]:
    lines: dict[str, list[FulfilmentLine]] = {row.id: [] for row in rows}
    for fulfilment_id, sku, quantity in tx.rows(_LINES, ids=list(lines)):
        lines[fulfilment_id].append(FulfilmentLine(sku, quantity))
    return [Fulfilment(**row._asdict(), lines=tuple(lines[row.id])) for row in rows]
