"""The table of the tokens in mails."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.mail_tokens.records import Purpose
from api.storage import Text, metadata, one_of

mail_tokens = sa.Table(
    "mail_tokens",
    metadata,
    sa.Column("mail_id", Text, primary_key=True),
    sa.Column("token_hash", sa.LargeBinary, unique=True),
    sa.Column("purpose", Text, nullable=False),
    sa.Column(
        "account_id", Text, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("email", Text, nullable=False),
    sa.Column("email_key", Text, nullable=False, index=True),
    sa.Column("fingerprint", sa.LargeBinary),
    sa.Column("expires_at", Text, nullable=False, index=True),
    sa.Column("used_at", Text),
    one_of("purpose", Purpose),
    sqlite_strict=True,
)
