"""Idempotency-Key: an answer is stored in one transaction with what it did, and replayed for the same key."""

from api.web.idempotency.replay import forget, is_replay, key_of, replayable, sweep

__all__ = ["forget", "is_replay", "key_of", "replayable", "sweep"]
