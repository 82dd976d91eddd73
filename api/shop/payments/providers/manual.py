"""Payment by hand: the buyer transfers or brings the money, and a shopkeeper writes down that it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from api.shop.payments.port import Ask, Begun, Hint, NotSigned, ProviderName, Refused, Seen, Sent


@dataclass(frozen=True)
class Manual:
    """Nobody to call: all that is known stands in the shop's own books."""

    label: str
    name: ClassVar[ProviderName] = "manual"
    is_test: ClassVar[bool] = False

    def open(self, ask: Ask) -> Seen:
        """Wait for the money."""
        return Seen("open", ends_at=ask.ends_at)

    def look(self, begun: Begun) -> Seen:  # noqa: ARG002
        """Nothing new, ever."""
        return Seen("open")

    def cancel(self, begun: Begun) -> Seen:  # noqa: ARG002
        """Wait no longer."""
        return Seen("cancelled")

    def capture(self, begun: Begun, *, amount: int) -> Seen:  # noqa: ARG002
        """Refused, since nothing is reserved by hand."""
        raise Refused("not-authorised")

    def refund(self, begun: Begun, *, refund: str, amount: int) -> Sent:  # noqa: ARG002
        """Whoever enters it hands the money over."""
        return Sent(refund, "succeeded")

    def hint(self, headers: Mapping[str, str], body: bytes) -> Hint | None:  # noqa: ARG002
        """Refused, since nobody can sign."""
        raise NotSigned

    def payment_of(self, about: str) -> str | None:  # noqa: ARG002
        """None: nobody has other names for our payments."""
        return None
