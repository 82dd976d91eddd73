"""Idempotency-Key: an answer is stored in one transaction with what it did, and replayed for the same key."""

from api.web.idempotency.replay import key_of, replayable

__all__ = ["key_of", "replayable"]
