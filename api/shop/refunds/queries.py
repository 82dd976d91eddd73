"""The SQL of refunds."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from api.shop.refunds.records import Refund, RefundLine, RefundState
from api.shop.refunds.tables import refunds
from api.storage import Keyset, Row, Transaction, columns_of, row_of

_INSERT = sa.insert(refunds)


def insert_refund(tx: Transaction, refund: Refund) -> None:
    """Store a new refund."""
    tx.run(_INSERT, **row_of(refund, lines=msgspec.json.encode(refund.lines).decode()))


_THIS = refunds.c.id == sa.bindparam("refund")
_END = (
    sa.update(refunds)
    .where(_THIS, refunds.c.state == "pending")
    .values(
        state=sa.bindparam("new_state"),
        reference=sa.bindparam("new_reference"),
        failure=sa.bindparam("new_failure"),
    )
)


def update_ended(
    tx: Transaction, *, refund_id: str, state: RefundState, reference: str | None, failure: str | None
) -> bool:
    """End a pending refund; False if it has ended before."""
    return tx.run(_END, refund=refund_id, new_state=state, new_reference=reference, new_failure=failure) == 1


_SELECT = sa.select(*columns_of(refunds, Refund))


def find_refund(tx: Transaction, *, ref: str) -> Refund | None:
    """The refund of that id."""
    row = tx.row(_SELECT.where(_THIS), refund=ref)
    return _refund(row) if row else None


_REFERENCE = sa.select(refunds.c.id).where(
    refunds.c.payment_id == sa.bindparam("payment"), refunds.c.reference == sa.bindparam("reference")
)


def has_reference(tx: Transaction, *, payment_id: str, reference: str) -> bool:
    """Whether a refund of the payment has that reference."""
    return tx.row(_REFERENCE, payment=payment_id, reference=reference) is not None


_PAGE = (
    _SELECT.where(refunds.c.order_id == sa.bindparam("order"), refunds.c.id < sa.bindparam("before"))
    .order_by(refunds.c.id.desc())
    .limit(sa.bindparam("most"))
)


def list_refunds(tx: Transaction, page: Keyset[str], *, order_id: str) -> list[Refund]:
    """A page of the order's refunds, newest first."""
    return [_refund(row) for row in tx.rows(_PAGE, order=order_id, before=page.position, most=page.most)]


def _refund(row: Row) -> Refund:
    columns = row._asdict()
    columns["lines"] = msgspec.json.decode(row.lines, type=tuple[RefundLine, ...])
    return Refund(**columns)
