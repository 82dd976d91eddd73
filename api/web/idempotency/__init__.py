"""Idempotency-Key: an answer is stored in one transaction with what it did, and replayed for the same key."""

from api.web.idempotency.replay import is_replay, key_of, replayable

__all__ = ["is_replay", "key_of", "replayable"]
