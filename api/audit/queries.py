"""The SQL of audit events."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from api.audit.records import AuditEvent, AuditKind
from api.audit.tables import audit_events
from api.storage import Keyset, Prepared, Transaction, columns_of, row_of
from api.times import Instant

_INSERT = Prepared(sa.insert(audit_events), *audit_events.c.keys())


def insert_audit_event(tx: Transaction, happened: AuditEvent) -> None:
    """Store what happened."""
    facts = msgspec.json.encode(happened.facts).decode()
    tx.run_many(_INSERT, [dict(row_of(happened)) | {"facts": facts}])


_LIST = (
    sa.select(*columns_of(audit_events, AuditEvent))
    .where(audit_events.c.id < sa.bindparam("before"))
    .order_by(audit_events.c.id.desc())
    .limit(sa.bindparam("most"))
)
_FILTERS = {
    "account": (audit_events.c.account_id == sa.bindparam("sought_account"))
    | (audit_events.c.subject == sa.bindparam("sought_account")),
    "kind": audit_events.c.kind == sa.bindparam("sought_kind"),
}


def list_audit_events(
    tx: Transaction, page: Keyset[str], *, account: str | None = None, kind: AuditKind | None = None
) -> list[AuditEvent]:
    """A page of audit events, newest first: by or about the account, of that kind."""
    sought = {name: value for name, value in (("account", account), ("kind", kind)) if value}
    statement = _LIST.where(*(_FILTERS[name] for name in sought))
    values = {f"sought_{name}": value for name, value in sought.items()}
    rows = tx.rows(statement, before=page.position, most=page.most, **values)
    return [AuditEvent(**{**row._mapping, "facts": msgspec.json.decode(row.facts)}) for row in rows]


_OLD = (
    sa.select(audit_events.c.id)
    .where(audit_events.c.at < sa.bindparam("before"))
    .order_by(audit_events.c.at)
    .limit(sa.bindparam("most"))
    .cte("old")
)
_DELETE_OLD = sa.delete(audit_events).where(audit_events.c.id.in_(sa.select(_OLD.c.id)))


def delete_old(tx: Transaction, *, before: Instant, most: int) -> int:
    """Delete at most so many audit events from before then."""
    return tx.run(_DELETE_OLD, before=before, most=most)
