"""The events of the stand-in, signed as Stripe signs them: they are held until a test hands them out."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

Send = Callable[[Mapping[str, str], bytes], Any]


@dataclass
class Events:
    """Whatever happens at the account, in order."""

    secret: str
    is_live: bool
    held: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def add(self, kind: str, thing: Mapping[str, Any]) -> None:
        """Hold back an event about the thing as it is now."""
        event = {
            "id": f"evt_{next(self._numbers):06d}",
            "object": "event",
            "api_version": None,
            "created": int(time.time()),
            "type": kind,
            "livemode": self.is_live,
            "pending_webhooks": 1,
            "data": {"object": thing},
        }
        self.held.append(json.dumps(event).encode())

    def signed(self, body: bytes, *, secret: str | None = None, age: float = 0) -> dict[str, str]:
        """The headers of a webhook that was sent so many seconds ago."""
        at = int(time.time() - age)
        digest = hmac.new((secret or self.secret).encode(), f"{at}.".encode() + body, hashlib.sha256)
        return {"stripe-signature": f"t={at},v1={digest.hexdigest()}"}

    def hand_out(
        self,
        send: Callable[[Mapping[str, str], bytes], Any],
        *,
        times: int = 1,
        shuffle: random.Random | None = None,
    ) -> None:
        """Send all that was held back, each so often, in the order of things or in none."""
        bodies, self.held = self.held * times, []
        if shuffle is not None:
            shuffle.shuffle(bodies)
        for body in bodies:
            send(self.signed(body), body)
