"""The tables of the test provider: its own books, apart from those of the shop."""

from __future__ import annotations

import sqlalchemy as sa

from api.shop.payments.port import PaymentState
from api.shop.payments.providers.test.records import Ending, Outcome
from api.storage import Integer, Text, metadata, one_of

test_payments = sa.Table(
    "test_payments",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("label", Text, nullable=False),
    sa.Column("amount", Integer, nullable=False),
    sa.Column("currency", Text, nullable=False),
    sa.Column("return_url", Text, nullable=False),
    sa.Column("takes_at_once", Integer, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("captured", Integer, nullable=False),
    sa.Column("failure", Text),
    sa.Column("outcome", Text),
    sa.Column("settles_as", Text),
    sa.Column("settles_at", Text),
    sa.Column("ends_at", Text, nullable=False),
    one_of("state", PaymentState),
    one_of("outcome", Outcome),
    one_of("settles_as", Ending),
    sa.CheckConstraint("captured BETWEEN 0 AND amount", name="captured"),
    sqlite_strict=True,
)

test_refunds = sa.Table(
    "test_refunds",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("payment_id", Text, sa.ForeignKey("test_payments.id"), nullable=False, index=True),
    sa.Column("amount", Integer, nullable=False),
    sa.CheckConstraint("amount > 0", name="amount"),
    sqlite_strict=True,
)
