"""The audit: who did what to whose account, stored by the transaction that does it."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from msgspec import structs

from api import times
from api.audit import queries
from api.audit.records import AuditEvent, AuditKind, Origin
from api.storage import Transaction

# Made before the workers are, which share it, and never stored: no list of addresses leads back to an e-mail.
_KEY = secrets.token_bytes(32)


def note(
    tx: Transaction, kind: AuditKind, origin: Origin, *, subject: str | None = None, **facts: str | None
) -> None:
    """Store what `origin` did to the subject; no facts that are secret or say who somebody is."""
    stored = {name: value for name, value in facts.items() if value is not None}
    queries.insert_audit_event(
        tx,
        AuditEvent(
            id=tx.new_id("aud"), at=tx.now, kind=kind, subject=subject, facts=stored, **structs.asdict(origin)
        ),
    )


def unknown(email_key: str) -> str:
    """The subject of a failed login with an e-mail that no account has."""
    return "unknown:" + hmac.digest(_KEY, email_key.encode(), hashlib.sha256).hex()[:32]


def sweep(tx: Transaction, *, most: int, days: int) -> int:
    """Delete at most so many of the audit events that are older than so many days, and return how many."""
    # The database refuses by its own clock, which a rehearsal does not set.
    before = times.later(min(tx.now, times.now()), days=-days)
    return queries.delete_old(tx, before=before, most=most)
