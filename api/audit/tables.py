"""The table of audit events, which the database itself guards."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import event

from api.audit.records import AuditKind
from api.storage import Text, metadata, one_of

audit_events = sa.Table(
    "audit_events",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("at", Text, nullable=False, index=True),
    sa.Column("kind", Text, nullable=False),
    # No foreign keys: the events outlive what they are about.
    sa.Column("account_id", Text),
    sa.Column("subject", Text),
    sa.Column("session_id", Text),
    sa.Column("key_id", Text),
    sa.Column("network", Text),
    sa.Column("request_id", Text),
    sa.Column("facts", Text, nullable=False),  # JSON
    sa.Index("ix_audit_events_account_id_id", "account_id", "id"),
    sa.Index("ix_audit_events_subject_id", "subject", "id"),
    one_of("kind", AuditKind),
    sqlite_strict=True,
)

GUARDS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events"
        " BEGIN SELECT RAISE(ABORT, 'audit events never change'); END",
        "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events"
        " WHEN OLD.at > date('now', '-28 days')"
        " BEGIN SELECT RAISE(ABORT, 'audit events of the last 28 days are never deleted'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'audit events never change, and the latest are never deleted'; END $$",
        "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events"
        " FOR EACH ROW EXECUTE FUNCTION audit_events_refuse()",
        "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events FOR EACH ROW"
        " WHEN (OLD.at > to_char(now() AT TIME ZONE 'UTC' - interval '28 days', 'YYYY-MM-DD'))"
        " EXECUTE FUNCTION audit_events_refuse()",
        "CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events"
        " EXECUTE FUNCTION audit_events_refuse()",
    ),
}
"""The triggers that let nothing but age end a row, by dialect; a migration creates the same.

They do not know KIOSQUE_AUDIT_DAYS, so they guard what is younger than any value of it allows to delete.
"""

for _dialect, _statements in GUARDS.items():
    for _statement in _statements:
        event.listen(
            audit_events,
            "after_create",
            sa.DDL(_statement).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
        )
