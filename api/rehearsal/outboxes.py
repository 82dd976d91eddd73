"""Outboxes: what a live server would have sent to others, and a sandbox keeps for the tests to read.

A feature that sends adds a line to OUTBOXES, whose name is then a path: `/rehearsal/<name>`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from api.mail import queries as mails
from api.storage import Transaction
from api.webhooks.deliveries import rehearsed as deliveries

MOST = 1_000


class Outbox(Protocol):
    """All that a feature would have sent, stored among the data, so that a reset brings it back as well."""

    def list_sent(self, tx: Transaction) -> Sequence[Any]:
        """The views of everything that would have gone out, the oldest first, with tokens and links."""

    def empty(self, tx: Transaction) -> None:
        """Forget all of it."""


class Mails:
    """The mails, written by the job that would have sent them."""

    def list_sent(self, tx: Transaction) -> Sequence[Any]:
        """Each with its text."""
        return mails.list_kept(tx, most=MOST)

    def empty(self, tx: Transaction) -> None:
        """Forget those that were written; what waits for its hour goes on waiting."""
        mails.delete_kept(tx)


class Webhooks:
    """The messages to webhooks, which the sender of a rehearsal takes without sending them."""

    def list_sent(self, tx: Transaction) -> Sequence[Any]:
        """Each with the signatures by which a receiver would verify it."""
        return deliveries.list_messages(tx, most=MOST)

    def empty(self, tx: Transaction) -> None:
        """Forget those that were taken; what waits for its hour goes on waiting."""
        deliveries.empty(tx)


OUTBOXES: Mapping[str, Outbox] = {"mails": Mails(), "webhooks": Webhooks()}
