"""What the tests of deliveries make happen, and what they look at."""

from __future__ import annotations

import json

from api.events import rules as events
from api.storage import Keyset
from api.webhooks import rules
from api.webhooks.deliveries import queries
from tests.factories import make_account

INSIDE = frozenset({"127.0.0.1"})
BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nlate"
ALL = Keyset("dlv_~", 1_000)


def happen(db, kind="account.created", count=1):
    """An account to which that happens, so many times."""
    with db.write() as tx:
        account = make_account(tx)
        for _ in range(count):
            events.note(tx, kind, account, actor="stranger")
    return account


def deliveries(db, webhook, state=None):
    with db.read() as tx:
        return queries.list_deliveries(tx, ALL, webhook_id=webhook.id, state=state)


def find(db, webhook):
    with db.read() as tx:
        return rules.find(tx, ref=webhook.id)


def bodies(receiver):
    return [json.loads(body) for _, _, body in receiver.taken]
