"""The tables of webhooks."""

from __future__ import annotations

import sqlalchemy as sa

from api.storage import Integer, Text, metadata, one_of
from api.webhooks.records import DeliveryState, DisabledReason, WebhookStatus

webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("url", Text, nullable=False),
    sa.Column("events", Text, nullable=False),
    sa.Column("description", Text),
    sa.Column("status", Text, nullable=False),
    sa.Column("disabled_reason", Text),
    sa.Column("created_at", Text, nullable=False),
    sa.Column("position", Integer, nullable=False),  # in the log: the events up to it have deliveries
    sa.Column("failing_since", Text),  # the first failure after the latest success
    one_of("status", WebhookStatus),
    one_of("disabled_reason", DisabledReason),
    sqlite_strict=True,
)

webhook_secrets = sa.Table(
    "webhook_secrets",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column(
        "webhook_id", Text, sa.ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("secret", Text, nullable=False),  # as it is: a signature cannot be made from a hash
    sa.Column("ends_at", Text),
    sqlite_strict=True,
)

webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("webhook_id", Text, sa.ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    sa.Column("event_id", Text, sa.ForeignKey("events.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("state", Text, nullable=False),
    sa.Column("tries", Integer, nullable=False),  # since it was last begun
    sa.Column("attempts", Text, nullable=False),  # JSON
    sa.Column("job_id", Text),  # the one that may make the next attempt; not a key, since it is gone then
    one_of("state", DeliveryState),
    sa.CheckConstraint("tries >= 0", name="tries"),
    sa.UniqueConstraint("webhook_id", "event_id"),
    sqlite_strict=True,
)
sa.Index("ix_webhook_deliveries_webhook_id_id", webhook_deliveries.c.webhook_id, webhook_deliveries.c.id)
