"""Passwords at rest: argon2id, one hash at a time in each process, since each takes 19 MiB and 27 ms."""

from __future__ import annotations

import base64
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import argon2
from argon2 import exceptions

from api.storage import Busy

LONGEST_WAIT = 2.0
"""Seconds that a request queues for its turn to hash before it is refused as Busy."""

_SALT_BYTES, _HASH_BYTES = 16, 32


class Hasher:
    """Makes and checks hashes; `memory` is in KiB. Never call it inside a transaction that writes."""

    def __init__(self, *, rounds: int = 2, memory: int = 19_456) -> None:
        self._argon = argon2.PasswordHasher(
            time_cost=rounds, memory_cost=memory, parallelism=1, hash_len=_HASH_BYTES, salt_len=_SALT_BYTES
        )
        self._turn = threading.RLock()
        # No password is known to fit it, yet it costs as much to check as any other.
        self._decoy = (
            f"$argon2id$v=19$m={memory},t={rounds},p=1${_random(_SALT_BYTES)}${_random(_HASH_BYTES)}"
        )

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Be the one that hashes, or Busy after two seconds; a holder may hash as often as it needs."""
        if not self._turn.acquire(timeout=LONGEST_WAIT):
            raise Busy
        try:
            yield
        finally:
            self._turn.release()

    def hash(self, password: str) -> str:
        """The hash of `password`, every character of it, however its accents are composed (RFC 8265 §4.2)."""
        with self.turn():
            return self._argon.hash(_composed(password))

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether `password` made that hash; takes as long when there is no hash to compare."""
        with self.turn():
            try:
                return self._argon.verify(password_hash or self._decoy, _composed(password))
            except exceptions.VerificationError:
                return False
            except exceptions.InvalidHashError:  # an account that has no password
                return self.verify(None, password)

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with less work than hashes take now."""
        made_with = argon2.extract_parameters(password_hash)
        return made_with.time_cost < self._argon.time_cost or made_with.memory_cost < self._argon.memory_cost


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _random(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
