"""The SQL of webhooks."""

from __future__ import annotations

import sqlalchemy as sa

from api.events.tables import events
from api.storage import Keyset, Prepared, Row, Transaction, columns_of, row_of
from api.times import Instant
from api.webhooks.records import DisabledReason, Webhook, WebhookStatus
from api.webhooks.tables import webhook_secrets, webhooks

_WEBHOOK = columns_of(webhooks, Webhook)
_BY_ID = webhooks.c.id == sa.bindparam("webhook")
_INSERT = sa.insert(webhooks)


def insert_webhook(tx: Transaction, webhook: Webhook, *, position: int) -> None:
    """Store a new webhook, which gets the events after that position."""
    row = row_of(webhook, events=" ".join(webhook.events), position=position, failing_since=None)
    tx.run(_INSERT, **row)


_FIND = sa.select(*_WEBHOOK).where(_BY_ID)


def find_webhook(tx: Transaction, *, webhook_id: str, lock: bool = False) -> Webhook | None:
    """The webhook of that id."""
    row = tx.row(_FIND.with_for_update() if lock else _FIND, webhook=webhook_id)
    return _webhook(row) if row else None


_LIST = (
    sa.select(*_WEBHOOK)
    .where(webhooks.c.id < sa.bindparam("before"))
    .order_by(webhooks.c.id.desc())
    .limit(sa.bindparam("most"))
)


_LIST_OF_STATUS = _LIST.where(webhooks.c.status == sa.bindparam("status"))


def list_webhooks(
    tx: Transaction, page: Keyset[str], *, status: WebhookStatus | None = None
) -> list[Webhook]:
    """A page of webhooks, newest first."""
    statement = _LIST if status is None else _LIST_OF_STATUS
    filters = {} if status is None else {"status": status}
    rows = tx.rows(statement, before=page.position, most=page.most, **filters)
    return [_webhook(row) for row in rows]


def _webhook(row: Row) -> Webhook:
    fields = {name: getattr(row, name) for name in Webhook.__struct_fields__}
    return Webhook(**fields | {"events": tuple(row.events.split())})


_UPDATE = (
    sa.update(webhooks)
    .where(_BY_ID)
    .values({name: sa.bindparam(f"new_{name}") for name in ("url", "events", "description")})
)


def update_webhook(tx: Transaction, webhook: Webhook) -> None:
    """Store what its owner has changed."""
    tx.run(
        _UPDATE,
        webhook=webhook.id,
        new_url=webhook.url,
        new_events=" ".join(webhook.events),
        new_description=webhook.description,
    )


_ENABLE = (
    sa.update(webhooks)
    .where(_BY_ID)
    .values(status="active", disabled_reason=None, failing_since=None, position=sa.bindparam("new_position"))
)
_DISABLE = (
    sa.update(webhooks).where(_BY_ID).values(status="disabled", disabled_reason=sa.bindparam("new_reason"))
)


def enable(tx: Transaction, *, webhook_id: str, position: int) -> None:
    """Have the webhook get the events after that position."""
    tx.run(_ENABLE, webhook=webhook_id, new_position=position)


def disable(tx: Transaction, *, webhook_id: str, reason: DisabledReason | None) -> None:
    """Have the webhook get nothing more."""
    tx.run(_DISABLE, webhook=webhook_id, new_reason=reason)


_DELETE = sa.delete(webhooks).where(_BY_ID)


def delete_webhook(tx: Transaction, *, webhook_id: str) -> None:
    """Remove the webhook with its secrets and deliveries."""
    tx.run(_DELETE, webhook=webhook_id)


_FAILING = sa.select(webhooks.c.failing_since).where(_BY_ID)
_SET_FAILING = sa.update(webhooks).where(_BY_ID).values(failing_since=sa.bindparam("since"))


def failing_since(tx: Transaction, *, webhook_id: str) -> Instant | None:
    """The first failure after the latest success."""
    return tx.value(_FAILING, webhook=webhook_id)  # type: ignore[no-any-return]


def set_failing(tx: Transaction, *, webhook_id: str, since: Instant | None) -> None:
    """Store the first failure after the latest success, or that there is none."""
    tx.run(_SET_FAILING, webhook=webhook_id, since=since)


_OF_WEBHOOK = webhook_secrets.c.webhook_id == sa.bindparam("webhook")
_INSERT_SECRET = sa.insert(webhook_secrets)
_END_SECRETS = (
    sa.update(webhook_secrets)
    .where(_OF_WEBHOOK, webhook_secrets.c.ends_at.is_(None))
    .values(ends_at=sa.bindparam("end"))
)
_DELETE_ENDED = sa.delete(webhook_secrets).where(
    _OF_WEBHOOK, webhook_secrets.c.ends_at <= sa.bindparam("now")
)
_SECRETS = (
    sa.select(webhook_secrets.c.secret)
    .where(
        _OF_WEBHOOK,
        sa.or_(webhook_secrets.c.ends_at.is_(None), webhook_secrets.c.ends_at > sa.bindparam("now")),
    )
    .order_by(webhook_secrets.c.id.desc())
)


def replace_secret(tx: Transaction, *, webhook_id: str, secret: str, former_ends_at: Instant) -> None:
    """Store a new secret; the former ones end then, and those that have ended already go."""
    tx.run(_DELETE_ENDED, webhook=webhook_id, now=tx.now)
    tx.run(_END_SECRETS, webhook=webhook_id, end=former_ends_at)
    tx.run(_INSERT_SECRET, id=tx.new_id("whs"), webhook_id=webhook_id, secret=secret, ends_at=None)


def list_secrets(tx: Transaction, *, webhook_id: str) -> tuple[str, ...]:
    """The secrets that sign now, newest first."""
    return tuple(row.secret for row in tx.rows(_SECRETS, webhook=webhook_id, now=tx.now))


_IS_BEHIND = (webhooks.c.status == "active") & (
    webhooks.c.position < sa.select(sa.func.max(events.c.position)).scalar_subquery()
)
_BEHIND = Prepared(sa.select(webhooks.c.id).where(_IS_BEHIND).limit(sa.literal_column("1")))
_NEXT_BEHIND = (
    sa.select(*_WEBHOOK, webhooks.c.position)
    .where(_IS_BEHIND)
    .order_by(webhooks.c.position)
    .limit(sa.literal_column("1"))
    .with_for_update(skip_locked=True)
)


def is_any_behind(tx: Transaction) -> bool:
    """Whether there are events that a webhook has not been asked about."""
    return tx.row(_BEHIND) is not None


def lock_next_behind(tx: Transaction) -> tuple[Webhook, int] | None:
    """The webhook that is furthest behind and its position, unless another worker is busy with it."""
    row = tx.row(_NEXT_BEHIND)
    return (_webhook(row), row.position) if row else None


_ADVANCE = sa.update(webhooks).where(_BY_ID).values(position=sa.bindparam("new_position"))


def advance(tx: Transaction, *, webhook_id: str, position: int) -> None:
    """Store that the events up to that position have their deliveries."""
    tx.run(_ADVANCE, webhook=webhook_id, new_position=position)
