"""The tables of mails; the texts stand apart, since backups leave them out."""

from __future__ import annotations

import sqlalchemy as sa

from api.mail.records import MailState
from api.storage import Integer, Text, metadata, one_of

mails = sa.Table(
    "mails",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("kind", Text, nullable=False),
    sa.Column("to", Text),
    sa.Column("subject", Text),
    sa.Column("language", Text, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("attempts", Integer, nullable=False),
    sa.Column("error", Text),
    sa.Column("at", Text, nullable=False),
    sa.Column("account_id", Text, index=True),  # not a key: a mail may be about nobody's account
    sa.Column("to_staff", Integer, nullable=False),
    sa.Column("facts", Text, nullable=False),  # JSON
    sa.Column("about", Text),  # an order, for instance; of the same facts there is one mail of a kind
    sa.UniqueConstraint("about", "kind", "facts"),
    one_of("state", MailState),
    sa.CheckConstraint("attempts >= 0", name="attempts"),
    sa.CheckConstraint("to_staff IN (0, 1)", name="to_staff"),
    sqlite_strict=True,
)

UNSENT = sa.text("state = 'failed'")
"""Written out in each query as in the index, so that SQLite sees that it fits."""
sa.Index("ix_mails_failed", mails.c.id, sqlite_where=UNSENT, postgresql_where=UNSENT)

mail_texts = sa.Table(
    "mail_texts",
    metadata,
    sa.Column("mail_id", Text, sa.ForeignKey("mails.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("text", Text, nullable=False),
    sqlite_strict=True,
)
